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
	return d.judgeMembers(out, pairs)
}

// judgeMembers reads and checks an object of which the members were found.
func (d *Decoder) judgeMembers(out *exchange.Parameter, members []Pair) []exchange.Violation {
	r := reader{d: d}
	out.Value = r.object(d.shape, members, "")
	if r.settle(out.Value) {
		return r.repeats
	}
	return r.explain(out.Value)
}

// memberPairs gives the pairs that are members of the object, at most one more
// than there may be.
func (d *Decoder) memberPairs(in *Input) []Pair {
	var members []Pair
	pairs := d.pairs(d, in)
	for _, p := range pairs {
		_, declared := d.shape.Properties[p.Name]
		if !declared && (!d.open || p.Name == d.Name && d.types != schema.TypeObject || d.taken(p.Name)) {
			continue
		}
		if members == nil {
			members = make([]Pair, 0, min(len(pairs), len(d.shape.Properties)+4))
		}
		if members = append(members, p); len(members) > MaxMembers {
			break
		}
	}
	return members
}
