package pattern_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// matches is written as pattern, texts that fit, texts that do not.
var matches = map[string]struct {
	expr string
	yes  []string
	no   []string
}{
	"not anchored":                  {`b+`, []string{"abbc", "b"}, []string{"", "ac"}},
	"run of characters":             {`^[a-f0-9]{4}$`, []string{"00ff"}, []string{"00f", "00fff", "00fg", "00ff\n"}},
	"run without end":               {`^[^ ]+$`, []string{"añb"}, []string{"", "a b"}},
	"run of one":                    {`^[ab]$`, []string{"a"}, []string{"", "ab", "c"}},
	"dollar is the end of the text": {`a$`, []string{"a"}, []string{"a\n"}},
	"caret is the start of text":    {`^a`, []string{"a"}, []string{"\na"}},
	"dot and line ends":             {`^.$`, []string{"a", "é", "💩"}, []string{"\n", "\r", "\u2028", "\u2029"}},
	"digits are ASCII":              {`^\d$`, []string{"7"}, []string{"߀", "٣"}},
	"no digits":                     {`^\D$`, []string{"߀", "a"}, []string{"7"}},
	"word characters are ASCII":     {`^\w$`, []string{"a", "_", "9"}, []string{"é"}},
	"no word characters":            {`^\W$`, []string{"é", "-"}, []string{"a"}},
	"white space is Unicode":        {`^\s$`, []string{" ", "\t", "\v", "\u00a0", "\ufeff", "\u2029"}, []string{"\u0001", "\u2013", "\u180e"}},
	"no white space":                {`^\S$`, []string{"\u2013"}, []string{"\ufeff"}},
	"classes within a class":        {`^[\d\s-]+$`, []string{"1 -", "-"}, []string{"a"}},
	"class and hyphen":              {`^[\w-.]+$`, []string{"a-b.c"}, []string{"/"}},
	"hyphen at the end":             {`^[a-]+$`, []string{"a-"}, []string{"b"}},
	"bracket in a class":            {`^[[a]+$`, []string{"[a"}, []string{"b"}},
	"caret in a class":              {`^[a^]+$`, []string{"^a"}, []string{"b"}},
	"anything":                      {`^[^]$`, []string{"\n", "a"}, []string{""}},
	"nothing":                       {`[]`, nil, []string{"", "a"}},
	"backspace":                     {`^[\b]$`, []string{"\b"}, []string{"b"}},
	"control escape":                {`^\cC\cc$`, []string{"\x03\x03"}, []string{"CC"}},
	"single escapes":                {`^\t\n\v\f\r\0$`, []string{"\t\n\v\f\r\x00"}, []string{"tnvfr0"}},
	"escaped slash":                 {`^a\/b$`, []string{"a/b"}, []string{`a\/b`}},
	"escaped punctuation":           {`^\-\@\"\_$`, []string{`-@"_`}, []string{"-@"}},
	"hexadecimal":                   {`^\x41\u0042\u{43}$`, []string{"ABC"}, []string{"abc"}},
	"surrogate pair":                {`^\ud83d\udc32*$`, []string{"🐲", "🐲🐲"}, []string{"🐲a", "\u0432"}},
	"beyond the basic plane":        {`^🐲*$`, []string{"", "🐲🐲"}, []string{"🐉"}},
	"unicode property":              {`^\p{Letter}+\P{Lu}$`, []string{"Éa", "ab"}, []string{"ÉA", "1a"}},
	"unicode script":                {`^\p{Script=Greek}+$`, []string{"αβγ"}, []string{"abc"}},
	"property in a class":           {`^[\p{L}\d]+$`, []string{"é1"}, []string{"-"}},
	"negated class of property":     {`^[^\p{L}]+$`, []string{"1-"}, []string{"é"}},
	"lone braces":                   {`^{.*}$`, []string{"{a}"}, []string{"a"}},
	"braces that are no count":      {`^a{,5}$`, []string{"a{,5}"}, []string{"aa"}},
	"lone bracket":                  {`^a]$`, []string{"a]"}, []string{"a"}},
	"alternatives":                  {`^(?:ab|cd)$`, []string{"ab", "cd"}, []string{"abd", "acd"}},
	"alternatives and anchors":      {`^a|b$`, []string{"ax", "xb"}, []string{"xa", "bx"}},
	"word boundary":                 {`\bcat\b`, []string{"a cat", "cat."}, []string{"cats", "écats"}},
	"no word boundary":              {`\Bat`, []string{"cat"}, []string{"at"}},
	"boundary beside a lookahead":   {`^(?=.*\d).*\bcat\b`, []string{"1 cat", "cat 1"}, []string{"1 cats", "1cat", "a cat"}},
	"case counts again":             {`(?i)^a(?-i)b(?i:c)$`, []string{"AbC", "abc"}, []string{"ABc"}},
	"case does not count":           {`(?i)^straße$`, []string{"STRAßE", "Straße"}, []string{"strasse"}},
	"case, in a group":              {`^(?i:a)b$`, []string{"Ab"}, []string{"AB"}},
	"named group":                   {`^(?<year>\d{4})$`, []string{"2024"}, []string{"24"}},
	"named group, old style":        {`^(?P<year>\d{4})$`, []string{"2024"}, []string{"24"}},
	"large count":                   {`^a{1,5000}$`, []string{"a", strings.Repeat("a", 5000)}, []string{"", strings.Repeat("a", 5001)}},
	"large count of a group":        {`^(?:ab){1001}c$`, []string{strings.Repeat("ab", 1001) + "c"}, []string{strings.Repeat("ab", 1000) + "c"}},
	"nested large counts":           {`^(?:a{500}){2,4}$`, []string{strings.Repeat("a", 1500)}, []string{strings.Repeat("a", 1501)}},
	"lookahead":                     {`^(?=.*\d)(?=.*[a-z]).{4,8}$`, []string{"abc1"}, []string{"abcd", "1234", "a1"}},
	"negative lookahead":            {`^(?!admin$).+$`, []string{"user", "admins"}, []string{"admin"}},
	"lookbehind":                    {`(?<=\$)\d+`, []string{"$42"}, []string{"€42"}},
	"negative lookbehind":           {`^\w+(?<!_)$`, []string{"a_b"}, []string{"ab_"}},
	"lookbehind of some length":     {`(?<=a\d+)b`, []string{"a123b"}, []string{"123b"}},
	"back-reference":                {`^(["']).*\1$`, []string{`"a"`, `'a'`}, []string{`"a'`}},
	"named back-reference":          {`^(?<q>["']).*\k<q>$`, []string{`"a"`}, []string{`"a'`}},
	"reference to an unset group":   {`^(?:(a)|b)\1$`, []string{"aa", "b"}, []string{"a", "ba"}},
	"groups are unset each round":   {`^(?:(a)|b\1)+$`, []string{"ab", "aba"}, []string{"ac"}},
	"capture inside a lookahead":    {`^(?=(a+))a*b\1$`, []string{"aabaa"}, []string{"aaba"}},
	"capture inside a lookbehind":   {`(?<=(\d)x)\1`, []string{"1x1"}, []string{"1x2"}},
	"lazy repeat":                   {`^(a+?)\1$`, []string{"aa", "aaaa"}, []string{"aaa"}},
	"runs give characters back":     {`^(a*)(é{1,3})é\1(?=b)`, []string{"aééab", "ééb", "aaéééaab"}, []string{"aéab", "aééb", "ééééééb"}},
	"runs in a lookbehind":          {`(?<=^(é+)a{1,2})\1b`, []string{"éaéb", "ééaaééb"}, []string{"éaaaéb", "éab"}},
	"lazy counted repeat":           {`^(?=a)(?:ab){1,2}?c$`, []string{"abc", "ababc"}, []string{"abababc"}},
	"empty rounds":                  {`^(?:a*)*(?=b)b$`, []string{"b", "aab"}, []string{"a"}},
	"demanded empty rounds":         {`^(?=(a?){3}b)`, []string{"b", "aab"}, []string{"a"}},
	"empty alternatives":            {`^(?:|a)+(?=$)`, []string{"", "a", "aa"}, []string{"b"}},
	"the empty expression":          {``, []string{"", "a"}, nil},
}

func TestMatchString(t *testing.T) {
	t.Parallel()
	for name, test := range matches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := pattern.Compile(test.expr)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range test.yes {
				if !p.MatchString(text) {
					t.Errorf("%s does not match %q", test.expr, text)
				}
			}
			for _, text := range test.no {
				if p.MatchString(text) {
					t.Errorf("%s matches %q", test.expr, text)
				}
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ expr, want string }{
		"open group":          {`a(b`, "this ( is never closed (at character 2)"},
		"open class":          {`a[b`, "this [ is never closed (at character 2)"},
		"closed too often":    {`é)`, "this ) closes nothing (at character 2)"},
		"nothing to repeat":   {`*a`, "there is nothing to repeat (at character 1)"},
		"repeated anchor":     {`^*`, "there is nothing to repeat (at character 2)"},
		"counted nothing":     {`{2}`, "there is nothing to repeat (at character 1)"},
		"possessive":          {`a*+`, "a repeat cannot be repeated (at character 3)"},
		"count out of order":  {`a{2,1}`, "the repeat counts are out of order (at character 7)"},
		"range out of order":  {`[z-a]`, "the range is out of order (at character 3)"},
		"unknown escape":      {`\a`, `\a is no escape of ECMA-262 (at character 2)`},
		"anchor of Ruby":      {`\Aab\z`, `\A is no escape of ECMA-262 (at character 2)`},
		"escape at the end":   {`a\`, "the expression ends in a backslash (at character 3)"},
		"no such group":       {`(a)\2`, `\2 refers to a group that is not there (at character 6)`},
		"no such name":        {`\k<a>`, `there is no group named "a" (at character 6)`},
		"comment":             {`(?#a)`, "ECMA-262 knows no group that begins like this (at character 1)"},
		"atomic group":        {`(?>a)`, "ECMA-262 knows no group that begins like this (at character 1)"},
		"POSIX class":         {`[[:alpha:]]`, "ECMA-262 knows no classes like [:alpha:] (at character 2)"},
		"no such property":    {`\p{Klingon}`, `the Unicode property "Klingon" is not known (at character 3)`},
		"property unnamed":    {`\pL`, `\p needs the name of a property: \p{L} (at character 3)`},
		"octal":               {`\01`, "octal escapes are not allowed (at character 3)"},
		"short hexadecimal":   {`\u12`, "4 hexadecimal digits are needed (at character 3)"},
		"code point too high": {`\u{110000}`, "there is no such code point (at character 3)"},
		"too deep":            {strings.Repeat("(", 300) + strings.Repeat(")", 300), "groups are nested more than 250 deep (at character 251)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pattern.Compile(test.expr)
			if err == nil || err.Error() != test.want {
				t.Errorf("Compile(%s): got %v, want %s", test.expr, err, test.want)
			}
			if checked := pattern.Check(test.expr); checked == nil || checked.Error() != test.want {
				t.Errorf("Check(%s): got %v, want %s", test.expr, checked, test.want)
			}
		})
	}
}

// What only other engines know is accepted in a schema but is no value of the
// format regex.
func TestCheckIsStrict(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`(?i)a`, `a(?s)b`, `(?P<name>a)`, `\x{41}`} {
		if _, err := pattern.Compile(expr); err != nil {
			t.Errorf("Compile(%s): %v", expr, err)
		}
		if pattern.Check(expr) == nil {
			t.Errorf("Check(%s) accepts it", expr)
		}
	}
	for _, expr := range []string{`(?i:a)`, `(?<name>a)`, `^\-$`, `(?<=a)b`} {
		if err := pattern.Check(expr); err != nil {
			t.Errorf("Check(%s): %v", expr, err)
		}
	}
}

// TestStepLimit holds that expressions that explode come to an end.
func TestStepLimit(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`^(?=a)(a+)+$`, `^(?=a)(a|aa)+$`, `(?=a)(a*)*b`, `^(?=(a|a)*$)`, `^(?!(a|a)*b)a*c`} {
		p, err := pattern.Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		matches, took, most := p.Steps(strings.Repeat("a", 5000) + "!")
		if matches || p.MatchString(strings.Repeat("a", 5000)+"!") {
			t.Errorf("%s matches", expr)
		}
		if took < most || took > most+1000 {
			t.Errorf("%s took %d steps of %d", expr, took, most)
		}
	}
}

// What is left to try takes no memory by the length of the text.
func TestMemory(t *testing.T) {
	long := strings.Repeat("aA1", 3<<20)
	for expr, want := range map[string]bool{
		`^(?=.*[A-Z])(?=.*\d).+$`:       true,
		`^(?!.*\.\.)[\w.]{8,99999999}$`: true,
		`^(?=a)\w*!$`:                   false,
		`^(?=a)(?:aA1)+$`:               false, // it would, if it were not so long
	} {
		p, err := pattern.Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if p.MatchString(long) != want {
			t.Errorf("%s: got %v", expr, !want)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(long))*10 {
			t.Errorf("%s took %d bytes", expr, took)
		}
	}
	p, _ := pattern.Compile(`^(?=a)(?:aA1)+$`)
	if !p.MatchString(strings.Repeat("aA1", 100_000)) {
		t.Error("a text of 300,000 characters does not match")
	}
}

// Captured text that is compared again and again counts as steps.
func TestLongCaptures(t *testing.T) {
	t.Parallel()
	p, err := pattern.Compile(`^(a*)\1b`)
	if err != nil {
		t.Fatal(err)
	}
	if p.MatchString(strings.Repeat("a", 8<<20)) {
		t.Error("it matches")
	}
}

func TestNoAllocations(t *testing.T) {
	for _, expr := range []string{`^[a-z0-9-]+$`, `^[a-z]+@[a-z]+\.com$`} {
		p, err := pattern.Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { p.MatchString("someone@example.com") }); n != 0 {
			t.Errorf("%s: %v allocations", expr, n)
		}
	}
}

// suiteCase is one entry of a file of the JSON Schema test suite.
type suiteCase struct {
	Description string
	Schema      struct{ Pattern, Format string }
	Tests       []struct {
		Description string
		Data        any
		Valid       bool
	}
}

// TestSuite runs what the suite says about ECMA-262 expressions.
func TestSuite(t *testing.T) {
	t.Parallel()
	folder := testenv.SchemaSuite(t)
	for _, name := range []string{"pattern.json", "optional/ecmascript-regex.json", "optional/non-bmp-regex.json", "optional/format/ecmascript-regex.json", "optional/format/regex.json"} {
		data, err := os.ReadFile(filepath.Join(folder, "tests", "draft2020-12", name))
		if err != nil {
			t.Fatal(err)
		}
		var cases []suiteCase
		if err := json.Unmarshal(data, &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			runSuiteCase(t, name, c)
		}
	}
}

func runSuiteCase(t *testing.T, file string, c suiteCase) {
	for _, test := range c.Tests {
		text, isText := test.Data.(string)
		var got bool
		switch {
		case !isText:
			continue
		case c.Schema.Format == "regex":
			got = pattern.Check(text) == nil
		case c.Schema.Pattern != "":
			p, err := pattern.Compile(c.Schema.Pattern)
			if err != nil {
				t.Errorf("%s: %s: %v", file, c.Description, err)
				continue
			}
			got = p.MatchString(text)
		default:
			continue
		}
		if got != test.Valid {
			t.Errorf("%s: %s: %s: got %v", file, c.Description, test.Description, got)
		}
	}
}
