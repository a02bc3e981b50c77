package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// $dynamicRef and $recursiveRef mean another schema by the way that led to them: that of the
// outermost schema resource on the way which has the anchor (core section 8.2.3.2). Which
// schemas those are is known from the description alone: a way can add what its resources
// bind for the first time, and nothing else. So what is bound is a part of an object's
// context, and such a reference is a link like all others.

// A schema is one object for each way of binding anchors. There are no more of these ways,
// and of such objects, in one Compiler.
const (
	maxScopes = 10_000
	maxScoped = 200_000
)

// scope is what a way has bound so far. It is immutable, and there is one of each kind, so
// that it can be compared. Nil binds nothing.
type scope struct {
	bound map[string]*source.Node // by $dynamicAnchor, "" for $recursiveAnchor
}

// beyond is the scope of all that is too much.
var beyond = &scope{}

// anchorName is the argument of a reference that depends on the scope.
type anchorName string

// step is a way into a schema resource.
type step struct {
	from *scope
	into *source.Node
}

// scopes has the scopes of one Compiler.
type scopes struct {
	docs    *document.Set
	anchors map[*source.Node]map[string]*source.Node // by schema resource
	known   map[string]*scope                        // by what is bound
	steps   map[step]*scope
	objects int // with a scope
}

func newScopes(docs *document.Set) scopes {
	return scopes{docs: docs, anchors: map[*source.Node]map[string]*source.Node{}, known: map[string]*scope{}, steps: map[step]*scope{}}
}

// anchorsOf gives the dynamic anchors of a schema resource.
func (s *scopes) anchorsOf(resource *source.Node) map[string]*source.Node {
	anchors, ok := s.anchors[resource]
	if !ok {
		anchors = document.DynamicAnchors(resource)
		s.anchors[resource] = anchors
	}
	return anchors
}

// into gives the scope of a schema that is reached from another one with the scope from.
func (s *scopes) into(from *scope, n *source.Node) *scope {
	resource := s.docs.Resource(n)
	if resource == nil || from == beyond {
		return from
	}
	way := step{from, resource}
	if known, ok := s.steps[way]; ok {
		return known
	}
	to := from
	for name, at := range s.anchorsOf(resource) {
		if from.node(name) != nil {
			continue
		}
		if to == from {
			to = &scope{bound: map[string]*source.Node{}}
			if from != nil {
				maps.Copy(to.bound, from.bound)
			}
		}
		to.bound[name] = at
	}
	if to != from {
		to = s.same(to)
	}
	s.steps[way] = to
	return to
}

// same gives the scope that binds the same.
func (s *scopes) same(sc *scope) *scope {
	var key strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sc.bound)) {
		fmt.Fprintf(&key, "%q %p ", name, sc.bound[name])
	}
	if known, ok := s.known[key.String()]; ok {
		return known
	}
	if len(s.known) == maxScopes {
		return beyond
	}
	s.known[key.String()] = sc
	return sc
}

// node gives the schema that is bound to an anchor, nil for none.
func (sc *scope) node(name string) *source.Node {
	if sc == nil {
		return nil
	}
	return sc.bound[name]
}

// follow gives the schema that a keyword of a schema in the scope from holds or refers to,
// and the scope there.
func (s *scopes) follow(from *scope, w *word, held sub) (*source.Node, *scope) {
	n := held.node
	if name, ok := w.arg.(anchorName); ok {
		if bound := from.node(string(name)); bound != nil {
			n = bound
		}
	}
	return n, s.into(from, n)
}

// counted tells whether there may be another object with such a scope.
func (s *scopes) counted(sc *scope) bool {
	if sc == nil {
		return true
	}
	s.objects++
	return sc != beyond && s.objects <= maxScoped
}

// tooManyWays stands for a schema that has no place any more.
func tooManyWays(n *source.Node) *reading {
	found := source.Diagnostic{Code: CodeUnusableSchema, At: n.At(), Message: "the schema cannot be compiled: there are too many ways to it that give $dynamicRef another meaning each", Hint: "let fewer schemas with an $id have the same $dynamicAnchor"}
	return &reading{node: n, found: source.Diagnostics{found}}
}

// dynamicAnchor notes that another schema of the resource has the name already.
func (r *reader) dynamicAnchor(at *source.Node) {
	if at.Kind != source.String {
		r.ignore(at, "must be a string", "")
		return
	}
	resource := r.c.docs.Resource(r.node)
	if resource == nil {
		return
	}
	if first := r.c.scopes.anchorsOf(resource)[at.Text]; first != nil && first != r.node {
		r.found = append(r.found, source.Diagnostic{
			Code: CodeKeywordIgnored, Severity: source.Warning, At: at.At(), Message: fmt.Sprintf("$dynamicAnchor is not enforced: another schema is called %q already", at.Text),
			Hint: "give each of the schemas an $id", Related: []source.Related{{At: first.At(), Message: "it is this one"}},
		})
	}
}
