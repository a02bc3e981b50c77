package contract

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzMediaType holds that what is read is written so that it is read again, that a type
// admits itself, and that a range which is admitted by another has something to send.
func FuzzMediaType(f *testing.F) {
	for _, text := range []string{"application/json; charset=utf-8", "text/*", "*/*;q=0.5", "application/*+json", `multipart/form-data; boundary="a b"`, "a/b;;", "a;b", "text/plain; x*=utf-8''%C3%A9", "/", "A/B;C=D"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := ParseMediaType(text)
		if !ok {
			return
		}
		if written := m.String(); written != "" { // it is empty where a name is no token
			again, ok := ParseMediaType(written)
			if diff := cmp.Diff(m, again); !ok || len(m.Params)+len(again.Params) > 0 && diff != "" {
				t.Errorf("%q is written as %q: %s", text, written, diff)
			}
		}
		if exactness, ok := m.Admits(m); !ok || exactness < 1 {
			t.Errorf("%q does not admit itself", text)
		}
		near := m.Nearest()
		if _, ok := (MediaType{Type: "*", Subtype: "*"}).Admits(near); !ok || !near.Concrete() {
			t.Errorf("%q is sent as %q", text, near)
		}
		if found := MostExact([]MediaType{{Type: "x-none", Subtype: "none"}, m}, text); found != 1 && (m.Type != "x-none" || m.Subtype != "none") {
			t.Errorf("%q is found at %d", text, found)
		}
	})
}

// FuzzAccept holds that ranges mean the same in one line and in several (RFC 9110 section
// 5.3), and that weights stay within theirs.
func FuzzAccept(f *testing.F) {
	f.Add("application/json, text/*;q=0.5", "*/*;q=0")
	f.Add("a/b;q=2,c/d;q=-1,e/f;q=NaN", ",,;q=1")
	f.Add(`a/b;c="d,e";q=0.1`, "text/html;level=1;q=1e-3")
	f.Add(`a/b;c="d`, `e";q=0.1, f/g`)
	f.Fuzz(func(t *testing.T, first, second string) {
		several, one := parseAccept([]string{first, second}), parseAccept([]string{first + "," + second})
		if diff := cmp.Diff(one, several, cmp.AllowUnexported(acceptRange{})); diff != "" {
			t.Errorf("one line and two differ: %s", diff)
		}
		for _, text := range []string{"application/json", "text/plain", "image/*", "application/problem+json"} {
			m, _ := ParseMediaType(text)
			if q := weight(several, m); math.IsNaN(q) || q < 0 || q > 1 {
				t.Errorf("%s has the weight %v", text, q)
			}
		}
	})
}
