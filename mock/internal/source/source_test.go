package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func parse(t *testing.T, name, text string) (*source.Node, source.Diagnostics) {
	t.Helper()
	return source.Parse(&source.File{Name: name, Data: []byte(text)}, source.Options{})
}

func TestParseKeepsOrderAndNumberText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, want string }{
		"json":                {"a.json", `{"b": 1.0, "a": [9007199254740993, 1e400, "é"], "n": null}`, `{"b":1.0,"a":[9007199254740993,1e400,"é"],"n":null}`},
		"json escapes":        {"a.json", `{"a\u0041\n": "\ud83d\ude00\/"}`, `{"aA\n":"😀/"}`},
		"json with mark":      {"a.json", "\ufeff{\"a\": true}", `{"a":true}`},
		"json without suffix": {"a", `{"a": false}`, `{"a":false}`},
		"yaml numbers":        {"a.yaml", "[1.0, -0, +7, .5, 1., 0x1F, 0o17, 1_000, 1e3, 12e03]", `[1.0,-0,7,0.5,1,31,15,"1_000",1e3,12e03]`},
		"yaml text":           {"a.yaml", "[yes, on, 2020-01-31, 12:30, '7', \"true\", !!str 5, .inf]", `["yes","on","2020-01-31","12:30","7","true","5",".inf"]`},
		"yaml null and bool":  {"a.yaml", "{a: , b: ~, c: Null, d: True, e: FALSE}", `{"a":null,"b":null,"c":null,"d":true,"e":false}`},
		"yaml flow":           {"a.yaml", "{a: b, c: [d]}", `{"a":"b","c":["d"]}`},
		"yaml alias":          {"a.yaml", "a: &x {k: 1}\nb: *x\n", `{"a":{"k":1},"b":{"k":1}}`},
		"yaml merge":          {"a.yaml", "a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", `{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}`},
		"yaml block":          {"a.yaml", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		"yaml numeric keys":   {"a.yaml", "200: a\n4XX: b\n", `{"200":"a","4XX":"b"}`},
		"empty":               {"a.yaml", "", `null`},
		"comment alone":       {"a.yaml", "# nothing\n", `null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, found := parse(t, c.file, c.text)
			if err := found.Err(); err != nil {
				t.Fatal(err)
			}
			if got := string(n.AppendJSON(nil)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestLenientKeepsTheLast holds that of members with the same name only the last is
// there, wherever one looks.
func TestLenientKeepsTheLast(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"a.json": `{"a": 1, "b": 2, "a": {"c": 3, "c": 4}}`, "a.yaml": "a: 1\nb: 2\na: {c: 3, c: 4}\n"} {
		n, found := source.Parse(&source.File{Name: name, Data: []byte(text)}, source.Options{Lenient: true})
		if len(found) != 2 || found.Errors() > 0 {
			t.Errorf("%s: %v", name, found)
		}
		if got := string(n.AppendJSON(nil)); got != `{"b":2,"a":{"c":4}}` {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	yaml := "a:\n  - é: {key: value}\n    \"q\": 'x'\n"
	json := "{\n  \"a\": [\n    {\"é\": {\"key\": \"value\"}, \"q\": \"x\"}\n  ]\n}\n"
	for _, c := range []struct{ text, pointer, at, key string }{
		{yaml, "/a", "f:1:1", "f:1:1"},
		{yaml, "/a/0/é/key", "f:2:14", "f:2:9"},
		{yaml, "/a/0/q", "f:3:10", "f:3:5"},
		{json, "/a/0/é/key", "f:3:19", "f:3:12"},
		{json, "/a/0/q", "f:3:34", "f:3:29"},
	} {
		root, found := parse(t, "f", c.text)
		if len(found) > 0 {
			t.Fatal(found)
		}
		n := root.Find(c.pointer)
		if got := n.Pointer(); got != c.pointer {
			t.Errorf("pointer of %s: %s", c.pointer, got)
		}
		if got := n.At().String(); got != c.at {
			t.Errorf("%s stands at %s, want %s", c.pointer, got, c.at)
		}
		if got := n.KeyAt().String(); got != c.key {
			t.Errorf("key of %s stands at %s, want %s", c.pointer, got, c.key)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	root, _ := parse(t, "a.json", `{"a/b": {"c~d": [1, {"": 2}]}, "x": 1, "x": 3}`)
	for pointer, want := range map[string]string{
		"": "object", "/a~1b/c~0d/0": "1", "/a~1b/c~0d/1/": "2", "/x": "3",
		"/nope": "", "/a~1b/c~0d/2": "", "/a~1b/c~0d/00": "", "/a~1b/c~0d/-1": "", "x": "", "/x/y": "",
	} {
		n := root.Find(pointer)
		got := ""
		if n != nil {
			if got = n.Text; n.Kind == source.Object {
				got = n.Kind.String()
			}
		}
		if got != want {
			t.Errorf("Find(%q) = %q, want %q", pointer, got, want)
		}
	}
}

func TestNilNode(t *testing.T) {
	t.Parallel()
	var n *source.Node
	if n.Get("a").Get("b").Str() != "" || n.Scalar() != "" || n.IsTrue() || n.Pointer() != "" || n.At() != (source.Span{}) || n.Value() != nil {
		t.Error("a nil node must answer as for a value that is not there")
	}
	for range n.Items() {
		t.Error("a nil node has no items")
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	known := []string{"status", "headers", "body", "probability", "x"}
	for word, want := range map[string]string{
		"staus": "status", "sttaus": "status", "Status": "status", "header": "headers", "bdoy": "body",
		"propability": "probability", "probablity": "probability", "prob": "probability", "completely": "", "": "", "y": "", "X": "x", "xy": "x", "wy": "",
	} {
		if got := source.Closest(word, known); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
	}
	if diff := cmp.Diff("expected one of a, b", source.DidYouMean("zzzz", []string{"b", "a"})); diff != "" {
		t.Error(diff)
	}
}

// TestNamesAreText holds the same for what is told of names in a file.
func TestNamesAreText(t *testing.T) {
	t.Parallel()
	d := source.Diagnostic{Code: "x", Message: "there is no a\x1b[2J", Hint: "expected b\x1b[2J"}
	for place, at := range map[string]source.Span{"none": {}, "a file": {File: &source.File{Name: "f", Data: []byte("a")}, Len: 1}} {
		d.At = at
		if text := (source.Diagnostics{d}).Error(); strings.Contains(text, "\x1b") || !strings.Contains(text, "expected b\ufffd[2J") {
			t.Errorf("%s: %q", place, text)
		}
	}
}

// TestEmptyJSON holds that nothing is told as what it is.
func TestEmptyJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n"} {
		if _, found := parse(t, "a.json", text); len(found) != 1 || found[0].Message != "this is not JSON: there is nothing in it" {
			t.Errorf("%q: %v", text, found)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x, x]\n"
	for i := range 40 {
		bomb += strings.NewReplacer("N", string(rune('0'+i/10))+string(rune('0'+i%10)), "M", string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10))).Replace("aM: &aM [*aN, *aN]\n")
	}
	bomb = strings.ReplaceAll(strings.Replace(bomb, "a0: &a0 ", "a00: &a00 ", 1), "\t", " ")
	for name, text := range map[string]string{
		"alias bomb": bomb,
		"deep yaml":  strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"deep json":  strings.Repeat(`{"a":`, 2000) + "1" + strings.Repeat("}", 2000),
		"many":       "[" + strings.Repeat("1,", 600_000) + "1]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, found := parse(t, "bomb", text)
			if n != nil || found.Errors() == 0 {
				t.Fatalf("accepted with %v", found)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: [1, {b: c}]", `{"a": [1, "\u00e9"]}`, "&a [*a]", "a: *b", "? [x]\n: y", "<<: {a: 1}", "a: |\n x", "---\n---\n", "\xff", "a: 010"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, found := source.Parse(&source.File{Name: "f", Data: []byte(text)}, source.Options{})
		if n == nil && found.Errors() == 0 {
			t.Error("no tree and no error")
		}
		_ = found.Error()
		again, more := source.Parse(&source.File{Name: "f.json", Data: n.AppendJSON(nil)}, source.Options{Lenient: true})
		if more.Errors() > 0 {
			t.Fatalf("what was read cannot be written: %v", more)
		}
		if diff := cmp.Diff(n.Value(), again.Value()); n != nil && diff != "" {
			t.Error(diff)
		}
	})
}

// TestShownLinesAreText holds that nothing in a file reaches a terminal but text, and that
// the caret stands where it would without it.
func TestShownLinesAreText(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ line, want string }{
		"escape":        {"a: \x1b[31mred", "1 | a: \ufffd[31mred\n  |    ^\n"},
		"of C1":         {"a: \u009b31m", "1 | a: \ufffd31m\n  |    ^\n"},
		"bell, delete":  {"a: \a\x7f", "1 | a: \ufffd\ufffd\n  |    ^\n"},
		"other order":   {"a: \u202e\u2066b", "1 | a: \ufffd\ufffdb\n  |    ^\n"},
		"no character":  {"a: \xff", "1 | a: \ufffd\n  |    ^\n"},
		"tabs, letters": {"a:\tä", "1 | a:\tä\n  |   \t^\n"},
	} {
		d := source.Diagnostic{Code: "x", Message: "m", At: source.Span{File: &source.File{Name: "f", Data: []byte(test.line)}, Off: 3, Len: 1}}
		var b strings.Builder
		if err := d.Render(&b); err != nil {
			t.Fatal(err)
		}
		if _, got, _ := strings.Cut(b.String(), "  |\n"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
