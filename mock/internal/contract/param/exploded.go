package param

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// decodeExploded reads an object whose members are pairs of the query or cookies
// of their own. Where other types are possible too, or a delimiter is given, a
// value under the parameter's own name is read when there are no members.
func decodeExploded(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	pairs := d.memberPairs(in)
	if len(pairs) == 0 {
		first, count := d.first(d, in)
		if count > 0 && d.wholeToo() {
			return d.decodeValues(in, out, first, count)
		}
		return d.absentMembers(first, count)
	}
	out.Present = true
	out.Raw = d.shownPairs(pairs)
	if len(pairs) > MaxMembers {
		return d.refuse(out, out.Raw, d.tooMany(""))
	}
	members := make([]member, len(pairs))
	for i, p := range pairs {
		members[i] = member{p.Name, p.RawValue}
	}
	r := reader{d: d}
	value := r.object(d.shape, members, "")
	out.Value = value
	if r.settle(value) {
		return r.repeats
	}
	return r.explain(value)
}

// memberPairs gives the pairs that are members of the object, at most one more
// than there may be.
func (d *Decoder) memberPairs(in *Input) []Pair {
	var members []Pair
	for _, p := range d.pairs(d, in) {
		_, declared := d.shape.Properties[p.Name]
		if !declared && (!d.open || p.Name == d.Name && d.types != schema.TypeObject || d.taken(p.Name)) {
			continue
		}
		if members = append(members, p); len(members) > MaxMembers {
			break
		}
	}
	return members
}
