package scenario

import (
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// place is where in a request one value stands that conditions look at: a
// parameter, the body, or a part of one of these.
type place struct {
	// id is the same for two places exactly if they are the same.
	id   string
	root valueCondition
	path []step
}

// step leads from an object to a member, or from an array to an item.
type step struct {
	name string
	item int // -1 for a member
}

// leniency says how text at the place may be read.
func (p *place) leniency() leniency {
	_, isBody := p.root.(*bodyCondition)
	switch {
	case !isBody:
		return lenient
	case len(p.path) == 0:
		return either
	}
	return strict
}

// String names the place for people: body /customer/name.
func (p *place) String() string {
	text := p.root.where()
	for _, s := range p.path {
		if s.item < 0 {
			text = below(text, s.name)
		} else {
			text = below(text, strconv.Itoa(s.item))
		}
	}
	return text
}

// operand gives the value at the place in a request.
func (p *place) operand(ex *exchange.Exchange) operand {
	o := p.root.operand(ex)
	for _, s := range p.path {
		o = o.at(s)
	}
	return o
}

// at gives a part of an array or object.
func (o operand) at(s step) operand {
	if s.item < 0 {
		object, _ := o.value.(map[string]any)
		return memberOf(object, s.name, o.lenient)
	}
	if items, ok := o.items(); ok && s.item < len(items) {
		return valueOf(items[s.item], o.lenient)
	}
	return operand{}
}

func (p *place) member(name string) place {
	return place{p.id + "/" + source.EscapePointer(name), p.root, append(p.path[:len(p.path):len(p.path)], step{name, -1})}
}

func (p *place) item(i int) place {
	return place{p.id + "[" + strconv.Itoa(i) + "]", p.root, append(p.path[:len(p.path):len(p.path)], step{"", i})}
}

// atom is one matcher of a condition with the place that it looks at.
type atom struct {
	place   place
	matcher matcher
}

// atoms splits the stub's conditions on values into what they say about each
// place: a request fulfils those conditions exactly if it fulfils the atoms. What
// is no condition on a value, such as an expression, is in rest.
func (st *Stub) atoms() (list []atom, rest []condition) {
	for _, c := range st.conditions {
		v, ok := c.(valueCondition)
		if !ok {
			rest = append(rest, c)
			continue
		}
		p, m := v.atom()
		list = appendAtoms(list, p, m)
	}
	return list, rest
}

func appendAtoms(list []atom, p place, m matcher) []atom {
	switch m := m.(type) {
	case all:
		for _, each := range m {
			list = appendAtoms(list, p, each)
		}
		return list
	case subset:
		list = append(list, atom{p, subset{}})
		for i := range m {
			list = appendAtoms(list, p.member(m[i].name), m[i].matcher)
		}
		return list
	case elements:
		list = append(list, atom{p, length(len(m))})
		for i, each := range m {
			list = appendAtoms(list, p.item(i), each)
		}
		return list
	case *equalTo:
		// What a value equals as a whole it equals in its parts too.
		for name, member := range m.node.Members() {
			list = appendAtoms(list, p.member(name), &equalTo{node: member})
		}
		for i, item := range m.node.Items() {
			list = appendAtoms(list, p.item(i), &equalTo{node: item})
		}
	}
	return append(list, atom{p, m})
}
