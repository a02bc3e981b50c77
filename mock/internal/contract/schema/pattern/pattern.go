// Package pattern matches strings against the regular expressions of JSON Schema,
// which are those of ECMA-262 read with the u flag (JSON Schema core section 6.4).
//
// An expression is translated for Go's regexp, which matches in linear time.
// Lookaround, back-references and large repeat counts, which that engine does not
// know, go to a backtracking matcher of our own. It counts its steps instead of
// watching a clock, so a verdict never depends on the load of the machine, and no
// goroutine is left behind.
//
// Where ECMA-262 is stricter than what people write and every other engine reads
// the text the same way, the text is accepted: an escaped punctuation mark (\-),
// a bare ], { or }, \x{41}, (?i) and (?P<name>.
package pattern

import (
	"fmt"
	"regexp"
	"sync"
)

// Pattern is a compiled expression. It is immutable and safe for concurrent use.
type Pattern struct {
	source string
	run    *charRun       // for the simplest expressions
	linear *regexp.Regexp // nil where only backtracking will do
	prog   *program
	pool   sync.Pool // of *machine, for prog
	apart  sync.Once // makes expr
	expr   *Expr
}

// Error tells why a text is no regular expression of ECMA-262.
type Error struct {
	// Offset is the number of characters before the place where the reader stopped.
	Offset int
	// Reason says what is wrong there, without a full stop.
	Reason string
}

// Error gives the reason and the offset.
func (e *Error) Error() string { return fmt.Sprintf("%s (at character %d)", e.Reason, e.Offset+1) }

// Compile prepares an expression. The error is an *Error.
func Compile(expr string) (*Pattern, error) {
	tree, groups, err := parse(expr, false)
	if err != nil {
		return nil, err
	}
	p := &Pattern{source: expr, run: asCharRun(tree)}
	if p.run != nil {
		return p, nil
	}
	if text, ok := translate(tree); ok {
		// What fails here repeats more than Go's engine admits.
		if p.linear, err = regexp.Compile(text); err == nil {
			return p, nil
		}
	}
	p.prog = assemble(tree, groups)
	p.pool.New = func() any { return &machine{slots: make([]int, p.prog.slots)} }
	return p, nil
}

// Check tells whether the text is an expression of ECMA-262, without \x{41}, (?i)
// and (?P<name>, which Compile lets pass. The error is an *Error.
func Check(expr string) error {
	_, _, err := parse(expr, true)
	return err
}

// MatchString tells whether the expression matches anywhere in s. A match that
// exceeds the step limit counts as none.
func (p *Pattern) MatchString(s string) bool {
	switch {
	case p.run != nil:
		return p.run.match(s)
	case p.linear != nil:
		return p.linear.MatchString(s)
	}
	m := p.pool.Get().(*machine)
	defer p.pool.Put(m)
	return m.match(p.prog, s)
}

// String gives the expression as it was written.
func (p *Pattern) String() string { return p.source }
