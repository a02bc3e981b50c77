package scenario

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// shop is the description that most tests use. It is loaded once.
var shop = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(context.Background(), "testdata/api.yaml", contract.Options{})
})

func theShop(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := shop()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tryLoad loads a scenario named "test" with this text.
func tryLoad(t testing.TB, text string) (*Set, source.Diagnostics) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "test.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{})
	var found source.Diagnostics
	if err != nil && !errors.As(err, &found) {
		t.Fatal(err)
	}
	if set != nil {
		schemaAdmits(t, "test.yaml", []byte(text))
	}
	return set, found
}

// load is tryLoad for texts that are right.
func load(t testing.TB, text string) *Scenario {
	t.Helper()
	set, found := tryLoad(t, text)
	if found != nil {
		t.Fatal(found)
	}
	return set.Scenario("test")
}

// onlyStub gives the first stub for an operation.
func onlyStub(t testing.TB, sc *Scenario, operation string) *Stub {
	t.Helper()
	stubs := sc.Stubs(theShop(t).Operation(operation))
	if len(stubs) == 0 {
		t.Fatalf("no stub for %s", operation)
	}
	return stubs[0]
}

// request is the exchange for a request line such as "GET /orders?page=2", with
// headers in lines, and the body behind an empty line.
func request(t testing.TB, text string) *exchange.Exchange {
	t.Helper()
	head, body, hasBody := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	path, query, _ := strings.Cut(target, "?")
	ex := &exchange.Exchange{ID: "r1", Session: "s1", Time: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
	ex.Request = exchange.Request{Method: method, Host: "shop.example", Path: path, RawQuery: query, Header: http.Header{}, Body: []byte(body), HasBody: hasBody}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		ex.Request.Header.Add(name, value)
	}
	if hasBody && ex.Request.Header.Get("Content-Type") == "" {
		ex.Request.Header.Set("Content-Type", "application/json")
	}
	m := theShop(t).Route(method, path, false)
	if m.Op == nil {
		t.Fatalf("no operation for %s", lines[0])
	}
	ex.Operation, ex.API = m.Op.Name(), m.Op.Contract().Name
	m.Op.Validate(ex, &m)
	return ex
}

// memory is a store of cells for tests.
type memory map[Cell]Effect

func (m memory) Count(c Cell) int    { return m[c].Count }
func (m memory) State(c Cell) string { return m[c].State }

func (m memory) commit(effects []Effect) {
	for _, e := range effects {
		m[e.Cell] = e
	}
}

// answerTo gives the first stub's answer to a request and commits its effects;
// nil where none answers.
func answerTo(t testing.TB, sc *Scenario, m memory, text string) *Outcome {
	t.Helper()
	ex := request(t, text)
	route := theShop(t).Route(ex.Request.Method, ex.Request.Path, false)
	for _, st := range sc.Stubs(route.Op) {
		if !matches(st, ex, m) {
			continue
		}
		out, err := st.Render(ex, m, ex.Time, 0)
		if err != nil {
			t.Fatalf("%s: %v", st.Name, err)
		}
		m.commit(out.Effects)
		return out
	}
	return nil
}

func TestSet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("b.yml", "operations: {deleteOrder: 409}")
	write("deep/er/a.json", `{"description": "Gone", "default": true, "tags": ["x", "y"], "operations": {"getOrder": 404}}`)
	write("deep/body.json", `{"code": "A"}`)
	write("deep/c.yaml", "operations:\n  getOrder:\n    - respond: {status: 404, file: body.json}\n    - {priority: -1, when: {valid: false}, respond: {status: 404}}\n")
	write("notes.txt", "nothing")
	write(".hidden.yaml", "nothing")
	write(".git/x.yaml", "nothing")
	set, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b", "deep/c", "deep/er/a"}, set.Names()); diff != "" {
		t.Error(diff)
	}
	a := set.Scenario("deep/er/a")
	if a.Description != "Gone" || !a.Default || !cmp.Equal(a.Tags, []string{"x", "y"}) || a.Len() != 1 {
		t.Errorf("%+v", a)
	}
	if set.Scenario("deep/body") != nil || set.Scenario("nothing") != nil {
		t.Error("a scenario that there is not")
	}
	if set.Scenario("deep/c").Len() != 2 || len(set.Files) != 4 {
		t.Errorf("%d stubs, files %v", set.Scenario("deep/c").Len(), set.Files)
	}
}

func TestNoFolders(t *testing.T) {
	t.Parallel()
	set, err := Load(nil, nil, Options{})
	if err != nil || len(set.Scenarios) != 0 || len(set.Names()) != 0 || set.Scenario("a") != nil {
		t.Error(set, err)
	}
}

func TestOrderOfStubs(t *testing.T) {
	t.Parallel()
	sc := load(t, `
operations:
  "*":
    - {name: all-high, priority: 100, when: {headers: {Accept: a}}, respond: {status: 404}}
  getOrder:
    - {name: one, when: {path: {id: 1}}, respond: {status: 404}}
    - {name: high, priority: 5, when: {path: {id: 2}}, respond: {status: 404}}
    - {when: {path: {id: 3}}, respond: {status: 404}}
  GET /orders/{id}:
    - {name: late, priority: -5, when: {path: {id: 4}}, respond: {status: 404}}
`)
	var names []string
	for _, st := range sc.Stubs(theShop(t).Operation("getOrder")) {
		names = append(names, st.Name)
	}
	if diff := cmp.Diff([]string{"high", "one", "test/getOrder#3", "late", "all-high"}, names); diff != "" {
		t.Error(diff)
	}
	if got := sc.Stubs(theShop(t).Operation("deleteOrder")); len(got) != 1 || got[0].Name != "all-high" {
		t.Error("the stub for * is not the operation's", got)
	}
	if got := sc.Stubs(theShop(t).Operation("GET /ping")); got != nil {
		t.Error("GET /ping describes no 404", got)
	}
}

// TestFingerprint holds that the layout of a stub does not count and its text does.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	print := func(stub string) string {
		return onlyStub(t, load(t, "operations:\n  getOrder:\n    - "+stub), "getOrder").Fingerprint
	}
	same := print("{when: {path: {id: 1}}, respond: {status: 404}}")
	if got := print("when:\n        path: {\"id\": 1}\n      respond:\n        status: 404\n"); got != same {
		t.Error("the layout counts")
	}
	if got := print("{when: {path: {id: 2}}, respond: {status: 404}}"); got == same || len(got) != 16 {
		t.Error("the text does not count", got)
	}
}
