package param

import (
	"cmp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// decodeDeep reads the deepObject style: names such as filter[range][from]. The
// specification defines one level of scalars; deeper objects and arrays are read
// as most servers do.
func decodeDeep(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	own := d.deepPairs(in)
	first, count := d.first(d, in)
	switch {
	case len(own) == 0 && count == 0:
		return d.absent()
	case len(own) == 0 && d.types != schema.TypeObject:
		return d.decodeValues(in, out, first, count)
	case count > 0:
		return d.refusePairs(out, append(own, Pair{d.Name, first}), d.notDeep(d.Name))
	case len(own) > MaxMembers:
		return d.refusePairs(out, own, d.tooMany(""))
	}
	out.Present = true
	out.Raw = d.shownPairs(own)
	if members, ok := d.flat(own); ok {
		return d.judgeMembers(out, members)
	}
	var tree branch
	for _, p := range own {
		keys, ok := brackets(p.Name[len(d.key):])
		if !ok {
			return d.refusePairs(out, own, d.notDeep(p.Name))
		}
		tree.grow(keys, p.RawValue)
	}
	r := reader{d: d}
	out.Value = r.branch(d.shape, &tree, place{})
	if r.settle(out.Value) {
		return r.repeats
	}
	return r.explain(out.Value)
}

// deepPairs gives the pairs whose names are the parameter's with brackets, at most
// one more than there may be.
func (d *Decoder) deepPairs(in *Input) []Pair {
	var own []Pair
	for _, p := range in.Query {
		if !strings.HasPrefix(p.Name, d.key) || d.taken(p.Name) {
			continue
		}
		if own = append(own, p); len(own) > MaxMembers {
			break
		}
	}
	return own
}

// flat gives the members where all have one bracket, which is all that the
// specification defines.
func (d *Decoder) flat(own []Pair) (members []Pair, ok bool) {
	if d.types != schema.TypeObject {
		return nil, false
	}
	members = make([]Pair, len(own))
	for i, p := range own {
		path := p.Name[len(d.key):]
		end := strings.IndexByte(path, ']')
		if end < 0 || end != len(path)-1 {
			return nil, false
		}
		members[i] = Pair{path[:end], p.RawValue}
	}
	return members, true
}

func (d *Decoder) refusePairs(out *exchange.Parameter, pairs []Pair, v exchange.Violation) []exchange.Violation {
	return d.refuse(out, d.shownPairs(pairs), v)
}

// brackets splits "a][b][c]", what stands behind the name and its first bracket.
func brackets(path string) (keys []string, ok bool) {
	for {
		key, rest, found := strings.Cut(path, "]")
		if keys = append(keys, key); !found || len(keys) > MaxDepth {
			return keys, false
		}
		if rest == "" {
			return keys, true
		}
		if path, found = strings.CutPrefix(rest, "["); !found {
			return keys, false
		}
	}
}

// branch is one level of a deepObject: values, or branches by key.
type branch struct {
	raws []string
	keys []string // in the order of the query
	kids map[string]*branch
}

func (b *branch) grow(keys []string, raw string) {
	for _, key := range keys {
		kid := b.kids[key]
		if kid == nil {
			kid = &branch{}
			if b.kids == nil {
				b.kids = make(map[string]*branch)
			}
			b.kids[key] = kid
			b.keys = append(b.keys, key)
		}
		b = kid
	}
	b.raws = append(b.raws, raw)
}

// branch reads one level; at is not used for the topmost, which always has kids.
func (r *reader) branch(shape *schema.Shape, b *branch, at place) any {
	if len(b.kids) == 0 {
		return r.parts(shape, b.raws, at)
	}
	pointer := ""
	if at.list != nil || at.object != nil {
		pointer = at.pointer()
	}
	types, _ := meant(shape)
	list := types.Has(schema.TypeArray) && b.isList(shape)
	if len(b.raws) > 0 || !list && !types.Has(schema.TypeObject) {
		r.notBranch(pointer, types, b)
	}
	if list {
		return r.listBranch(shape, b, pointer)
	}
	object := make(map[string]any, len(b.kids))
	for _, key := range b.keys {
		object[key] = r.branch(shape.Member(key), b.kids[key], place{parent: pointer, object: object, name: key})
	}
	return object
}

// isList tells whether all keys are empty or indices, and none is a declared member.
func (b *branch) isList(shape *schema.Shape) bool {
	for _, key := range b.keys {
		if digits(key, 0) != len(key) {
			return false
		}
		if shape != nil {
			if _, declared := shape.Properties[key]; declared {
				return false
			}
		}
	}
	return true
}

// listBranch reads items in the order of their indices, a[]=… behind them. Gaps
// are closed: an index that was left out is no item.
func (r *reader) listBranch(shape *schema.Shape, b *branch, pointer string) []any {
	keys := slices.Clone(b.keys)
	slices.SortStableFunc(keys, func(x, y string) int {
		if x == "" || y == "" {
			return cmp.Compare(len(y), len(x))
		}
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	})
	var items []*branch
	for _, key := range keys {
		if kid := b.kids[key]; key == "" && len(kid.kids) == 0 {
			for i := range kid.raws {
				items = append(items, &branch{raws: kid.raws[i : i+1]})
			}
		} else {
			items = append(items, kid)
		}
	}
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = r.branch(shape.Item(i), item, place{parent: pointer, list: list, index: i})
	}
	return list
}

// shownKeys lists what stands in the brackets of a level.
func (b *branch) shownKeys() string {
	keys := b.keys
	if len(keys) > 3 {
		keys = keys[:3]
	}
	shown := make([]string, len(keys))
	for i, key := range keys {
		shown[i] = "[" + clip(key) + "]"
	}
	if len(b.keys) > 3 {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}
