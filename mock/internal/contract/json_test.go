package contract_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		`null`:                      nil,
		` {"a": [1, -0.50, 1e400]}`: map[string]any{"a": []any{json.Number("1"), json.Number("-0.50"), json.Number("1e400")}},
		`"\u00e9\n"`:                "é\n",
		`9007199254740993`:          json.Number("9007199254740993"),
		`[]`:                        []any{},
		`{}`:                        map[string]any{},
		`false`:                     false,
	} {
		got, err := contract.DecodeJSON([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, text := range []string{
		"", " ", "{", "[1,]", "{\"a\":1,}", "01", "+1", "1.", ".5", "0x1", "NaN", "'a'", "nul", "1 2", "{} x", "{\"a\":1,\"a\":2}",
		"\"\xff\"", "\"\x01\"", `"\ud800"`, "// x\n1", "\ufeff1", strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
	} {
		if got, err := contract.DecodeJSON([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	if _, err := contract.DecodeJSON([]byte(strings.Repeat("[", 1000) + strings.Repeat("]", 1000))); err != nil {
		t.Errorf("1,000 levels: %v", err)
	}
}

// FuzzDecodeJSON: what is read is what encoding/json reads, and what it refuses
// is refused.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.0,"x",null,true]}`, `[[[]]]`, `"\ud83d\ude00"`, `1e-7`, `{"":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := contract.DecodeJSON(data)
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("read %v where encoding/json says %v", got, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzRoute: no path makes the router panic, and what it finds is what a plain
// comparison of segments finds.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{"/pets", "/pets/1", "/pets/mine/toys/2", "/files/x.json", "/a/b:c", "//", "/%2F", "/%zz", ""} {
		f.Add("GET", seed)
	}
	c := load(f, describe("GET /pets", "GET /pets/{id}", "GET /pets/mine", "DELETE /pets/{id}", "GET /pets/{id}/toys/{toy}", "GET /files/{name}.json", "GET /a/{x}:{y}"), contract.Options{})
	f.Fuzz(func(t *testing.T, method, path string) {
		m := c.Route(method, path, true)
		_ = c.Closest(method, path, 3)
		if m.Op == nil {
			return
		}
		if !m.PathKnown || m.Op.Method != method || strings.Count(m.Op.Template, "/") != strings.Count(path, "/") {
			t.Errorf("%s %q routes to %s %s", method, path, m.Op.Method, m.Op.Template)
		}
		for part := range strings.SplitSeq(m.Op.Template, "{") {
			if name, _, ok := strings.Cut(part, "}"); ok && (m.PathValue(name) == "" || strings.Contains(m.PathValue(name), "/")) {
				t.Errorf("%q gives {%s} the value %q", path, name, m.PathValue(name))
			}
		}
	})
}
