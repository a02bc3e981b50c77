package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// loadText loads one text without a file system, as far as the text names no files.
func loadText(apis []*contract.Contract, root *folder, name string, text []byte) (*Set, error) {
	l := newLoader(apis)
	l.files = []*file{{name: "fuzz", path: name, folder: root, src: &source.File{Name: name, Data: text}}}
	return l.finish()
}

// FuzzLoad holds that no text makes the loader panic, that every finding has a
// code and a message, and that what was loaded can be matched and rendered.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/broken/*.yaml", "../../../scenarios/*.yaml", "../../../scenarios/*/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text, false)
		}
	}
	for _, text := range []string{
		"operations: {watch: {respond: {body: [a, {data: {b: 1}, id: 5, retry: 9, comment: c, delay: {uniform: [1s, 2s]}}, {event: x, data: \"${now}\"}]}}}",
		"operations: {getOrder: {respond: [{fault: EMPTY_RESPONSE, times: 2}, {merge: {id: 5}, dribble: {chunks: 2, over: 1s}, delay: {lognormal: {median: 1s, sigma: 0.5}}}]}}",
		"operations: {subscribe: {respond: {callbacks: {onData: {after: 1s, body: {id: 1, sku: \"${body.callbackUrl}\"}}}, webhooks: {orderShipped: {url: \"${body.callbackUrl}\", generate: true}}}}}",
	} {
		f.Add([]byte(text), false)
	}
	f.Add([]byte(`{"operations": {"getOrder": {"respond": [{"status": 404, "body": {"code": "${path.id}"}}]}}}`), true)
	apis := []*contract.Contract{theShop(f)}
	root, err := openFolder("testdata/broken")
	if err != nil {
		f.Fatal(err)
	}
	requests := []string{"GET /orders/7", "GET /orders?page=2&q=a", "POST /orders\n\n{\"sku\":\"A\",\"amount\":2}", "DELETE /orders/1", "POST /echo\nContent-Type: text/plain\n\na", "GET /events", "POST /streams?end=a\n\n{\"callbackUrl\":\"http://a/\"}"}
	f.Fuzz(func(t *testing.T, text []byte, isJSON bool) {
		name := "fuzz.yaml"
		if isJSON {
			name = "fuzz.json"
		}
		set, err := loadText(apis, root, name, text)
		var found source.Diagnostics
		switch {
		case errors.As(err, &found):
			_ = found.Error()
			for _, d := range found {
				if d.Code == "" || d.Message == "" {
					t.Errorf("a finding without a text: %+v", d)
				}
			}
			return
		case err != nil:
			t.Fatal(err)
		case len(set.Scenarios) == 0:
			return // left out with a warning
		}
		for _, line := range requests {
			ex := request(t, line)
			route := theShop(t).Route(ex.Request.Method, ex.Request.Path, false)
			for _, st := range set.Scenarios[0].Stubs(route.Op) {
				st.Cells(ex)
				st.Judge(ex, memory{}).Failed(ex)
				if out, err := st.Render(ex, memory{}, ex.Time, 0); err == nil && out.Status < 200 && out.Fault == "" {
					t.Errorf("%s answers %d", st.Name, out.Status)
				}
			}
		}
	})
}

// FuzzExpr holds that no expression panics or runs for long, whatever it does
// with a request.
func FuzzExpr(f *testing.F) {
	for _, code := range []string{
		"path.id", "body.sku + 'a'", "map(body.items, .quantity)", "reduce(1..10, #acc + #, 0)", "toJSON(request)", "string(now)",
		"filter(body.items, .sku == 'a') | count(true)", "let x = 5; x * x", "violations[0]?.rule ?? 'none'", "headers['x-a'] matches '^a+$'",
		"uuid() != uuid()", "sort([3, 1, 2])", "groupBy(body.items, .sku)", "fromJSON('{\"a\": [1]}').a[0]", "date('2026-01-01').Add(duration('1h'))",
		"replace('aaa', '', repeat('b', 9))", "state.a", "join(['a'], 'b')", "sha256(base64('a'))", "uniq([1, 1])", "flatten([[1], 2])", "1 / 0", "[1][5]", "5 % 0", "int('x')",
		"reduce(1..60, [#acc, #acc], 0)", "1..1000000000", "get(query, 'x')", "body?.customer?.name", "-body.amount ** 2", "not true", "nil", "{a: 1}.b", "timezone('UTC')",
	} {
		f.Add(code)
	}
	apis := []*contract.Contract{theShop(f)}
	l := newLoader(apis)
	src := &source.File{Name: "fuzz.yaml"}
	ex := request(f, "POST /orders?x=1\nX-A: a\n\n"+`{"sku":"A","amount":2,"price":1.5,"items":[{"sku":"a","quantity":1},{"sku":"b"}],"customer":{"name":"Ada"}}`)
	f.Fuzz(func(t *testing.T, code string) {
		var found findings
		c := l.compiler(&file{name: "fuzz", src: src}, apis[0].Operation("createOrder"), &found)
		c.machines = []*machine{{scenario: "fuzz", name: "a", values: []string{"x"}}}
		n := source.New(nil, source.String, "", code)
		e := c.expression(&n, code, false)
		if e == nil {
			if found.faults == 0 {
				t.Error("refused without a finding")
			}
			return
		}
		st := &Stub{}
		v, err := e.run(&evaluation{ex: ex, values: memory{}, now: ex.Time, states: c.stateRefs(e, st)})
		if err == nil {
			_, _ = appendJSON(nil, v)
			_, _ = appendText(nil, v)
		}
	})
}
