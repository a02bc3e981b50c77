package importer

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// target is an operation that a rule's path leads to.
type target struct {
	op *contract.Operation // nil for all operations
	// path are the conditions on path parameters that the rule's path makes.
	path conditions
	// names are the contract's names for the rule's own path variables, and what
	// stands there where the contract has fixed text.
	names map[string]binding
	// segments are those of the operation's path with its base path.
	segments []string
	// whole tells that only the regular expression of the path says what is meant.
	whole bool
}

// binding is what stands in the contract's path in the place of a variable.
type binding struct {
	name  string // the contract's variable, or ""
	fixed string // the fixed text
}

// segment is one part of a rule's path.
type segment struct {
	// fixed is the text, percent-decoded, where name and pattern are empty.
	fixed string
	// name is that of a variable.
	name string
	// pattern is what a regular expression asks of the segment; nil for none.
	pattern *regexp.Regexp
	// written is the pattern as text, spans whether it may reach over a slash.
	written string
	spans   bool
	any     bool // anything but nothing, as .* and [^/]+ say it
}

// routes finds the operations for a path that is written out.
func (m *maker) routes(method, path string) []target {
	var list []target
	for _, api := range m.apis {
		seen := map[*contract.Operation]bool{}
		for _, name := range methods(api, method) {
			match := api.Route(name, path, true)
			if match.Op == nil || match.Op.Method != name || seen[match.Op] {
				continue
			}
			seen[match.Op] = true
			t := target{op: match.Op, segments: contractSegments(match.Base, match.Op), names: map[string]binding{}}
			for _, p := range match.Op.Parameters() {
				if p.In != exchange.Path {
					continue
				}
				value := match.PathValue(p.Name)
				if plain, err := url.PathUnescape(value); err == nil {
					value = plain
				}
				t.path.add(p.Name, scalar(match.Op, exchange.Path, p.Name, value))
			}
			list = append(list, t)
		}
	}
	return list
}

// methods lists the methods that a rule is for, in the order of the contract.
func methods(api *contract.Contract, method string) []string {
	if method != "" {
		return []string{strings.ToUpper(method)}
	}
	var list []string
	for _, op := range api.Operations {
		if !slices.Contains(list, op.Method) {
			list = append(list, op.Method)
		}
	}
	return list
}

// align finds the operations for a path of segments.
func (m *maker) align(method string, path []segment) []target {
	var list []target
	for _, api := range m.apis {
		for _, op := range api.Operations {
			if method != "" && !strings.EqualFold(method, op.Method) {
				continue
			}
			if t, ok := alignOperation(op, path); ok {
				list = append(list, t)
			}
		}
	}
	// Where a path means a template as it is, operations whose fixed text a variable
	// would take too are others.
	if exact := slices.DeleteFunc(slices.Clone(list), func(t target) bool { return t.bindsFixed() }); len(exact) > 0 {
		return exact
	}
	return list
}

func (t *target) bindsFixed() bool {
	for _, b := range t.names {
		if b.name == "" {
			return true
		}
	}
	return false
}

func alignOperation(op *contract.Operation, path []segment) (target, bool) {
	for _, base := range append(slices.Clone(op.Bases()), "") {
		t := target{op: op, segments: contractSegments(base, op), names: map[string]binding{}}
		if t.alignSegments(t.segments, path) {
			return t, true
		}
	}
	return target{}, false
}

func contractSegments(base string, op *contract.Operation) []string {
	return strings.Split(strings.TrimPrefix(base+op.Template, "/"), "/")
}

// alignSegments lays a rule's segments over those of the contract.
func (t *target) alignSegments(have []string, path []segment) bool {
	if len(path) == 0 {
		return len(have) == 0
	}
	s := &path[0]
	if s.spans && s.any && len(path) == 1 && len(have) > 0 { // all that is below
		return true
	}
	if s.spans {
		// The shortest reach comes first, so that /a/.*/b means one segment where that
		// is possible. One that reaches over several cannot be told apart by parameters.
		for n := 1; n <= len(have); n++ {
			saved := *t
			if n > 1 {
				t.whole = true
			}
			if (n > 1 || t.bind(have[0], s)) && t.alignSegments(have[n:], path[1:]) {
				return true
			}
			*t = saved
		}
		return false
	}
	if len(have) == 0 {
		return false
	}
	return t.bind(have[0], s) && t.alignSegments(have[1:], path[1:])
}

// bind lays one segment over one of the contract.
func (t *target) bind(have string, s *segment) bool {
	name, variable := variableOf(have)
	mixed := !variable && strings.ContainsRune(have, '{')
	switch {
	case mixed: // {id}.json: the text around the variable must be there
		if s.name == "" && s.pattern == nil {
			return false
		}
		t.whole = t.whole || s.pattern != nil && !s.any
		return true
	case s.name != "" && variable:
		t.names[s.name] = binding{name: name}
		if s.pattern != nil && !s.any {
			t.path.add(name, matcher("matches", text(s.written)))
		}
	case s.name != "":
		t.names[s.name] = binding{fixed: have}
		return s.pattern == nil || s.pattern.MatchString(have)
	case s.pattern != nil && variable:
		if !s.any {
			t.path.add(name, matcher("matches", text(s.written)))
		}
	case s.pattern != nil:
		return s.pattern.MatchString(have)
	case variable:
		if s.fixed == "" {
			return false
		}
		t.path.add(name, scalar(t.op, exchange.Path, name, s.fixed))
	default:
		return plain(have) == s.fixed
	}
	return true
}

func plain(part string) string {
	if decoded, err := url.PathUnescape(part); err == nil {
		return decoded
	}
	return part
}

// variableOf gives the variable that is all of a segment of a template.
func variableOf(part string) (name string, ok bool) {
	if len(part) < 3 || part[0] != '{' || strings.IndexByte(part, '}') != len(part)-1 {
		return "", false
	}
	return part[1 : len(part)-1], true
}

// noOperation tells that a rule's path is in no contract.
func (m *maker) noOperation(at source.Span, method, path string) {
	if method == "" {
		method = "GET"
	}
	hint := ""
	for _, api := range m.apis {
		if near := api.Closest(strings.ToUpper(method), path, 1); len(near) > 0 && hint == "" {
			hint = "the closest operation is " + near[0].Method + " " + near[0].Template
		}
	}
	m.leftOut(at, hint, "no contract has an operation for %s %s", shown(strings.ToUpper(method)), shown(path))
}

// maxShown bounds the text of a rule that a finding repeats, in bytes.
const maxShown = 200

// shown is a method or a path in a finding, on one line.
func shown(text string) string {
	return strings.Join(strings.Fields(source.Cut(text, maxShown)), " ")
}
