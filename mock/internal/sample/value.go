package sample

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// value is a value that was made: in order for the reader, and as data for the engine.
type value struct {
	node source.Node
	data any
	size int // about as many bytes as it takes as JSON
}

func null() value { return value{source.New(nil, source.Null, "", ""), nil, len("null")} }

func boolean(b bool) value {
	text := "false"
	if b {
		text = "true"
	}
	return value{source.New(nil, source.Bool, "", text), b, len(text)}
}

func number(text string) value {
	return value{source.New(nil, source.Number, "", text), json.Number(text), len(text)}
}

func text(s string) value {
	return value{source.New(nil, source.String, "", s), s, len(s) + 2}
}

// given is a value that stands in the contract.
func given(n *source.Node) value {
	return value{n.Renamed(""), n.Value(), sizeOf(n)}
}

func sizeOf(n *source.Node) int {
	size := len(n.Key) + len(n.Text) + 4
	for i := range n.Kids {
		size += sizeOf(&n.Kids[i])
	}
	return size
}

func array(items []value) value {
	v := value{size: 2}
	kids, data := make([]source.Node, len(items)), make([]any, len(items))
	for i := range items {
		kids[i], data[i] = items[i].node, items[i].data
		v.size += items[i].size + 1
	}
	v.node, v.data = source.New(nil, source.Array, "", "", kids...), data
	return v
}

// member is a member of an object.
type member struct {
	name string
	value
}

func object(members []member) value {
	v := value{size: 2}
	kids, data := make([]source.Node, len(members)), make(map[string]any, len(members))
	for i := range members {
		kids[i], data[members[i].name] = members[i].node.Renamed(members[i].name), members[i].data
		v.size += members[i].size + len(members[i].name) + 4
	}
	v.node, v.data = source.New(nil, source.Object, "", "", kids...), data
	return v
}

// sized gives a value back unless it is larger than any that is made.
func (g *generator) sized(p *place, f *facts, v value) (value, bool) {
	if v.size > MaxBody {
		g.failLimit(p, f.node(), "values of more than "+strconv.Itoa(MaxBody)+" bytes are not made")
		return value{}, false
	}
	return v, true
}

// taken are values that must not come again.
type taken map[string]bool

func (t taken) add(data any) { t[string(appendKey(nil, data))] = true }

func (t taken) has(data any) bool { return len(t) > 0 && t[string(appendKey(nil, data))] }

// appendKey appends a text that two values share only when JSON Schema takes them for
// equal.
func appendKey(dst []byte, data any) []byte {
	switch v := data.(type) {
	case string:
		return source.AppendJSONString(dst, v)
	case bool:
		if v {
			return append(dst, 't')
		}
		return append(dst, 'f')
	case json.Number:
		d, _ := decimal.Parse(string(v))
		return append(d.AppendKey(append(dst, '#')), ';')
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			dst = append(appendKey(dst, item), ',')
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for _, name := range slices.Sorted(maps.Keys(v)) {
			dst = append(source.AppendJSONString(dst, name), ':')
			dst = append(appendKey(dst, v[name]), ',')
		}
		return append(dst, '}')
	}
	return append(dst, 'n')
}
