package admin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is what the mocks of these tests serve.
const shop = `
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      summary: One order
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}, example: {id: 1}}}}
        "404": {description: no}
        "500": {description: broken}
  /orders:
    get:
      operationId: getOrders
      responses: {"200": {description: ok, content: {application/json: {example: []}}}, "404": {description: none}, "500": {description: broken}}
`

// shopScenarios are the scenario files of the mocks.
var shopScenarios = map[string]string{
	"outage":     "description: Nothing works.\ntags: [errors]\noperations: {getOrders: 500, getOrder: 500}\n",
	"orders/404": "operations: {getOrder: 404}\n",
	"always":     "default: true\noperations:\n  getOrder: {when: {path: {id: 7}}, respond: {status: 404}}\n",
	"steps":      "operations:\n  getOrders: {name: three, respond: [{status: 500}, {status: 404}, {status: 200}]}\n",
	"life":       "state:\n  order: {key: '${path.id}', values: [open, shipped]}\n  shop: {values: [closed, busy]}\noperations:\n  getOrder:\n    - {when: {state: {order: open}}, respond: {status: 404}, set: {order: shipped}}\n    - {when: {state: {order: shipped}}, respond: {status: 200}}\n  getOrders: {when: {state: {shop: busy}}, respond: {status: 500}}\n",
}

// plane is a mock with its control plane. Every request and answer is held against
// openapi.yaml.
type plane struct {
	t       *testing.T
	mock    *mock.Mock
	folder  string
	api     *contract.Contract
	headers []string // sent with every request
}

func newPlane(t *testing.T, opts mock.Options) *plane {
	t.Helper()
	p := &plane{t: t, folder: t.TempDir()}
	p.write("shop.yaml", shop)
	for name, text := range shopScenarios {
		p.write("scenarios/"+name+".yaml", text)
	}
	opts.Specs = []mock.Spec{{Location: filepath.Join(p.folder, "shop.yaml")}}
	opts.Scenarios = []string{filepath.Join(p.folder, "scenarios")}
	var err error
	if p.mock, err = mock.New(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.mock.Stop(t.Context()) })
	if p.api, err = contract.Load(t.Context(), "openapi.yaml", contract.Options{StrictQuery: true}); err != nil {
		t.Fatal(err)
	}
	return p
}

// stop ends the mock before its test ends.
func (p *plane) stop() {
	p.t.Helper()
	if err := p.mock.Stop(p.t.Context()); err != nil {
		p.t.Error(err)
	}
}

func (p *plane) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// answer is what a test looks at.
type answer struct {
	Status int
	Header http.Header
	Body   string
	// Problem is the name of the problem, "" for none.
	Problem string
}

// into decodes the body.
func (a *answer) into(t *testing.T, value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), value); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
}

// do sends "METHOD /path" below /__admin, with headers "Name: value", and holds request
// and answer against the description.
func (p *plane) do(request, body string, headers ...string) *answer {
	p.t.Helper()
	r := p.request(request, body, headers)
	if op := p.operation(r); op == nil {
		p.t.Errorf("the description has no %s", request)
	} else if found := p.broken(r, body); len(found) > 0 {
		p.t.Errorf("%s %s breaks the description: %v", request, body, found)
	}
	return p.send(r)
}

// wrong sends what the description does not admit; the answer must conform to it all
// the same.
func (p *plane) wrong(request, body string, headers ...string) *answer {
	p.t.Helper()
	r := p.request(request, body, headers)
	if p.operation(r) != nil && len(p.broken(r, body)) == 0 {
		p.t.Errorf("the description admits %s %s", request, body)
	}
	return p.send(r)
}

func (p *plane) request(request, body string, headers []string) *http.Request {
	method, path, _ := strings.Cut(request, " ")
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(p.t.Context(), method, "http://localhost/__admin"+path, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range append(p.headers, headers...) {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	return r
}

func (p *plane) operation(r *http.Request) *contract.Operation {
	m := p.api.Route(strings.Replace(r.Method, "HEAD", "GET", 1), r.URL.EscapedPath(), false)
	return m.Op
}

func (p *plane) broken(r *http.Request, body string) []exchange.Violation {
	m := p.api.Route(strings.Replace(r.Method, "HEAD", "GET", 1), r.URL.EscapedPath(), false)
	ex := &exchange.Exchange{Request: exchange.Request{
		Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header,
		Body: []byte(body), HasBody: body != "",
	}}
	m.Op.Validate(ex, &m)
	return ex.Violations
}

func (p *plane) send(r *http.Request) *answer {
	p.t.Helper()
	w := httptest.NewRecorder()
	p.mock.ServeHTTP(w, r)
	a := &answer{w.Code, w.Header(), w.Body.String(), w.Header().Get("Understudy-Error")}
	if op := p.operation(r); op != nil && r.Method != http.MethodHead {
		if found := op.ValidateResponse(a.Status, a.Header, w.Body.Bytes()); len(found) > 0 {
			p.t.Errorf("%s %s: the answer breaks the description: %v\n%s", r.Method, r.URL, found, a.Body)
		}
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Access-Control-Allow-Origin": ""} {
		if got := a.Header.Get(name); got != want {
			p.t.Errorf("%s %s: %s is %q, want %q", r.Method, r.URL, name, got, want)
		}
	}
	return a
}

// status asks the mock itself, not its control plane.
func (p *plane) status(method, target string, headers ...string) int {
	r := httptest.NewRequest(method, target, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	p.mock.ServeHTTP(w, r)
	return w.Code
}

// want compares the status and the problem of an answer.
func (a *answer) want(t *testing.T, status int, problem string) {
	t.Helper()
	if a.Status != status || a.Problem != problem {
		t.Errorf("%d %s, want %d %s\n%s", a.Status, a.Problem, status, problem, a.Body)
	}
}
