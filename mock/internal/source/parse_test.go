package source_test

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

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

// TestMergedNames merges many names, each of which is compared with all others by a set.
func TestMergedNames(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("a: &a\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "  k%d: 1\n", i)
	}
	b.WriteString("b: {k7: 2, <<: [*a, *a]}\n")
	n, found := parse(t, "f.yaml", b.String())
	if found != nil || len(n.Get("b").Kids) != 100_000 || n.Get("b").Get("k7").Text != "2" {
		t.Errorf("%d names, %v", len(n.Get("b").Kids), found)
	}
}

// TestLongLine reads one line in which the places of values lead back and forth, and holds
// where each stands.
func TestLongLine(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("é: [&a 0, {")
	for i := range 60_000 {
		fmt.Fprintf(&b, "é%d: [*a, %d], ", i, i)
	}
	b.WriteString("}]\nnext: [*a, 1]\n")
	text := b.String()
	n, found := parse(t, "f.yaml", text)
	if found != nil {
		t.Fatal(found)
	}
	for _, i := range []int{0, 1, 20, 21, 59_999} {
		name := fmt.Sprintf("é%d", i)
		kid := n.Get("é").Kids[1].Get(name)
		if want := strings.Index(text, name+":"); int(kid.KeyAt().Off) != want || int(kid.Kids[1].At().Off) != strings.Index(text[want:], ", ")+2+want {
			t.Errorf("%s stands at %d, its number at %d, want %d", name, kid.KeyAt().Off, kid.Kids[1].At().Off, want)
		}
	}
	if last := n.Get("next").Kids[1]; text[last.At().Off] != '1' {
		t.Errorf("the last number stands at %d", last.At().Off)
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

// TestMistakes holds where a text that cannot be read, or should not be, is said to go
// wrong, and what is said to do.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: b: c\n":             `f:1:1: this is not YAML: mapping values are not allowed in this context [syntax] / put a value that holds ": " into double quotes`,
		"a:\n\tb: 1\n":          `f:2:2: this is not YAML: found character that cannot start any token [syntax] / indent with spaces: YAML does not allow tabs there`,
		"a: ${x: y}\n":          `f:1:1: this is not YAML: mapping values are not allowed in this context [syntax] / put a value that holds ${ } into double quotes`,
		"a: @x\n":               `f:1:1: this is not YAML: found character that cannot start any token [syntax] / put this value into double quotes`,
		"a: 1\n---\nb: 2\n":     `f:2:1: a second YAML document begins here [several-documents] / one file holds one document: move what follows the --- to a file of its own`,
		"a: 1\n---\n'":          `f:3:1: this is not YAML: found unexpected end of stream [syntax] / this quote is not closed: write ' at the end of the text`,
		"a: [1, 2\nb: {c: 1}\n": `f:1:4: this is not YAML: did not find expected ',' or ']' [syntax] / this [ is not closed: write ] at its end`,
		"a: &x\n  b: *x\n":      `f:2:6: the alias *x stands inside of what it repeats [alias-cycle]`,
		"? [x]\n: y\n":          `f:1:3: a key must be plain text, not a list or a mapping [key-not-text] / put a value that begins with { or [ into double quotes`,
		"a: 1\na: 2\n":          `f:2:1: duplicate key "a" [duplicate-key] / only one of them can count: remove or rename this one`,
		"a: 010\n":              `f:1:4: 010 is read as 10 by some and as text or an octal number by others [ambiguous-value] / write "010" for the text or 10 for the number`,
		"a: 1\nb: caf\xe9\n":    `f:2:7: this is not UTF-8: the byte 0xE9 stands here [syntax] / save the file as UTF-8`,
		"a\x00:\x00 \x001\x00":  `f:1:2: this is no text: the control character U+0000 stands here [syntax] / take it out; where there are many of them the file is binary, or is not saved as UTF-8`,
		"-\n-\n":                ``,
		// what does not fit is named, and not where the mapping or list around it began
		"a: 1\nb:\n  c:\n    - d: 1\n      e: 2\n   - f: 1\n    - g: 1\n": `f:6:4: this is not YAML: did not find expected key [syntax] / indent this line by 2 or 4 spaces, as the lines before it that it belongs to`,
		"a: 1\nb:\n    c: 1\n\n    # why\n  d: 2\n  e: 3\nf: 4\n":         `f:6:3: this is not YAML: did not find expected key [syntax] / indent this line by 0 or 4 spaces, as the lines before it that it belongs to`,
		"a:\n  - x\n  b: 1\n  c: 2\n":                                     `f:3:3: this is not YAML: did not find expected '-' indicator [syntax] / only elements, which begin with -, stand in a list: indent this line by more to go on with the last one, or by less to end the list`,
		"  a: 1\n b: 2\n":                                                 `f:2:2: this is not YAML: did not find expected <document start> [syntax] / check the indentation and the quotes of this line and the one before it`,
		"a: 1\nb: 'x' y\nc: 2\n":                                          `f:2:1: this is not YAML: did not find expected key [syntax] / check the indentation and the quotes of this line and the one before it`,
		"a: |\n   x\n  y\nb: 1\nc: 2\n":                                   `f:3:3: this is not YAML: did not find expected key [syntax] / indent this line by 0 or 3 spaces, as the lines before it that it belongs to`,
		"a: 1\nb: *x\nc: 2\n":                                             `f:2:1: this is not YAML: unknown anchor 'x' referenced [syntax] / put this value into double quotes`,
		"a:\n  *: 404\n":                                                  `f:2:3: this is not YAML: did not find expected alphabetic or numeric character [syntax] / put * into double quotes`,
	} {
		check(t, "f", text, want)
	}
	for text, want := range map[string]string{
		`{"a": 1} x`:         `f.json:1:10: there is more text after the end of the JSON value [syntax]`,
		`{"a": [1}`:          `f.json:1:9: this is not JSON: invalid character '}' after array element (expecting ',' or ']') [syntax]`,
		`{"a": [1`:           `f.json:1:9: this is not JSON: the text ends in the middle of a value [syntax]`,
		`{"a": 1, "a": 2}`:   `f.json:1:10: duplicate key "a" [duplicate-key] / only one of them can count: remove or rename this one`,
		"{\"a\": \"\xe9\"}":  `f.json:1:8: this is not UTF-8: the byte 0xE9 stands here [syntax] / save the file as UTF-8`,
		"\xff\xfe{\x00}\x00": `f.json:1:1: this is UTF-16, and JSON is UTF-8 (RFC 8259 section 8.1) [syntax] / save the file as UTF-8`,
		`{"a": 010}`:         `f.json:1:8: this is not JSON: invalid character '1' after object value (expecting ',' or '}') [syntax]`,
	} {
		check(t, "f.json", text, want)
	}
}

func check(t *testing.T, name, text, want string) {
	t.Helper()
	_, found := parse(t, name, text)
	got := ""
	if len(found) > 0 {
		got = found[0].Error()
		if found[0].Hint != "" {
			got += " / " + found[0].Hint
		}
	}
	if got != want {
		t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
	}
}

// TestTextsAreShared keeps keys and names that a file repeats once.
func TestTextsAreShared(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a.yaml": "a: {type: string, size: 12}\nb: {type: string, size: 12}\n",
		"a.json": `{"a": {"type": "string", "size": 12}, "b": {"type": "string", "size": 12}}`,
	} {
		root, found := parse(t, name, text)
		if len(found) > 0 {
			t.Fatal(found)
		}
		a, b := root.Get("a"), root.Get("b")
		for i := range a.Kids {
			if a, b := a.Kids[i], b.Kids[i]; unsafe.StringData(a.Key) != unsafe.StringData(b.Key) || unsafe.StringData(a.Text) != unsafe.StringData(b.Text) {
				t.Errorf("%s: %s: %s is there twice", name, a.Key, a.Text)
			}
		}
	}
}
