package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

const mixedAPI = `openapi: 3.1.0
info: {title: Mixed, version: "1"}
paths:
  /items/{id}:
    put:
      operationId: putItem
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: x-one, in: header, schema: {type: string, maxLength: 12}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {n: {type: integer}, text: {type: string}}}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object}}}}
        "400": {description: bad}
        "404": {description: no}
`

const echoScenario = `
default: true
operations:
  putItem:
    - {when: {path: {id: {startsWith: "echo"}}}, respond: {status: 200, headers: {X-Echo: "${headers[\"x-one\"]}"}, body: {id: "${path.id}", n: "${body.n}"}}}
`

// TestRequestsDoNotMix sends requests of all kinds at the same time, whose memory is used
// for one after the other, and holds that each answer and each record is its own, also
// when all are over.
func TestRequestsDoNotMix(t *testing.T) {
	t.Parallel()
	description := filepath.Join(t.TempDir(), "mixed.yaml")
	if err := os.WriteFile(description, []byte(mixedAPI), 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMock(t, mock.Options{Specs: []mock.Spec{{Location: description}}}, map[string]string{"echo": echoScenario})
	const clients, each = 6, 60
	type call struct {
		path, one, body string
		want            int
		got             *httptest.ResponseRecorder
	}
	calls := make([][]call, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for n := range each {
				c := call{path: fmt.Sprintf("/items/echo-%d-%d?q=%d", i, n, n), one: fmt.Sprintf("o%d-%d", i, n), body: fmt.Sprintf(`{"n":%d,"text":%q}`, n, strings.Repeat("x", n)), want: 200}
				switch n % 5 {
				case 1:
					c.want, c.one = 400, c.one+" is too long" // breaks the contract
				case 2:
					c.path, c.want = c.path+"&__code=404", 404
				case 3:
					c.path, c.want = "/nothing/"+c.one, 404
				case 4:
					c.body, c.want = fmt.Sprintf(`{"n":"%d-%d"}`, i, n), 400
				}
				r := httptest.NewRequest(http.MethodPut, c.path, strings.NewReader(c.body))
				r.Header = http.Header{"Content-Type": {"application/json"}, "X-One": {c.one}}
				c.got = httptest.NewRecorder()
				m.ServeHTTP(c.got, r)
				calls[i] = append(calls[i], c)
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for i := range calls {
		for n, c := range calls[i] {
			id := c.got.Header().Get("Understudy-Request-Id")
			if c.got.Code != c.want || seen[id] {
				t.Fatalf("%s: %d, want %d; request %s", c.path, c.got.Code, c.want, id)
			}
			seen[id] = true
			if want := fmt.Sprintf(`{"id":"echo-%d-%d","n":%d}`, i, n, n); c.want == 200 && (strings.TrimSpace(c.got.Body.String()) != want || c.got.Header().Get("X-Echo") != c.one) {
				t.Errorf("%s: %s, %q", c.path, c.got.Body, c.got.Header())
			}
			record, err := m.Record(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			path, _, _ := strings.Cut(c.path, "?")
			if record.Request.Path != path || record.Request.Body.Text != c.body || record.Request.Header.Get("X-One") != c.one || record.Response.Status != c.want {
				t.Errorf("%s: %+v", c.path, record.Request)
			}
			if diff := cmp.Diff(c.got.Header().Get("Understudy-Violations") == "", len(record.Violations) == 0); diff != "" {
				t.Errorf("%s: %s", c.path, diff)
			}
			for _, p := range record.Parameters {
				if p.Name == "x-one" && p.Value != c.one {
					t.Errorf("%s: %v", c.path, p)
				}
			}
			if got := record.Response.Header.Get("Understudy-Request-Id"); got != id {
				t.Errorf("%s: the record of %s has %s", c.path, id, got)
			}
		}
	}
}
