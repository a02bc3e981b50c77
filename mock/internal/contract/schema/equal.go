package schema

import (
	"encoding/json"
	"hash/maphash"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// enumeration is a list of admitted values, sorted by type for quick answers.
type enumeration struct {
	texts   map[string]bool
	few     []string // instead of texts, when they are few
	numbers []decimal.Decimal
	null    bool
	yes, no bool
	// compounds are arrays and objects, one behind the other.
	compounds jsonvalue.Flat
}

// manyTexts is from where on a map is faster than comparing one by one.
const manyTexts = 8

func newEnumeration(values []any) *enumeration {
	e := &enumeration{}
	for _, value := range values {
		switch v := value.(type) {
		case string:
			e.few = append(e.few, v)
		case json.Number:
			if d, ok := decimal.Parse(string(v)); ok {
				e.numbers = append(e.numbers, d)
			}
		case bool:
			e.yes, e.no = e.yes || v, e.no || !v
		case nil:
			e.null = true
		default:
			flatten(&e.compounds, "", v)
		}
	}
	if len(e.few) > manyTexts {
		e.texts = make(map[string]bool, len(e.few))
		for _, s := range e.few {
			e.texts[s] = true
		}
		e.few = nil
	}
	return e
}

func (e *enumeration) hasText(text string) bool {
	if e.texts != nil {
		return e.texts[text]
	}
	for _, s := range e.few {
		if s == text {
			return true
		}
	}
	return false
}

func (e *enumeration) hasNumber(d decimal.Decimal) bool {
	for i := range e.numbers {
		if d.Cmp(e.numbers[i]) == 0 {
			return true
		}
	}
	return false
}

// has tells whether a value is listed that is neither a string nor a number.
func (e *enumeration) has(f *jsonvalue.Flat, at int) bool {
	switch f.Nodes[at].Kind {
	case jsonvalue.False:
		return e.no
	case jsonvalue.True:
		return e.yes
	case jsonvalue.Null:
		return e.null
	case jsonvalue.Array, jsonvalue.Object:
		for i := 0; i < len(e.compounds.Nodes); i = int(e.compounds.Nodes[i].Next) {
			if equal(f, at, &e.compounds, i) {
				return true
			}
		}
	}
	return false
}

// equal compares values as JSON Schema does (core section 4.2.2): numbers by what
// they stand for, objects without regard to order.
func equal(f *jsonvalue.Flat, at int, g *jsonvalue.Flat, other int) bool {
	a, b := &f.Nodes[at], &g.Nodes[other]
	if a.Kind != b.Kind || a.Count != b.Count {
		return false
	}
	switch a.Kind {
	case jsonvalue.Text, jsonvalue.Long:
		return a.Text == b.Text
	case jsonvalue.Number:
		return equalNumbers(a.Text, b.Text)
	case jsonvalue.Array:
		item := other + 1
		for i := range f.Parts(at) {
			if !equal(f, i, g, item) {
				return false
			}
			item = int(g.Nodes[item].Next)
		}
	case jsonvalue.Object:
		for i := range g.Parts(other) { // g may be shared, so that its members are not asked for
			member := f.Member(at, g.Nodes[i].Name)
			if member == 0 || !equal(f, member, g, i) {
				return false
			}
		}
	case jsonvalue.Foreign:
		return false
	}
	return true
}

func equalNumbers(a, b string) bool {
	if a == b {
		return true
	}
	x, ok1 := decimal.Parse(a)
	y, ok2 := decimal.Parse(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

// fewItems is up to where comparing all pairs is faster than hashing.
const fewItems = 24

// duplicates gives the positions of two equal items of an array, the earliest second one
// first.
func duplicates(f *jsonvalue.Flat, at int) (int, int, bool) {
	if f.Nodes[at].Count <= fewItems {
		j := 0
		for second := range f.Parts(at) {
			i := 0
			for first := range f.Parts(at) {
				if i == j {
					break
				}
				if equal(f, first, f, second) {
					return i, j, true
				}
				i++
			}
			j++
		}
		return 0, 0, false
	}
	items := make([]int, 0, f.Nodes[at].Count)
	seen := make(map[uint64][]int, f.Nodes[at].Count)
	var h hasher
	for item := range f.Parts(at) {
		sum := h.sum(f, item)
		for _, i := range seen[sum] {
			if equal(f, items[i], f, item) {
				return i, len(items), true
			}
		}
		seen[sum] = append(seen[sum], len(items))
		items = append(items, item)
	}
	return 0, 0, false
}

var hashSeed = maphash.MakeSeed()

// hasher gives equal values the same hash.
type hasher struct{ buf []byte }

func (h *hasher) sum(f *jsonvalue.Flat, at int) uint64 {
	switch n := &f.Nodes[at]; n.Kind {
	case jsonvalue.Text, jsonvalue.Long:
		return maphash.String(hashSeed, n.Text)
	case jsonvalue.Number:
		d, _ := decimal.Parse(n.Text)
		h.buf = d.AppendKey(append(h.buf[:0], '#'))
		return maphash.Bytes(hashSeed, h.buf)
	case jsonvalue.Array:
		sum := uint64(n.Count) + 1
		for i := range f.Parts(at) {
			sum = sum*1099511628211 ^ h.sum(f, i)
		}
		return sum
	case jsonvalue.Object:
		sum := uint64(n.Count) + 2
		for i := range f.Parts(at) {
			// Members come in any order, so their hashes must commute.
			sum += maphash.String(hashSeed, f.Nodes[i].Name) ^ h.sum(f, i)*31
		}
		return sum
	default:
		return uint64(n.Kind)
	}
}
