package pattern

import (
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// FuzzPattern asserts that no expression makes the package panic or hang, that
// both matchers agree where both can be used, and that regexp2, which follows
// ECMA-262 too, has the same opinion.
func FuzzPattern(f *testing.F) {
	for _, expr := range []string{`^[a-f0-9]{4}$`, `(a|b)*c`, `^(?=.*\d)\w+$`, `(?<=a)b\1(x?)`, `(["'])(.*?)\1`, `\bfoo\b|\p{L}`, `(?:a{2,3}){2}?`, `[^\s\d-]`} {
		f.Add(expr, "abcab12")
	}
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) > 60 || len(text) > 60 || strings.ToValidUTF8(expr, "") != expr || strings.ToValidUTF8(text, "") != text {
			return
		}
		p, err := Compile(expr)
		if err != nil {
			return
		}
		got := p.MatchString(text)
		tree, groups, err := parse(expr, false)
		if err != nil {
			t.Fatal(err)
		}
		prog := assemble(tree, groups)
		m := machine{slots: make([]int, prog.slots)}
		if again := m.match(prog, text); again != got && m.steps > 0 {
			t.Errorf("%q on %q: %v, but the backtracking matcher says %v", expr, text, got, again)
		}
		if m.steps > 0 {
			compareWithRegexp2(t, expr, text, got)
		}
	})
}

// compareWithRegexp2 leaves out what we read more leniently than ECMA-262, and
// what is known to differ: modifiers, case folding and \x{…}.
func compareWithRegexp2(t *testing.T, expr, text string, got bool) {
	if strings.Contains(expr, "(?") && strings.ContainsAny(expr, "imsP") || strings.Contains(expr, `\x{`) {
		return
	}
	re, err := regexp2.Compile(expr, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		return
	}
	re.MatchTimeout = 200 * time.Millisecond
	want, err := re.MatchString(text)
	if err == nil && want != got {
		t.Errorf("%q on %q: got %v, regexp2 says %v", expr, text, got, want)
	}
}
