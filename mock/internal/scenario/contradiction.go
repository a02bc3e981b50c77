package scenario

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// wanted is all that a stub's conditions say about one place.
type wanted struct {
	*compiler
	place    *place
	matchers []matcher
	// valid tells that the request keeps to the contract.
	valid bool
	// shape is what the contract says of the place, nil for anything.
	shape *schema.Shape
}

// contradictions reports conditions that no request fulfils: they exclude each
// other, or what the contract demands of valid requests.
func (c *compiler) contradictions(st *Stub) {
	atoms, _ := st.atoms()
	var order []*wanted
	at := make(map[string]*wanted, len(atoms))
	for i := range atoms {
		a := &atoms[i]
		w := at[a.place.id]
		if w == nil {
			w = &wanted{compiler: c, place: &a.place, valid: st.valid == validOnly}
			at[a.place.id] = w
			order = append(order, w)
		}
		w.matchers = append(w.matchers, a.matcher)
	}
	for _, w := range order {
		if len(w.matchers) == 1 {
			if _, _, plain := equals(w.matchers[0]); plain {
				continue // fulfils itself; the contract was asked when it was compiled
			}
		}
		w.shape = c.shapeAt(w.place, false)
		if w.absence() || w.values() || w.magnitudes() || w.moments() || w.texts() {
			continue
		}
		w.others()
	}
}

// shapeAt gives what the contract says of a place; around tells that the place is
// asked for as what holds other places.
func (c *compiler) shapeAt(p *place, around bool) *schema.Shape {
	var shape *schema.Shape
	switch root := p.root.(type) {
	case *parameterCondition:
		shape = c.shapeOf(c.op.Parameter(root.in, root.name).Schema)
	case *bodyCondition:
		shape = c.onlyBodyShape(len(p.path) > 0 || around)
	}
	for _, s := range p.path {
		if s.item < 0 {
			shape = shape.Member(s.name)
		} else {
			shape = shape.Item(s.item)
		}
	}
	return shape
}

// clash reports two conditions that exclude each other.
func (w *wanted) clash(a, b matcher) bool {
	first, second := w.locate(a), w.locate(b)
	if first.At().Off > second.At().Off {
		a, b, first, second = b, a, second, first
	}
	w.fault(CodeNeverHolds, second.At(), fmt.Sprintf("%s cannot be %s and %s at once: the stub never answers", w.place, a, b), "remove one of the conditions",
		related(first.At(), "the other condition")...)
	return true
}

// refused reports a condition that the contract excludes.
func (w *wanted) refused(m matcher, message, hint string, at source.Span) bool {
	w.fault(CodeNeverHolds, w.locate(m).At(), message+": the stub never answers", hint, related(at, "the contract says so here")...)
	return true
}

// absence looks for a value that must be absent and cannot be.
func (w *wanted) absence() bool {
	i := slices.IndexFunc(w.matchers, forbidsValue)
	if i < 0 {
		return false
	}
	gone := w.matchers[i]
	if j := slices.IndexFunc(w.matchers, func(m matcher) bool { return !m.match(operand{}) }); j >= 0 {
		return w.clash(gone, w.matchers[j])
	}
	const orInvalid = "leave the condition out, or write valid: false under when"
	if len(w.place.path) > 0 {
		if at, required := w.requiredMember(); w.valid && required {
			w.refused(gone, fmt.Sprintf("%s is required in valid requests", w.place), orInvalid, at)
		}
		return true
	}
	switch root := w.place.root.(type) {
	case *bodyCondition:
		if at, required := w.op.RequestBodyRequired(); w.valid && required {
			w.refused(gone, "a body is required in valid requests", orInvalid, at)
		}
	case *parameterCondition:
		p := w.op.Parameter(root.in, root.name)
		at := p.Node.At()
		if n := p.Node.Get("required"); n != nil {
			at = n.At()
		}
		switch {
		case p.In == exchange.Path:
			w.refused(gone, fmt.Sprintf("%s is a part of the path, so every request has it", w.place), "leave the condition out", at)
		case p.Required && w.valid:
			w.refused(gone, fmt.Sprintf("%s is required in valid requests", w.place), orInvalid, at)
		}
	}
	return true
}

// requiredMember tells whether the object around the place must have it, and where
// that is said.
func (w *wanted) requiredMember() (at source.Span, required bool) {
	last := w.place.path[len(w.place.path)-1]
	around := place{root: w.place.root, path: w.place.path[:len(w.place.path)-1]}
	for word := range w.words(w.shapeAt(&around, true)) {
		if word.Name() == "required" && last.item < 0 && slices.Contains(word.Required(), last.name) {
			return word.At().At(), true
		}
	}
	return at, false
}

// values looks for a value that fulfils all conditions where there are few that
// could: those that one of them lists, or those of the schema.
func (w *wanted) values() bool {
	for _, m := range w.matchers {
		nodes, fold, ok := equals(m)
		if !ok || fold {
			continue
		}
		for _, n := range nodes {
			if w.fulfilled(n) {
				return false
			}
		}
		return w.clash(m, w.opponent(m, nodes))
	}
	if !w.valid || !w.needed() {
		return false
	}
	for word := range w.words(w.shape) {
		if word.Name() != "enum" && word.Name() != "const" {
			continue
		}
		listed := word.Listed()
		if slices.ContainsFunc(listed, w.fulfilled) {
			return false
		}
		m := w.culprit(listed)
		texts := make([]string, len(listed))
		for i, n := range listed {
			texts[i] = shownNode(n)
		}
		return w.refused(m, fmt.Sprintf("no valid request has %s in %s", m, w.place), "it is "+shorten(orList(texts)), word.At().At())
	}
	return false
}

// needed tells whether the conditions want the value to be there.
func (w *wanted) needed() bool {
	return slices.ContainsFunc(w.matchers, func(m matcher) bool { return !m.match(operand{}) })
}

// fulfilled tells whether something that is equal to n may fulfil all conditions.
func (w *wanted) fulfilled(n *source.Node) bool {
	return slices.ContainsFunc(readingsOf(n, w.place.leniency()), func(r reading) bool {
		return !slices.ContainsFunc(w.matchers, func(m matcher) bool { return !r.mayFulfil(m) })
	})
}

func (r reading) mayFulfil(m matcher) bool { return r.sentAnyhow && looksAtText(m) || r.match(m) }

func (r reading) match(m matcher) bool { return m.match(r.operand) }

// opponent finds the condition that excludes the values of another one, the last
// where each excludes some of them.
func (w *wanted) opponent(m matcher, nodes []*source.Node) matcher {
	other := m
	for _, each := range w.matchers {
		if same(each, m) {
			continue
		}
		other = each
		one := &wanted{place: w.place, matchers: []matcher{each}}
		if !slices.ContainsFunc(nodes, one.fulfilled) {
			break
		}
	}
	return other
}

// culprit finds the condition that excludes all of the values, else the first one.
func (w *wanted) culprit(nodes []*source.Node) matcher {
	for _, each := range w.matchers {
		one := &wanted{place: w.place, matchers: []matcher{each}}
		if !slices.ContainsFunc(nodes, one.fulfilled) {
			return each
		}
	}
	return w.matchers[0]
}

// moments looks for a time that is after one and before another.
func (w *wanted) moments() bool {
	var after, before *moment
	for _, m := range w.matchers {
		m, ok := m.(*moment)
		switch {
		case !ok:
		case m.after && (after == nil || m.limit.After(after.limit)):
			after = m
		case !m.after && (before == nil || m.limit.Before(before.limit)):
			before = m
		}
	}
	return after != nil && before != nil && !after.limit.Before(before.limit) && w.clash(after, before)
}

// others looks for two conditions that exclude each other by what they are.
func (w *wanted) others() {
	for i, a := range w.matchers {
		for _, b := range w.matchers[:i] {
			if w.exclude(a, b) || w.exclude(b, a) {
				w.clash(a, b)
				return
			}
		}
	}
}

func (w *wanted) exclude(a, b matcher) bool {
	switch b := b.(type) {
	case *textTest:
		a, ok := a.(*textTest)
		return ok && excludes(a, b)
	case length:
		a, ok := a.(length)
		return ok && a != b
	case not:
		return implies(a, b.matcher, w.place.leniency())
	}
	return false
}
