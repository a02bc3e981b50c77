package fullmatch_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/scenario/fullmatch"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expression string
		fold       bool
		text       string
		want       bool
	}{
		{"b|ab", false, "ab", true},
		{"a|b", false, "ab", false},
		{"^a$|b", false, "a", true},
		{"a", false, "a\n", false},
		{"(?m)^a$", false, "a\nb", false},
		{"ab", false, "AB", false},
		{"ab", true, "AB", true},
		{"a(?-i)b", true, "AB", false},
		{`\Qa)|(b\E`, false, "a)|(b", true},
		{`\Qa)|(b`, false, "a)|(b", true},
		{`a\Q\`, false, `a\`, true},
		{`a\Q.`, false, "ab", false},
		{"", false, "", true},
		{"", false, "a", false},
	} {
		re, err := fullmatch.Compile(c.expression, c.fold)
		if err != nil {
			t.Errorf("%q: %v", c.expression, err)
			continue
		}
		if got := re.MatchString(c.text); got != c.want {
			t.Errorf("%q, fold %t: %q matches: %t", c.expression, c.fold, c.text, got)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		"a)|(?:b":     "unexpected ): `a)|(?:b`",
		"(":           "missing closing ): `(`",
		`(?=a)`:       "invalid or unsupported Perl syntax: `(?=`",
		`a\`:          "trailing backslash at end of expression",
		"(a{900}){2}": "invalid repeat count",
		// One group more than are allowed is the one around it.
		strings.Repeat("(", 999) + "a" + strings.Repeat(")", 999): "expression nests too deeply",
	} {
		for _, fold := range []bool{false, true} {
			if re, err := fullmatch.Compile(expression, fold); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%.20q: %v, %v; want %s", expression, re, err, want)
			}
		}
	}
}

// FuzzCompile holds that what matches the whole is what matches from the beginning to the end.
func FuzzCompile(f *testing.F) {
	for _, expression := range []string{"a)|(?:b", "a|ab", `\Qa`, "(?i)a", "^a$", "(?U)a+"} {
		f.Add(expression, "ab")
	}
	f.Fuzz(func(t *testing.T, expression, text string) {
		re, err := fullmatch.Compile(expression, false)
		if err != nil || len(expression) > 100 || len(text) > 100 {
			return
		}
		if at := re.FindStringIndex(text); at != nil && (at[0] != 0 || at[1] != len(text)) {
			t.Errorf("%q matches only %v of %q", expression, at, text)
		}
	})
}
