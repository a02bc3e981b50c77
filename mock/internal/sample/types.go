package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// simplest are the types in the order in which values end soonest.
var simplest = []schema.Types{schema.TypeNull, schema.TypeBoolean, schema.TypeNumber, schema.TypeInteger, schema.TypeString, schema.TypeArray, schema.TypeObject}

// usual are the types in the order in which they are tried where nothing says more.
var usual = []schema.Types{schema.TypeObject, schema.TypeString, schema.TypeArray, schema.TypeNumber, schema.TypeInteger, schema.TypeBoolean, schema.TypeNull}

// typesOf gives the types to try: those that keywords speak of, those of a list in its
// order, then the others; null last.
func (g *generator) typesOf(p *place, f *facts) []schema.Types {
	if p.tight {
		return among(f.types, simplest)
	}
	var order []schema.Types
	switch {
	case f.spoken&f.types != 0 && f.types != f.spoken:
		order = append(among(f.spoken, usual), usual...)
	case f.types == schema.AnyType && p.depth > 0:
		order = append([]schema.Types{schema.TypeString}, usual...)
	default:
		order = append(listedTypes(f), usual...)
	}
	list := among(f.types&^schema.TypeNull, order)
	if g.dynamic && len(list) > 1 && f.types != schema.AnyType {
		k := p.dice("type").IntN(len(list))
		list[0], list[k] = list[k], list[0]
	}
	if f.types.Has(schema.TypeNull) {
		// Where nothing names null, many readers of OpenAPI 3.0 do not expect it.
		if g.dynamic && f.types != schema.AnyType && p.dice("null").OneIn(8) {
			return append([]schema.Types{schema.TypeNull}, list...)
		}
		list = append(list, schema.TypeNull)
	}
	return list
}

// among gives those of the list that the types admit, each once. Whole numbers are
// tried only where others are not admitted.
func among(types schema.Types, list []schema.Types) []schema.Types {
	if types.Has(schema.TypeNumber) {
		types &^= schema.TypeInteger
	}
	var kept []schema.Types
	for _, t := range list {
		if types.Has(t) && !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	return kept
}

// listedTypes gives the types in the order of the first list that names several.
func listedTypes(f *facts) []schema.Types {
	names := map[string]schema.Types{"boolean": schema.TypeBoolean, "integer": schema.TypeInteger, "number": schema.TypeNumber, "string": schema.TypeString, "array": schema.TypeArray, "object": schema.TypeObject}
	var list []schema.Types
	for _, n := range f.nodes {
		for _, name := range n.Get("type").Items() {
			if t, ok := names[name.Str()]; ok {
				list = append(list, t)
			}
		}
		if list != nil {
			break
		}
	}
	return list
}
