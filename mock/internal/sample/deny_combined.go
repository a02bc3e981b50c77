package sample

import "github.com/understudy-mock/understudy/mock/internal/contract/schema"

// combined breaks what combines schemas.
func (d *denier) combined(w schema.Word) {
	switch w.Name() {
	case "$ref", "$dynamicRef", "$recursiveRef", "allOf":
		for _, v := range w.Subs() {
			d.ways = append(d.ways, way{items: []item{d.about(v, true)}})
		}
	case "anyOf":
		d.none(w.Subs())
	case "discriminator":
		d.none(w.Subs())
		d.untagged(w)
	case "oneOf":
		d.none(w.Subs())
		d.two(w.Subs())
	case "not":
		d.ways = append(d.ways, way{items: []item{d.about(w.Subs()[0], false)}})
	case "if":
		d.condition(w.Subs()[0])
	}
}

// none adds the way in which no branch fits.
func (d *denier) none(of []schema.View) {
	var items []item
	for _, v := range of {
		items = append(items, d.about(v, true))
	}
	d.ways = append(d.ways, way{items: items})
}

// untagged adds the ways to break a discriminator that are none of its branches'.
func (d *denier) untagged(w schema.Word) {
	c := w.Choice()
	if !c.Open {
		d.narrow(only(schema.TypeObject), withoutMember(c.Property))
	}
	if c.Exclusive {
		d.two(w.Subs()[:c.Branches])
	}
}

// maxPairs bounds the pairs of branches that are tried together.
const maxPairs = 20

// two adds the ways in which two branches fit of which only one may.
func (d *denier) two(of []schema.View) {
	pairs := 0
	for i, a := range of {
		for _, b := range of[i+1:] {
			if pairs++; pairs > maxPairs {
				return
			}
			d.ways = append(d.ways, way{items: []item{d.about(a, false), d.about(b, false)}})
		}
	}
}

// condition adds the ways to break then and else.
func (d *denier) condition(when schema.View) {
	for _, part := range []struct {
		name string
		not  bool
	}{{"then", false}, {"else", true}} {
		if w, ok := d.view.Word(part.name); ok {
			d.ways = append(d.ways, way{items: []item{d.about(when, part.not), d.about(w.Subs()[0], true)}})
		}
	}
}
