package param_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestRaw: the text as sent without percent-encoding; several values as pairs.
func TestRaw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ object, text, want string }{
		"one value":        {queryText, "q=a%20b+c", "a b c"},
		"bad encoding":     {queryText, "q=%zz", "%zz"},
		"delimited":        {queryList, "q=a%2Cb,c", "a,b,c"},
		"repeated":         {queryExploded, "q=a%20&q=b", "q=a &q=b"},
		"repeated, bad":    {queryExploded, "q=%zz&q=b", "q=%zz&q=b"},
		"one of exploded":  {queryExploded, "q=a", "a"},
		"path":             {pathText, "a%2Fb", "a/b"},
		"label":            {"{name: q, in: path, style: label, schema: {type: integer}}", ".%31", ".1"},
		"matrix":           {"{name: q, in: path, style: matrix, explode: true, schema: {type: array}}", ";q=a;q=b%20", ";q=a;q=b "},
		"cookies":          {"{name: q, in: cookie, schema: {type: array}}", "q=a; q=b", "q=a; q=b"},
		"exploded members": {"{name: q, in: query, schema: {type: object, properties: {a: {}, b: {}}}}", "b=2%2B&x=1&a=1", "b=2+&a=1"},
		"deepObject":       {"{name: q, in: query, style: deepObject, schema: {type: object}}", "q%5Ba%5D=1&x=2&q[b][c]=%20", "q[a]=1&q[b][c]= "},
		"content":          {"{name: q, in: query, content: {application/json: {}}}", "q=%7B%7D", "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decoder(t, c.object)
			var out exchange.Parameter
			d.Decode(inputOf(d.In, d.Name, c.text), &out)
			if out.Raw != c.want {
				t.Errorf("raw %q, want %q", out.Raw, c.want)
			}
		})
	}
}

// TestConcurrent: one decoder serves many requests, and borrowed memory never
// shows in a value.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	all, _ := decoders(t, operation)
	list := decoder(t, "{name: limit, in: query, explode: false, schema: {type: array, items: {type: [integer, string]}}}")
	all = append(all, list)
	in := benchmarkInput()
	want := make([]exchange.Parameter, len(all))
	for i, d := range all {
		d.Decode(in, &want[i])
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				var got exchange.Parameter
				for i, d := range all {
					d.Decode(in, &got)
					if diff := cmp.Diff(want[i], got); diff != "" {
						t.Errorf("%s: %s", d.Name, diff)
						return
					}
					list.Decode(inputOf(exchange.Query, "", "limit=x,y,7,z"), &got)
				}
			}
		})
	}
	group.Wait()
}
