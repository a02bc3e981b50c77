package schema

import (
	"iter"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// ofItem gives the schemas that o has for the item at index i.
func (o *object) ofItem(i int) iter.Seq[*object] {
	return func(yield func(*object) bool) {
		prefix := o.linksOf("prefixItems")
		if i < len(prefix) && !yield(prefix[i]) {
			return
		}
		for _, name := range []string{"items", "contains", "unevaluatedItems"} {
			if name == "items" && i < len(prefix) {
				continue
			}
			for _, to := range o.linksOf(name) {
				if !yield(to) {
					return
				}
			}
		}
	}
}

// ofMember gives the schemas that o has for a member.
func (o *object) ofMember(name string) iter.Seq[*object] {
	return func(yield func(*object) bool) {
		declared := false
		for to := range o.declared(name) {
			declared = true
			if !yield(to) {
				return
			}
		}
		if declared {
			return
		}
		for _, word := range []string{"additionalProperties", "unevaluatedProperties"} {
			for _, to := range o.linksOf(word) {
				if !yield(to) {
					return
				}
			}
		}
	}
}

// declared gives the schemas of properties and patternProperties for a member.
func (o *object) declared(name string) iter.Seq[*object] {
	return func(yield func(*object) bool) {
		for i := range o.links {
			w := &o.words[i]
			var patterns []*pattern.Pattern
			if w.name == "patternProperties" {
				patterns = w.patterns()
			}
			for k := range o.links[i] {
				if w.name == "properties" && w.subs[k].key == name || patterns != nil && patterns[k].MatchString(name) {
					if !yield(o.links[i][k]) {
						return
					}
				}
			}
		}
	}
}

// linksOf gives the schemas of a keyword, nil where o does not have it.
func (o *object) linksOf(name string) []*object {
	i := slices.IndexFunc(o.words, func(w word) bool { return w.name == name })
	if i < 0 || o.links == nil {
		return nil
	}
	return o.links[i]
}

// faultsOfItem counts the schemas that an item does not fit, and those of contains that it
// does: where there is one it must be seen.
func (s speaking) faultsOfItem(v []any, i int) (n int) {
	for _, o := range s.may {
		prefix := o.linksOf("prefixItems")
		switch {
		case i < len(prefix):
			n += faulty(prefix[i:i+1], v[i], s.work)
		default:
			n += faulty(o.linksOf("items"), v[i], s.work)
		}
		if contains := o.linksOf("contains"); contains != nil {
			n += 1 - faulty(contains, v[i], s.work)
		}
	}
	return n
}

// faultsOfMember counts the schemas that a member does not fit, twice, because members
// that are declared count too: they tell branches apart.
func (s speaking) faultsOfMember(name string, member any) (n int) {
	for _, o := range s.may {
		declared := slices.Collect(o.declared(name))
		if len(declared) == 0 {
			n += 2 * faulty(o.linksOf("additionalProperties"), member, s.work)
			continue
		}
		n += 1 + 2*faulty(declared, member, s.work)
	}
	return n
}

// faulty counts the schemas that a value does not fit; none once there was too much to do.
func faulty(of []*object, value any, work *run) (n int) {
	for _, o := range of {
		if !o.target().fitsPart(value, work) && !work.spent() {
			n++
		}
	}
	return n
}
