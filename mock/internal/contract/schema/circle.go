package schema

import "slices"

// Schemas may lead back to themselves without looking into the value: a base with
// oneOf of its children, each of which refers to the base with allOf. Read to the
// letter this never ends (core section 9.4.1 leaves it undefined). A schema that
// is met again while the same value is being checked against it adds nothing to
// what is asked already, so there it counts as true.

// findCircles gives the members of each such circle among the fresh objects a
// number of their own (Tarjan's algorithm). Older objects cannot lead to them.
func (c *Compiler) findCircles(fresh []*object) {
	t := tarjan{index: map[*object]int{}, low: map[*object]int{}, open: map[*object]bool{}, c: c}
	for _, o := range fresh {
		t.index[o] = 0
	}
	for _, o := range fresh {
		if t.index[o] == 0 {
			t.visit(o)
		}
	}
}

type tarjan struct {
	c     *Compiler
	index map[*object]int // 0 for objects that were not visited
	low   map[*object]int
	open  map[*object]bool
	stack []*object
	next  int
}

func (t *tarjan) visit(o *object) {
	t.next++
	t.index[o], t.low[o] = t.next, t.next
	t.stack = append(t.stack, o)
	t.open[o] = true
	self := false
	o.eachLink(func(to *object, inPlace bool) {
		index, fresh := t.index[to]
		switch {
		case !inPlace || !fresh:
		case index == 0:
			t.visit(to)
			t.low[o] = min(t.low[o], t.low[to])
		case t.open[to]:
			t.low[o] = min(t.low[o], index)
			self = self || to == o
		}
	})
	if t.low[o] != t.index[o] {
		return
	}
	at := slices.Index(t.stack, o)
	members := t.stack[at:]
	t.stack = t.stack[:at]
	if len(members) > 1 || self {
		t.c.circles++
	}
	for _, m := range members {
		t.open[m] = false
		if len(members) > 1 || self {
			m.circle = t.c.circles
		}
	}
}
