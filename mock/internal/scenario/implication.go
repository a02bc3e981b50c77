package scenario

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// implies tells whether every value that fulfils a fulfils b too, as far as that
// can be seen: equalTo x implies oneOf [x, y], which implies present. false means
// that it is not known.
func implies(a, b matcher, how leniency) bool {
	if same(a, b) {
		return true
	}
	if alternatives, ok := a.(anyOf); ok {
		for _, each := range alternatives {
			if !implies(each, b, how) {
				return false
			}
		}
		return true
	}
	if conjunction, ok := a.(all); ok {
		for _, each := range conjunction {
			if implies(each, b, how) {
				return true
			}
		}
		return false
	}
	switch b := b.(type) {
	case presence:
		if b.want {
			return !a.match(operand{})
		}
		return forbidsValue(a)
	case all:
		for _, each := range b {
			if !implies(a, each, how) {
				return false
			}
		}
		return true
	case anyOf:
		for _, each := range b {
			if implies(a, each, how) {
				return true
			}
		}
	case *magnitude:
		if a, ok := a.(*magnitude); ok && a.greater == b.greater {
			return a.limit.Cmp(b.limit) == 0 || (a.limit.Cmp(b.limit) > 0) == a.greater
		}
	case *moment:
		if a, ok := a.(*moment); ok && a.after == b.after {
			return a.limit.Equal(b.limit) || a.limit.After(b.limit) == a.after
		}
	}
	if a, ok := a.(*equalTo); ok {
		return impliedByValue(a, b, how)
	}
	return false
}

// forbidsValue tells whether nothing but the absence of a value fulfils a matcher.
func forbidsValue(m matcher) bool {
	switch m := m.(type) {
	case presence:
		return !m.want
	case not:
		inner, ok := m.matcher.(presence)
		return ok && inner.want
	case all:
		return slices.ContainsFunc(m, forbidsValue)
	case anyOf:
		return !slices.ContainsFunc(m, func(each matcher) bool { return !forbidsValue(each) })
	}
	return false
}

// impliedByValue tells whether all that is equal to a value fulfils a matcher.
func impliedByValue(a *equalTo, b matcher, how leniency) bool {
	if a.fold {
		e, ok := b.(*equalTo)
		return ok && e.fold && a.node.Kind == e.node.Kind && e.sameText(a.node.Text)
	}
	for _, o := range readingsOf(a.node, how) {
		if o.sentAnyhow && looksAtText(b) || !b.match(o.operand) {
			return false
		}
	}
	return true
}

// reading is a value that a request may have where an expected one is equal to it.
type reading struct {
	operand
	// sentAnyhow tells that the text may be another one: 2 may be sent as 2.0.
	sentAnyhow bool
}

// leniency says whether text of the request may be read as a number or boolean.
type leniency uint8

// A part of a body is data. Parameters are text at first. A body as a whole is
// data, or text where it was not decoded.
const (
	strict leniency = iota
	lenient
	either
)

// readingsOf lists what in a request is equal to an expected value. What is sent
// as text may be decoded as a number or a boolean, where it is lenient.
func readingsOf(n *source.Node, how leniency) []reading {
	if how == either {
		return append(readingsOf(n, strict), readingsOf(n, lenient)...)
	}
	_, number := decimal.Parse(n.Text)
	isLenient := how == lenient
	switch {
	case n.Is(source.Number) && isLenient:
		return []reading{{valueOf(json.Number(n.Text), true), true}, {textOf(n.Text), false}}
	case n.Is(source.Number):
		return []reading{{valueOf(json.Number(n.Text), false), true}}
	case n.Is(source.String):
		list := []reading{{valueOf(n.Text, isLenient), false}}
		if isLenient && number {
			list = append(list, reading{valueOf(json.Number(n.Text), true), true})
		}
		if isLenient && (n.Text == "true" || n.Text == "false") {
			list = append(list, reading{valueOf(n.Text == "true", true), false})
		}
		return list
	case n.Is(source.Bool) && isLenient:
		return []reading{{valueOf(n.IsTrue(), true), false}, {textOf(n.Text), false}}
	}
	return []reading{{valueOf(n.Value(), isLenient), false}}
}

// looksAtText tells whether a matcher tells two texts of the same number apart.
func looksAtText(m matcher) bool {
	switch m := m.(type) {
	case *textTest, *pattern, *contains, *moment:
		return true
	case not:
		return looksAtText(m.matcher)
	case all:
		return anyLooksAtText(m)
	case anyOf:
		return anyLooksAtText(m)
	}
	return false
}

func anyLooksAtText(list []matcher) bool {
	for _, m := range list {
		if looksAtText(m) {
			return true
		}
	}
	return false
}

// same tells whether two matchers are the same.
func same(a, b matcher) bool {
	switch a := a.(type) {
	case *equalTo:
		b, ok := b.(*equalTo)
		return ok && a.fold == b.fold && sameNode(a.node, b.node)
	case not:
		b, ok := b.(not)
		return ok && same(a.matcher, b.matcher)
	case *textTest:
		b, ok := b.(*textTest)
		return ok && a.what == b.what && a.want == b.want && a.fold == b.fold
	case *contains:
		b, ok := b.(*contains)
		return ok && same(a.element, b.element) && (a.part == nil) == (b.part == nil) && (a.part == nil || same(a.part, b.part))
	case *pattern:
		b, ok := b.(*pattern)
		return ok && a.re.String() == b.re.String()
	case presence:
		return a == b
	case length:
		return a == b
	case *magnitude:
		b, ok := b.(*magnitude)
		return ok && a.greater == b.greater && a.limit.Cmp(b.limit) == 0
	case *moment:
		b, ok := b.(*moment)
		return ok && a.after == b.after && a.limit.Equal(b.limit)
	case *conforms:
		b, ok := b.(*conforms)
		return ok && a.schema == b.schema
	case all:
		b, ok := b.(all)
		return ok && sameList(a, b)
	case anyOf:
		b, ok := b.(anyOf)
		return ok && sameList(a, b)
	case elements:
		b, ok := b.(elements)
		return ok && sameList(a, b)
	case subset:
		b, ok := b.(subset)
		return ok && sameMembers(a, b)
	}
	return false
}

func sameList(a, b []matcher) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

func sameMembers(a, b subset) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].name != b[i].name || !same(a[i].matcher, b[i].matcher) {
			return false
		}
	}
	return true
}

// sameNode tells whether two expected values are written alike.
func sameNode(a, b *source.Node) bool {
	if a.Kind != b.Kind || len(a.Kids) != len(b.Kids) {
		return false
	}
	if a.Text != b.Text {
		return false
	}
	for i := range a.Kids {
		if a.Kids[i].Key != b.Kids[i].Key || !sameNode(&a.Kids[i], &b.Kids[i]) {
			return false
		}
	}
	return true
}

// excludes tells whether two texts cannot begin, or end, the same text.
func excludes(a, b *textTest) bool {
	if a.what != b.what {
		return false
	}
	x, y := a.want, b.want
	if a.fold || b.fold {
		x, y = strings.ToLower(x), strings.ToLower(y)
	}
	switch a.what {
	case textStartsWith:
		return !strings.HasPrefix(x, y) && !strings.HasPrefix(y, x)
	case textEndsWith:
		return !strings.HasSuffix(x, y) && !strings.HasSuffix(y, x)
	}
	return false
}
