package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Expectation says how many requests of a kind there are to be, or in which order
// they are to come. It is immutable and safe for concurrent use.
type Expectation struct {
	// Name is the one that was given to it, "" for none.
	Name string
	// Pattern chooses the requests; nil for an order.
	Pattern *Pattern
	// Least and Most bound their number; Most is -1 for no bound.
	Least, Most int
	// Order are the steps of an order, which come one after the other.
	Order []Expectation
}

// Expectations are the expectations of one document.
type Expectations struct {
	List []Expectation
	// Warnings are the findings that do not keep it from being used.
	Warnings source.Diagnostics
}

// ReadExpectations reads a document in YAML or JSON: a list of expectations, a mapping
// with such a list under expectations, or a single one. name is what findings call it.
// The error is a source.Diagnostics with all that is wrong.
func ReadExpectations(name string, data []byte, apis []*contract.Contract) (*Expectations, error) {
	l := newLoader(apis)
	root := l.parseDocument(name, data)
	list := &Expectations{}
	d := &decoder{&l.findings}
	var specs []*expectationSpec
	switch {
	case l.faults > 0 || l.list.Errors() > 0:
	case root.Is(source.Array):
		specs = readExpectations(d, root)
	case root.Has("expectations"):
		for key, member := range root.Members() {
			if key != "expectations" {
				d.fault(CodeUnknownKey, member.KeyAt(), fmt.Sprintf("the document has no key %q beside expectations", key), "write it in an expectation, or leave it out")
			} else if d.expect(member, isList, `"expectations"`) {
				specs = readExpectations(d, member)
			}
		}
	case d.expectOr(root, isObject|isList, "the document", "write - operation: getOrder"):
		specs = append(specs, readExpectation(d, root, false))
	}
	for _, spec := range specs {
		list.List = append(list.List, l.expectation(spec))
	}
	list.Warnings = l.list.Sort()
	return list, list.Warnings.Err()
}

func readExpectations(d *decoder, n *source.Node) []*expectationSpec {
	if len(n.Kids) == 0 || len(n.Kids) > MaxExpectations {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("there are 1 to %d expectations, not %d", MaxExpectations, len(n.Kids)), "write one such as: operation: getOrder")
		return nil
	}
	var specs []*expectationSpec
	for _, item := range n.Items() {
		if d.expectOr(item, isObject, "each expectation", "write - operation: getOrder") {
			specs = append(specs, readExpectation(d, item, false))
		}
	}
	return specs
}

// ReadPattern reads a pattern in YAML or JSON: operation and when. name is what
// findings call it. The error is a source.Diagnostics with all that is wrong.
func ReadPattern(name string, data []byte, apis []*contract.Contract) (*Pattern, error) {
	l := newLoader(apis)
	root := l.parseDocument(name, data)
	d := &decoder{&l.findings}
	if l.list.Errors() == 0 && d.expectOr(root, isObject, "the pattern", "write operation: getOrder") {
		spec := patternSpec{node: root}
		patternObject.decode(d, root, &spec)
		if !root.Has("operation") {
			d.fault(CodeBadValue, root.At(), "the pattern names no operation", `write operation: getOrder, or operation: "*" for every request`)
		}
		if l.faults == 0 {
			p := l.pattern(spec.operation, &spec.when)
			return p, l.list.Sort().Err()
		}
	}
	return nil, l.list.Sort().Err()
}

// parseDocument parses a document that stands in no folder.
func (l *loader) parseDocument(name string, data []byte) *source.Node {
	src := &source.File{Name: name, Data: data}
	root, found := source.Parse(src, source.Options{})
	l.list = append(l.list, found...)
	return root
}

// expectation compiles an expectation. What is wrong with it is reported.
func (l *loader) expectation(spec *expectationSpec) Expectation {
	e := Expectation{Name: spec.name, Least: 1, Most: -1}
	if spec.order != nil {
		for _, step := range spec.steps {
			e.Order = append(e.Order, l.expectation(step))
		}
		return e
	}
	switch {
	case spec.exactly >= 0:
		e.Least, e.Most = spec.exactly, spec.exactly
	case spec.atLeast >= 0:
		e.Least, e.Most = spec.atLeast, spec.atMost
	case spec.atMost >= 0:
		e.Least, e.Most = 0, spec.atMost
	}
	if spec.operation != nil {
		e.Pattern = l.pattern(spec.operation, &spec.when)
	}
	return e
}

// String says what is expected: "getOrder when {…}: exactly 2".
func (e *Expectation) String() string {
	if e.Pattern == nil {
		return fmt.Sprintf("%d steps in order", len(e.Order))
	}
	return e.Pattern.Written + ": " + e.Count()
}

// Count says how many requests are expected.
func (e *Expectation) Count() string {
	switch {
	case e.Least == e.Most:
		return fmt.Sprintf("exactly %d", e.Least)
	case e.Most < 0:
		return fmt.Sprintf("at least %d", e.Least)
	case e.Least == 0:
		return fmt.Sprintf("at most %d", e.Most)
	}
	return fmt.Sprintf("%d to %d", e.Least, e.Most)
}
