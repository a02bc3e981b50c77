package schema_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// TestMeasured judges strings of which only the length is known, and tells what is wrong
// with them as of others.
func TestMeasured(t *testing.T) {
	t.Parallel()
	long := schema.Measured{Length: 2000, Sum: [32]byte{1}}
	other := schema.Measured{Length: 2000, Sum: [32]byte{2}}
	for text, test := range map[string]struct {
		value any
		want  string // "" for a value that fits
	}{
		`{"type": "string"}`:                                   {long, ""},
		`{"type": "integer"}`:                                  {long, ` type must be an integer, got a string of 2000 characters`},
		`{"maxLength": 2000, "minLength": 2000}`:               {long, ""},
		`{"maxLength": 1999}`:                                  {long, ` maxLength must be a string of at most 1999 characters, got a string of 2000 characters`},
		`{"minLength": 2001}`:                                  {long, ` minLength must be a string of at least 2001 characters, got a string of 2000 characters`},
		`{"pattern": "^a$", "format": "uuid"}`:                 {long, ""},
		`{"pattern": "^a$", "format": "uuid", "maxLength":1}`:  {long, ` maxLength must be a string of at most 1 character, got a string of 2000 characters`},
		`{"enum": ["a", 1]}`:                                   {long, ` enum must be one of "a", 1, got a string of 2000 characters`},
		`{"const": "a"}`:                                       {long, ` const must be "a", got a string of 2000 characters`},
		`{"uniqueItems": true}`:                                {[]any{long, other}, ""},
		`{"uniqueItems":  true}`:                               {[]any{long, other, long}, ` uniqueItems must be an array without repeated items, got a string of 2000 characters at 0 and 2`},
		`{"properties": {"f": {"allOf": [{"maxLength": 9}]}}}`: {map[string]any{"f": long}, `/f maxLength must be a string of at most 9 characters, got a string of 2000 characters`},
	} {
		s := compileText(t, text, schema.Draft202012, schema.Request)
		var told []string
		for _, v := range s.Validate(test.value) {
			told = append(told, v.Pointer+" "+v.Rule+" must be "+v.Expected+", got "+v.Got)
		}
		if got := strings.Join(told, "; "); got != test.want || s.Valid(test.value) != (test.want == "") {
			t.Errorf("%s: %q, want %q", text, got, test.want)
		}
	}
	many := make([]any, 40)
	for i := range many {
		many[i] = schema.Measured{Length: i}
	}
	unique := compileText(t, `{"uniqueItems": true}`, schema.Draft202012, schema.Request)
	if !unique.Valid(many) {
		t.Error("forty different ones are told to be equal")
	}
	if many[39] = many[0]; unique.Valid(many) {
		t.Error("two equal ones of forty are not told")
	}
}
