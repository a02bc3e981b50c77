package scenario

import (
	"fmt"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// patternSpec is a pattern as it is written.
type patternSpec struct {
	node      *source.Node
	operation *source.Node
	when      whenSpec
}

// expectationSpec is an expectation as it is written. A count that is not stated is -1.
type expectationSpec struct {
	patternSpec
	name                     string
	exactly, atLeast, atMost int
	counts                   []*source.Node // exactly, atLeast and atMost, as stated
	order                    *source.Node
	steps                    []*expectationSpec
}

// Limits of expectations.
const (
	// MaxExpectations bounds the expectations of one document.
	MaxExpectations = 1_000
	// MaxSteps bounds the steps of one order.
	MaxSteps = 100
)

var patternObject, expectationObject = newPatternObject(), newExpectationObject()

func newPatternObject() *object[patternSpec] {
	return &object[patternSpec]{what: "a pattern", elsewhere: besidePattern, fields: []field[patternSpec]{
		{name: "operation", kinds: isText, doc: "The operationId, METHOD /path/{template}, or * for every request.",
			read: func(_ *decoder, n *source.Node, p *patternSpec) { p.operation = n }},
		{name: "when", kinds: isObject, doc: "Conditions as those of a stub.", schema: is("when"),
			read: func(d *decoder, n *source.Node, p *patternSpec) {
				p.when.node = n
				whenObject.decode(d, n, &p.when)
			}},
	}}
}

func newExpectationObject() *object[expectationSpec] {
	count := func(field func(*expectationSpec) *int) func(d *decoder, n *source.Node, e *expectationSpec) {
		return func(d *decoder, n *source.Node, e *expectationSpec) {
			number, err := strconv.Atoi(n.Text)
			if err != nil || number < 0 {
				d.fault(CodeBadValue, n.At(), fmt.Sprintf("%s is no number of requests", n.Text), "write a whole number from 0")
				return
			}
			*field(e) = number
			e.counts = append(e.counts, n)
		}
	}
	o := &object[expectationSpec]{what: "an expectation", elsewhere: besidePattern}
	for _, f := range patternObject.fields {
		o.fields = append(o.fields, field[expectationSpec]{name: f.name, kinds: f.kinds, doc: f.doc, schema: f.schema,
			read: func(d *decoder, n *source.Node, e *expectationSpec) { f.read(d, n, &e.patternSpec) }})
	}
	o.fields = append(o.fields,
		field[expectationSpec]{name: "name", kinds: isText, doc: "What the result calls it.", read: func(_ *decoder, n *source.Node, e *expectationSpec) { e.name = n.Text }},
		field[expectationSpec]{name: "exactly", kinds: isNumber, doc: "How many such requests there are.", schema: wholeNumber(0, 0), read: count(func(e *expectationSpec) *int { return &e.exactly })},
		field[expectationSpec]{name: "atLeast", kinds: isNumber, doc: "How many such requests there are at least; 1 where nothing is stated.", schema: wholeNumber(0, 0), read: count(func(e *expectationSpec) *int { return &e.atLeast })},
		field[expectationSpec]{name: "atMost", kinds: isNumber, doc: "How many such requests there are at most.", schema: wholeNumber(0, 0), read: count(func(e *expectationSpec) *int { return &e.atMost })},
		field[expectationSpec]{name: "order", kinds: isList, doc: "Expectations that are fulfilled one after the other.", read: func(d *decoder, n *source.Node, e *expectationSpec) { e.order = n }},
	)
	return o
}

// besidePattern says where a key belongs that stands beside operation.
func besidePattern(n *source.Node) string {
	if whenObject.field(n.Key) == nil {
		return ""
	}
	value := "…"
	if isScalar.has(n.Kind) {
		value = shownNode(n)
	}
	return fmt.Sprintf("write when: {%s: %s}", n.Key, value)
}

// readExpectation decodes an expectation; inOrder tells that it is a step of another.
func readExpectation(d *decoder, n *source.Node, inOrder bool) *expectationSpec {
	e := &expectationSpec{patternSpec: patternSpec{node: n}, exactly: -1, atLeast: -1, atMost: -1}
	expectationObject.decode(d, n, e)
	switch {
	case e.order != nil && inOrder:
		d.fault(CodeMisplacedKey, e.order.KeyAt(), "an order cannot be a step of an order", "write its steps one after the other")
	case e.order != nil:
		e.readSteps(d)
	case !n.Has("operation"):
		d.fault(CodeBadValue, n.At(), "the expectation names no operation", `write operation: getOrder, or operation: "*" for every request`)
	}
	e.checkCounts(d)
	return e
}

// readSteps decodes an order.
func (e *expectationSpec) readSteps(d *decoder) {
	for _, key := range []string{"operation", "when", "exactly", "atLeast", "atMost"} {
		if other := e.node.Get(key); other != nil {
			d.fault(CodeMisplacedKey, other.KeyAt(), fmt.Sprintf("%q says nothing beside an order", key), "write it in a step of the order")
		}
	}
	if len(e.order.Kids) == 0 || len(e.order.Kids) > MaxSteps {
		d.fault(CodeBadValue, e.order.KeyAt(), fmt.Sprintf("an order has 1 to %d steps, not %d", MaxSteps, len(e.order.Kids)), "write each step as an expectation, and a longer order as several")
		return
	}
	for _, step := range e.order.Items() {
		if d.expectOr(step, isObject, "each step", "write {operation: getOrder}") {
			e.steps = append(e.steps, readExpectation(d, step, true))
		}
	}
}

// checkCounts reports counts that exclude each other.
func (e *expectationSpec) checkCounts(d *decoder) {
	switch {
	case e.exactly >= 0 && len(e.counts) > 1:
		d.fault(CodeMisplacedKey, e.counts[1].KeyAt(), `"exactly" says it all: another count beside it says nothing`, "leave one of them out")
	case e.atLeast > e.atMost && e.atMost >= 0:
		d.fault(CodeBadValue, e.counts[1].At(), fmt.Sprintf("there cannot be at least %d and at most %d", e.atLeast, e.atMost), "write the smaller number under atLeast")
	}
}
