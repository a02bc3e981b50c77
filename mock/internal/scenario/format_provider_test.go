package scenario

import "testing"

// TestProvider holds that what a provider test needs is read; findings are in
// testdata/broken.
func TestProvider(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{
		`{}`, `{skip: needs a real card}`, `{exact: true}`,
		`{setup: [{path: "/orders?dry=1", headers: {X-Key: k, X-N: [1, 2]}}, {operation: createOrder, body: {sku: A}}], teardown: []}`,
	} {
		set, found := tryLoad(t, "operations: {getOrder: {respond: {status: 404}, provider: "+provider+"}}")
		if found != nil || len(set.Warnings) > 0 {
			t.Errorf("%s: %v", provider, found)
		}
	}
}
