package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

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

// TestRender holds the whole form: severity, code, the line with a caret, the hint, and
// the related place.
func TestRender(t *testing.T) {
	t.Parallel()
	scenario := &source.File{Name: "s.yaml", Data: []byte("a: 1\nb: 22\n")}
	contract := &source.File{Name: "api.yaml", Data: []byte("x:\n  y: z\n")}
	found := source.Diagnostics{
		{Code: "b", Severity: source.Warning, Message: "later", At: scenario.SpanAt(2, 4), Hint: "write 2", Related: []source.Related{{At: contract.SpanAt(2, 3), Message: "this says so"}}},
		{Code: "a", Message: "sooner", At: scenario.SpanAt(1, 1)},
		{Code: "a", Message: "sooner", At: scenario.SpanAt(1, 1)},
		{Code: "c", Message: "nowhere", Hint: "look"},
	}
	want := `nowhere [c]
  look

s.yaml:1:1: sooner [a]
  |
1 | a: 1
  | ^

s.yaml:2:4: warning: later [b]
  |
2 | b: 22
  |    ^^ write 2
api.yaml:2:3: this says so
  |
2 |   y: z
  |   ^`
	if diff := cmp.Diff(want, found.Sort().Error()); diff != "" {
		t.Error(diff)
	}
	if (source.Diagnostics{found[1]}).Err() == nil || (source.Diagnostics{{Severity: source.Warning}}).Err() != nil {
		t.Error("an error must be one, and a warning none")
	}
}

// TestColumnsOfLongLines holds that columns count characters wherever in a file of one line
// they are.
func TestColumnsOfLongLines(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{"letters": "a", "two bytes": "é", "four bytes": "😀", "mixed": "aé😀\xff", "no characters": "\xff\xe2\x82"} {
		file := &source.File{Name: "f", Data: []byte("first\n" + strings.Repeat(unit, 9000) + "\nlast")}
		line := file.Data[6 : len(file.Data)-5]
		for off := 0; off <= len(line); off += 997 {
			want := source.Position{File: "f", Line: 2, Col: 1 + utf8.RuneCount(line[:off])}
			if got := (source.Span{File: file, Off: uint32(6 + off)}).Position(); got != want {
				t.Errorf("%s: byte %d stands at %v, want %v", name, off, got, want)
			}
		}
	}
}

// TestLongLines shows the part of a line that the finding is about.
func TestLongLines(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("é", 300) + "HERE" + strings.Repeat("ü", 300)
	for at, want := range map[int]struct{ first, last, before string }{
		0:   {"é", "…", ""},
		300: {"…", "…", "é"},
		603: {"…", "ü", "ü"},
	} {
		file := &source.File{Name: "f", Data: []byte(line)}
		off := len(string([]rune(line)[:at]))
		d := source.Diagnostics{{Code: "x", Message: "m", At: source.Span{File: file, Off: uint32(off), Len: 1}}}
		lines := strings.Split(d.Error(), "\n")
		shown, caret := []rune(strings.TrimPrefix(lines[2], "1 | ")), []rune(strings.TrimPrefix(lines[3], "  | "))
		if len(shown) > 170 || string(shown[0]) != want.first || string(shown[len(shown)-1]) != want.last {
			t.Errorf("%d: %d characters: %s", at, len(shown), string(shown))
		}
		if got := string(shown[len(caret)-1]); got != string([]rune(line)[at]) {
			t.Errorf("%d: the caret stands below %s", at, got)
		}
	}
}
