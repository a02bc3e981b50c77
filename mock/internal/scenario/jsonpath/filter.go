package jsonpath

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// logical is a part of a filter that holds for a node or does not.
type logical interface {
	holds(e *evaluation, current any) bool
}

// comparable is a part of a filter that gives a value; ok is false for Nothing.
type comparable interface {
	value(e *evaluation, current any) (v any, ok bool)
}

type (
	or         []logical
	and        []logical
	not        struct{ logical }
	exists     struct{ query }
	comparison struct {
		left, right comparable
		op          string
	}

	// query is a query inside of a filter, from the current node or from the root.
	query struct {
		relative bool
		segments []segment
	}
	// single is a query that selects one node at most.
	single  struct{ query }
	literal struct{ v any }
)

func (x or) holds(e *evaluation, current any) bool {
	for _, each := range x {
		if each.holds(e, current) {
			return true
		}
	}
	return false
}

func (x and) holds(e *evaluation, current any) bool {
	for _, each := range x {
		if !each.holds(e, current) {
			return false
		}
	}
	return true
}

func (x not) holds(e *evaluation, current any) bool { return !x.logical.holds(e, current) }

// nodes visits what the query selects.
func (q query) nodes(e *evaluation, current any, visit func(any) bool) bool {
	if !q.relative {
		current = e.root
	}
	return e.walk(q.segments, current, visit)
}

func (x exists) holds(e *evaluation, current any) bool {
	return x.nodes(e, current, func(any) bool { return true })
}

func (x single) value(e *evaluation, current any) (v any, ok bool) {
	x.nodes(e, current, func(node any) bool {
		v, ok = node, true
		return true
	})
	return v, ok
}

func (x literal) value(*evaluation, any) (any, bool) { return x.v, true }

// holds compares as section 2.3.5.2.2 says.
func (x comparison) holds(e *evaluation, current any) bool {
	a, aOK := x.left.value(e, current)
	b, bOK := x.right.value(e, current)
	switch x.op {
	case "==":
		return e.equal(a, b, aOK, bOK)
	case "!=":
		return !e.equal(a, b, aOK, bOK)
	case "<":
		return e.less(a, b)
	case ">":
		return e.less(b, a)
	case "<=":
		return e.less(a, b) || e.equal(a, b, aOK, bOK)
	}
	return e.less(b, a) || e.equal(a, b, aOK, bOK)
}

func (e *evaluation) equal(a, b any, aOK, bOK bool) bool {
	if !aOK || !bOK {
		return aOK == bOK
	}
	return e.same(a, b)
}

// same compares two values in depth.
func (e *evaluation) same(a, b any) bool {
	if !e.step(1) {
		return false
	}
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && e.step((len(a)+len(b))/bytesPerStep) && compareNumbers(a, b) == 0
	case string:
		b, ok := b.(string)
		return ok && e.step(len(a)/bytesPerStep) && a == b
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !e.same(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name := range a {
			if other, ok := b[name]; !ok || !e.same(a[name], other) {
				return false
			}
		}
		return true
	}
	return a == b // booleans and null
}

// bytesPerStep is how much text, also of a number, counts as one step.
const bytesPerStep = 64

// less compares numbers and texts; other values are in no order.
func (e *evaluation) less(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && e.step(1+(len(a)+len(b))/bytesPerStep) && compareNumbers(a, b) < 0
	case string:
		b, ok := b.(string)
		return ok && e.step(1+len(a)/bytesPerStep) && strings.Compare(a, b) < 0
	}
	return false
}

func compareNumbers(a, b json.Number) int {
	x, _ := decimal.Parse(string(a))
	y, _ := decimal.Parse(string(b))
	return x.Cmp(y)
}

// lengthOf is the function length: characters, items or members.
type lengthOf struct{ of comparable }

func (f lengthOf) value(e *evaluation, current any) (any, bool) {
	v, _ := f.of.value(e, current)
	switch v := v.(type) {
	case string:
		e.step(len(v) / bytesPerStep)
		return number(utf8.RuneCountInString(v)), true
	case []any:
		return number(len(v)), true
	case map[string]any:
		return number(len(v)), true
	}
	return nil, false
}

// countOf is the function count.
type countOf struct{ of query }

func (f countOf) value(e *evaluation, current any) (any, bool) {
	n := 0
	f.of.nodes(e, current, func(any) bool {
		n++
		return false
	})
	return number(n), true
}

// valueOf is the function value: the one node of a query, else Nothing.
type valueOf struct{ of query }

func (f valueOf) value(e *evaluation, current any) (v any, ok bool) {
	n := 0
	f.of.nodes(e, current, func(node any) bool {
		v = node
		n++
		return n > 1
	})
	return v, n == 1
}
