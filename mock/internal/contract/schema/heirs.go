package schema

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// heirs are the schemas that build on one with a discriminator by referring to it with
// allOf, instead of being listed beside it. That is no rule about values: the parent
// admits whatever it says itself. But who reads such a value looks for the heir that the
// tag names, so those who make values take one.
type heirs struct {
	compiler *Compiler
	property string
	found    bool
	list     []heir
}

type heir struct {
	tag  string
	node *source.Node
}

// inherited notes that others may build on the schema by a discriminator.
func (r *reader) inherited(property string) {
	r.heirs = &heirs{compiler: r.c, property: property}
}

// find looks for the heirs: those that the mapping names, then the named schemas beside
// the parent, by their names. The caller holds the compiler's mu.
func (h *heirs) find(parent *source.Node) {
	if h.found {
		return
	}
	h.found = true
	r := &reader{reading: &reading{node: parent}, c: h.compiler}
	add := func(tag string, n *source.Node) {
		known := slices.ContainsFunc(h.list, func(other heir) bool { return other.node == n })
		if n != nil && n != parent && !known {
			h.list = append(h.list, heir{tag, n})
		}
	}
	for tag, to := range parent.Get("discriminator").Get("mapping").Members() {
		add(tag, r.mappingTarget(to.Str()))
	}
	if container := parent.Parent(); container != nil && slices.Contains([]string{"schemas", "definitions", "$defs"}, container.Key) {
		for name, n := range container.Members() {
			if r.buildsOn(n, parent) {
				add(name, n)
			}
		}
	}
}

// buildsOn tells whether the schema at n refers to the parent with allOf.
func (r *reader) buildsOn(n, parent *source.Node) bool {
	for _, part := range n.Get("allOf").Items() {
		if part.Get("$ref").Is(source.String) && r.refTarget(part) == parent {
			return true
		}
	}
	return false
}

// Heir is a schema that builds on another one with a discriminator, and the tag that
// names it.
type Heir struct {
	Tag  string
	View View
}

// Heirs gives the schemas that build on this one by its discriminator, with the property
// that holds the tag; none for most schemas. It may compile them.
func (v View) Heirs() (property string, list []Heir) {
	h := v.o.heirs
	if h == nil || v.o.forbidden {
		return "", nil
	}
	c := h.compiler
	c.mu.Lock()
	defer c.mu.Unlock()
	h.find(v.o.node)
	for _, each := range h.list {
		root := c.enter(each.node, context{dir: v.o.dir, neutral: v.o.neutral, scope: c.scopes.into(v.o.scope, each.node)})
		fresh := c.fresh
		c.fresh = nil
		c.build(fresh)
		if len(c.finish(root)) == 0 {
			list = append(list, Heir{each.tag, View{root}})
		}
	}
	return h.property, list
}
