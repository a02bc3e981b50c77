package upstream_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/testdata/provider"
)

// calls are one to each operation of the provider, and some that it refuses.
var calls = []struct{ operation, method, path, mediaType, body string }{
	{"health", "GET", "/health", "", ""},
	{"createToken", "POST", "/tokens", "application/x-www-form-urlencoded", "user=ann&password=sesame"},
	{"createToken", "POST", "/tokens", "application/x-www-form-urlencoded", "user=ann&password=x"},
	{"listOrders", "GET", "/orders?status=new&limit=5", "", ""},
	{"listOrders", "GET", "/orders?limit=0", "", ""},
	{"createOrder", "POST", "/orders", "application/json", `{"items":[{"sku":"A-1","quantity":2}],"note":"${x}"}`},
	{"createOrder", "POST", "/orders", "application/json", `{"items":[]}`},
	{"getOrder", "GET", "/orders/" + provider.SeedID, "", ""},
	{"getOrder", "GET", "/orders/00000000-0000-4000-8000-000000009999", "", ""},
	{"changeOrder", "PATCH", "/orders/" + provider.SeedID, "application/merge-patch+json", `{"status":"paid","note":null}`},
	{"orderEvents", "GET", "/orders/" + provider.SeedID + "/events", "", ""},
	{"deleteOrder", "DELETE", "/orders/" + provider.SeedID, "", ""},
}

// TestProvider holds that the service of our tests keeps to its contract, and that each
// of its faults is one: that it breaks the contract, the connection or the key.
func TestProvider(t *testing.T) {
	t.Parallel()
	c, err := contract.Load(t.Context(), "../../../testdata/provider/openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := provider.New()
	p.Slow = 20 * time.Millisecond
	api := httptest.NewServer(p)
	defer api.Close()
	plain := &http.Transport{DisableCompression: true} // what is compressed shall be seen so
	defer plain.CloseIdleConnections()
	faulty := map[provider.Fault]bool{}
	for _, fault := range append([]provider.Fault{""}, provider.Faults...) {
		p.Reset()
		for _, call := range calls {
			op := c.Operation(call.operation)
			if op == nil {
				t.Fatalf("the contract has no %s", call.operation)
			}
			if err := p.Switch(call.operation, fault); err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequestWithContext(t.Context(), call.method, api.URL+provider.Base+call.path, strings.NewReader(call.body))
			if err != nil {
				t.Fatal(err)
			}
			if fault != provider.IgnoreKey {
				req.Header.Set("X-Api-Key", provider.Key)
			}
			if call.mediaType != "" {
				req.Header.Set("Content-Type", call.mediaType)
			}
			began := time.Now()
			res, err := plain.RoundTrip(req)
			var body []byte
			if err == nil {
				body, err = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			if err != nil {
				faulty[fault] = true
				continue
			}
			found := op.ValidateResponse(res.StatusCode, res.Header, body)
			switch {
			case len(found) > 0, fault == provider.Slow && time.Since(began) >= p.Slow, fault == provider.IgnoreKey && res.StatusCode != 401,
				fault == provider.ServerError && res.StatusCode == 500, fault == provider.Forgets && res.StatusCode == 404:
				faulty[fault] = true
			}
			if fault == "" && len(found) > 0 {
				t.Errorf("%s %s, status %d: %v", call.method, call.path, res.StatusCode, found)
			}
			if fault == provider.NoChecks && call.body == `{"items":[]}` && res.StatusCode == 201 {
				faulty[fault] = true
			}
		}
	}
	for _, fault := range provider.Faults {
		if !faulty[fault] {
			t.Errorf("the fault %s shows in no answer", fault)
		}
	}
	if faulty[""] {
		t.Error("an answer without a fault has one")
	}
	if err := p.Switch("getOrder", "lost"); err == nil {
		t.Error("an unknown fault is taken")
	}
}
