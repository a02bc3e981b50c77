package contract

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// router finds the operation for a path below one base path. It is a tree of
// path segments, so that its cost grows with the segments of the request and not
// with the number of paths. The zero value is empty; it is immutable after load.
type router struct{ root segment }

// segment is one node of the tree: what may come next on the path.
type segment struct {
	// fixed are segments of plain text; byName finds them where there are many, else it is
	// nil.
	fixed  []fixed
	byName map[string]*segment
	// patterns are segments that mix text and variables ({id}.json), the one with
	// the most literal text first, and last the plain variable.
	patterns []pattern
	// leaves are the operations whose templates end here, in file order.
	leaves []leaf
}

// fixed is a segment of plain text.
type fixed struct {
	name string
	next *segment
}

// pattern is a segment with variables.
type pattern struct {
	next  *segment
	plain bool // it is one variable without text
	parts []string
	shape string // literals with {} for each variable
}

// leaf is an operation with the names that its template gives the variables.
type leaf struct {
	op    *Operation
	names []string
}

// maxVariables bounds the variables of a template.
const maxVariables = 32

// add enters an operation under its template. shared gives a text that equal ones share.
func (r *router) add(op *Operation, shared func(string) string) error {
	at, l := &r.root, leaf{op: op}
	for part := range strings.SplitSeq(op.Template[1:], "/") {
		literals, names, err := splitSegment(part)
		if err != nil {
			return fmt.Errorf("the path %q cannot be read: %w", op.Template, err)
		}
		for _, name := range names {
			l.names = append(l.names, shared(name))
		}
		if len(names) == 0 {
			at = at.enter(shared(literal(part)))
			continue
		}
		at = at.pattern(literals)
	}
	if len(l.names) > maxVariables {
		return fmt.Errorf("the path %q has more than %d variables", op.Template, maxVariables)
	}
	for i, name := range l.names {
		if slices.Contains(l.names[:i], name) {
			return fmt.Errorf("the path %q names the variable {%s} twice", op.Template, name)
		}
	}
	at.leaves = append(at.leaves, l)
	return nil
}

// splitSegment takes a template segment apart: n variables with n+1 literals
// around them, which are canonical.
func splitSegment(part string) (literals, names []string, err error) {
	rest := part
	for {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			if strings.IndexByte(rest, '}') >= 0 {
				return nil, nil, errors.New("a } has no {")
			}
			return append(literals, canonical(rest)), names, nil
		}
		end := strings.IndexByte(rest[open:], '}')
		if end < 2 {
			return nil, nil, errors.New("a { has no name and } behind it")
		}
		literals = append(literals, canonical(rest[:open]))
		names = append(names, rest[open+1:open+end])
		rest = rest[open+end+1:]
	}
}

// literal is the form in which a segment without variables is compared: percent-decoded.
func literal(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// maxListed bounds the fixed segments that are looked at one after the other.
const maxListed = 8

// find gives the fixed segment of a name, nil for none.
func (s *segment) find(name string) *segment {
	if s.byName != nil {
		return s.byName[name]
	}
	for i := range s.fixed {
		if s.fixed[i].name == name {
			return s.fixed[i].next
		}
	}
	return nil
}

// enter is find that makes the segment where there is none.
func (s *segment) enter(name string) *segment {
	if next := s.find(name); next != nil {
		return next
	}
	next := &segment{}
	s.fixed = append(s.fixed, fixed{name, next})
	switch {
	case s.byName != nil:
		s.byName[name] = next
	case len(s.fixed) > maxListed:
		s.byName = make(map[string]*segment, len(s.fixed))
		for _, f := range s.fixed {
			s.byName[f.name] = f.next
		}
	}
	return next
}

func (s *segment) pattern(literals []string) *segment {
	shape := strings.Join(literals, "{}")
	for i := range s.patterns {
		if s.patterns[i].shape == shape {
			return s.patterns[i].next
		}
	}
	p := pattern{shape: shape, plain: shape == "{}", parts: literals, next: &segment{}}
	s.patterns = append(s.patterns, p)
	slices.SortStableFunc(s.patterns, func(a, b pattern) int { return len(b.shape) - len(a.shape) })
	return p.next
}
