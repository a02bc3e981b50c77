// Package jsonpath reads and evaluates the queries of RFC 9535.
//
// It is written for requests of strangers: what a query may do to a value is
// counted and ends at MaxSteps, nodes are visited as they are found instead of
// being listed, and numbers are compared by the text that was sent, without losing
// a digit. Values are as they are decoded from JSON: map[string]any, []any, string,
// json.Number, bool and nil.
//
// Two things go beyond the RFC, both when a query is read: a regular expression
// that is written out and is none is a mistake instead of matching nothing, and
// regular expressions are those of RE2, of which I-Regexp (RFC 9485) is a part.
package jsonpath

import "errors"

// Limits of queries.
const (
	// MaxLength bounds the text of a query, in bytes.
	MaxLength = 10_000
	// MaxDepth bounds brackets and parentheses inside of each other.
	MaxDepth = 100
	// MaxSteps bounds the values that one evaluation looks at or compares.
	MaxSteps = 1_000_000
)

// ErrTooLong is returned by an evaluation that needs more than MaxSteps.
var ErrTooLong = errors.New("the query looks at more values than it may")

// SyntaxError is what keeps a text from being a query.
type SyntaxError struct {
	// Offset and Length are the place in the text, in bytes.
	Offset, Length int
	Message        string
	// Hint says what to write instead; may be empty.
	Hint string
}

// Error gives the message.
func (e *SyntaxError) Error() string { return e.Message }

// Path is a query that was read. It is immutable and safe for concurrent use.
type Path struct {
	text     string
	segments []segment
}

// String gives the query as it was written.
func (p *Path) String() string { return p.text }

// Any visits the nodes that the query selects in a value, in no certain order,
// until visit returns true, and tells whether it did. The error is ErrTooLong.
func (p *Path) Any(root any, visit func(node any) bool) (bool, error) {
	e := &evaluation{root: root, left: MaxSteps}
	found := e.walk(p.segments, root, visit)
	if e.left < 0 {
		return false, ErrTooLong
	}
	return found, nil
}

// Step is one of the steps with which a query begins.
type Step struct {
	// Name is the member that is selected, "" for an item or for every part.
	Name string
	// Every tells that all members or items are selected, Item that one item is.
	Every, Item bool
	// Offset and Length are where it stands in the text, in bytes.
	Offset, Length int
}

// Lead gives the steps with which the query begins as far as each of them selects
// by one name, by one index or everything: what a schema can be asked about. whole
// tells that there are no others.
func (p *Path) Lead() (steps []Step, whole bool) {
	for _, s := range p.segments {
		if s.descendant || len(s.selectors) != 1 {
			return steps, false
		}
		switch sel := s.selectors[0].(type) {
		case nameSelector:
			steps = append(steps, Step{Name: sel.name, Offset: sel.offset, Length: sel.length})
		case indexSelector:
			steps = append(steps, Step{Item: true})
		case wildcardSelector:
			steps = append(steps, Step{Every: true})
		default:
			return steps, false
		}
	}
	return steps, true
}
