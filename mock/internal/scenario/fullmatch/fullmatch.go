// Package fullmatch compiles regular expressions that somebody has written and that must match
// the whole of a text, not a part of it.
package fullmatch

import "regexp"

// Compile reads an expression of RE2 and holds it to the whole text; fold makes upper and
// lower case the same. The error speaks of the expression as it was written. The result is
// safe for concurrent use.
func Compile(expression string, fold bool) (*regexp.Regexp, error) {
	// Alone first: in "a)|(?:b" the bracket would close the group that is put around it, and
	// neither alternative would be held to the whole text.
	if _, err := regexp.Compile(expression); err != nil {
		return nil, err
	}
	before := `\A(?:`
	if fold {
		before = `(?i)` + before
	}
	re, err := regexp.Compile(before + expression + `)\z`)
	if err != nil { // a \Q that is not closed quotes the bracket too
		if closed, err := regexp.Compile(before + expression + `\E)\z`); err == nil {
			return closed, nil
		}
	}
	return re, err
}
