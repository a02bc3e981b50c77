package language_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/sample/language"
)

func compile(t testing.TB, exprs ...string) []*pattern.Pattern {
	t.Helper()
	var all []*pattern.Pattern
	for _, expr := range exprs {
		p, err := pattern.Compile(expr)
		if err != nil {
			t.Fatalf("%s: %v", expr, err)
		}
		all = append(all, p)
	}
	return all
}

// wanted writes what is looked for in a line: patterns separated by blanks, those
// that must not match behind a !, lengths as {min,max}.
func wanted(t testing.TB, text string) language.Wanted {
	t.Helper()
	w := language.Wanted{Max: math.MaxInt, Likely: 8}
	for _, part := range strings.Split(text, "  ") {
		switch {
		case strings.HasPrefix(part, "!"):
			w.None = append(w.None, compile(t, part[1:])...)
		case strings.HasPrefix(part, "{"):
			if _, err := fmt.Sscanf(part, "{%d,%d}", &w.Min, &w.Max); err != nil {
				t.Fatal(err)
			}
		default:
			w.All = append(w.All, compile(t, part)...)
		}
	}
	return w
}

func check(t *testing.T, w language.Wanted, s string) {
	t.Helper()
	for _, p := range w.All {
		if !p.MatchString(s) {
			t.Errorf("%q does not match %s", s, p)
		}
	}
	for _, p := range w.None {
		if p.MatchString(s) {
			t.Errorf("%q matches %s", s, p)
		}
	}
	if n := utf8.RuneCountInString(s); n < w.Min || n > w.Max || !utf8.ValidString(s) {
		t.Errorf("%q has %d characters", s, n)
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`^[a-z]{3}$`, `\d{3}-\d{4}`, `^v\d+(\.\d+){2}$`, `^(foo|bar|baz)$`, `^$`, ``, `a|^b$`, `^\S+@\S+\.\S+$`,
		`^(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$`, `^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^\w\s]).{8,}$`, `^(?=.{5,9}$)[a-z]+(-[a-z]+)*$`,
		`^((?!foo)\w)*$`, `^(?:(?!ab).)*$  {20,20}`, `^[\p{L}\p{M}]+$`, `^\p{Script=Greek}{3}$`, `^[^\x00-\x7f]{2}$`,
		`^[a-f0-9]{64}$`, `^a{1000}$`, `^(a|b)*c$  {7,7}`, `^(ab)+$  {5,6}`, `x  {10,12}`, `^x  {10,12}`, `x$  {10,12}`,
		`^[a-z]+$  {30,}`, `^[a-z]+$  ^.{5}$`, `^\d+$  ^1  7$  5`, `^[ab]+$  !aa  !bb  {9,9}`, `^[a-z]+$  !^[a-m]`, `!^[a-z]*$`, `!a  !e  {5,5}`,
		`^(a*)*$`, `^(a*)*b$`, `^(?:a?){5}$  {3,3}`, `^((a|b)?)+c$`, `(^|,)\w+`, `^(^a|b)+$`, `(?i)^hello$`, `^\u00e9\x41$`, `^\$\{[a-z]+\}$`,
		`^(?:[A-Z]{2}\d{2})(?: [A-Z0-9]{4}){3,4}$`, `^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$`,
		`^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`, `^[^/]+/[^/]+$`, `^(?:/[a-z]+)+$`, `^[\w-]+={0,2}$  {40,50}`, `^\s+$`, `^[!-/]+$`, `.`, `^.$`,
		`^(a{2}){3,5}$  {8,8}`, `^(?:x|(?:y(?:z|$)))$`, `^[0-9]+(?:[eE][+-]?[0-9]+)?$`, `^(?=a)(?=.b)...$`, `^(?=[a-f]*$)(?=.*a).{4}$`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(text, ",}") {
				text = strings.TrimSuffix(text, "}") + "1000000}"
			}
			w := wanted(t, text)
			shown := map[string]bool{}
			for seed := range uint64(20) {
				s, _, ok := language.Make(w, dice.New(seed))
				if !ok {
					t.Fatal("nothing was found")
				}
				check(t, w, s)
				again, _, _ := language.Make(w, dice.New(seed))
				if again != s {
					t.Errorf("seed %d gives %q and %q", seed, s, again)
				}
				if len(s) < 60 {
					shown[s] = true
				}
			}
			t.Log(shown)
		})
	}
}

func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`^[a-z]{3}$  {4,9}`, `^a$  ^b$`, `^(ab)*$  {3,3}`, `^a*$  ^b*$  {1,9}`, `a^`, `$a`, `^[a-z]+$  !^[a-z]*$`, `[^\d\D]`, `^(?=b)a$`, `^(?!a)a`, `x  {0,0}`, `^[ab]{4}$  !aa  !bb  !ab`,
	} {
		if s, work, ok := language.Make(wanted(t, text), dice.New(1)); ok {
			t.Errorf("%s: got %q", text, s)
		} else if work > language.MaxWork {
			t.Errorf("%s: took %d", text, work)
		}
	}
}

// TestWorkIsBounded tries what makes the number of states explode.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`^(a|b)*a(a|b){18}$  ^(a|b)*b(a|b){17}$  ^[^c]*c$`, `^(\w+\s?){50}$  {1,3}`, `^((a{1,50}){1,50}){1,50}$  ^b*$  {1,99999}`,
		`(x+x+)+y  !x`, `^(.*a){12}$  ^(.*b){12}$  ^(.*c){12}$  {0,30}`, `^a{1,1000000000}b$  {900000,900000}`,
		`^((((a{0,999}){0,999}){0,999}){0,999})b$`, `^((((a*b?)*c?)*d?)*e?){0,999}$  !a  !b  !c`,
	} {
		s, work, ok := language.Make(wanted(t, text), dice.New(1))
		t.Log(text, len(s), work, ok)
		if work > 2*language.MaxWork {
			t.Errorf("%s: took %d", text, work)
		}
	}
}

func BenchmarkMake(b *testing.B) {
	for _, text := range []string{`^[a-z]{3}$`, `^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,}$`, `^[a-f0-9]{64}$`, `^(a|b)*a(a|b){18}$  ^(a|b)*b(a|b){17}$  ^[^c]*c$`, `^(\w+\s?){50}$  {1,3}`, `^a{1,1000000000}b$  {900000,900000}`} {
		w := wanted(b, text)
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				language.Make(w, dice.New(1))
			}
		})
	}
}
