package schema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
)

// flattened takes a tree apart. The caller releases it.
func flattened(value any) *jsonvalue.Flat {
	f := jsonvalue.NewFlat()
	switch value.(type) {
	case map[string]any, []any:
		size := 0
		each(value, func(any) bool {
			size++
			return true
		})
		f.Nodes = slices.Grow(f.Nodes, size)
	}
	flatten(f, "", value)
	return f
}

// fits tells whether a whole tree fits.
func (c *checker) fits(value any) bool {
	// Most parameters are no more than this, and need no Flat.
	if !c.never && !c.circle && c.rest == nil {
		switch v := value.(type) {
		case string:
			return c.validText(v)
		case json.Number:
			return c.validNumber(string(v))
		}
	}
	f := flattened(value)
	r := run{flat: f}
	ok := c.valid(0, &r) && !r.spent()
	f.Release()
	return ok
}

// fitsPart tells whether a part of r.whole fits.
func (c *checker) fitsPart(value any, r *run) bool {
	return r.with(value, func() bool { return c.valid(0, r) })
}

// with has a part of r.whole looked at, which is the first value of r.flat meanwhile.
func (r *run) with(part any, look func() bool) bool {
	f := flattened(part)
	defer f.Release()
	r.flat = f
	ok := look()
	r.flat = nil
	return ok
}

// flatten appends a value: one of those that Schema.Valid takes. Others fit nothing.
func flatten(f *jsonvalue.Flat, name string, value any) {
	at := len(f.Nodes)
	f.Nodes = append(f.Nodes, jsonvalue.Node{Name: name})
	n := jsonvalue.Node{Name: name, Kind: jsonvalue.Foreign}
	switch v := value.(type) {
	case string:
		n.Kind, n.Text = jsonvalue.Text, v
	case map[string]any:
		n.Kind, n.Count = jsonvalue.Object, len(v)
		for name, member := range v {
			flatten(f, name, member)
		}
	case []any:
		n.Kind, n.Count = jsonvalue.Array, len(v)
		for _, item := range v {
			flatten(f, "", item)
		}
	case json.Number:
		n.Kind, n.Text = jsonvalue.Number, string(v)
	case bool:
		if n.Kind = jsonvalue.False; v {
			n.Kind = jsonvalue.True
		}
	case Measured:
		n.Kind, n.Count, n.Text = jsonvalue.Long, v.Length, string(v.Sum[:])
	case nil:
		n.Kind = jsonvalue.Null
	default:
		if number, ok := asNumber(value); ok {
			n.Kind, n.Text = jsonvalue.Number, number
		}
	}
	n.Next = int32(len(f.Nodes))
	f.Nodes[at] = n
}

// asNumber takes the number types of Go programs, which decoded JSON never holds.
func asNumber(value any) (string, bool) {
	switch v := value.(type) {
	case int:
		return strconv.Itoa(v), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", false
		}
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return "", false
}
