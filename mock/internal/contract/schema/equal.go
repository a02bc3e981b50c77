package schema

import (
	"encoding/json"
	"hash/maphash"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// enumeration is a list of admitted values, sorted by type for quick answers.
type enumeration struct {
	texts     map[string]bool
	few       []string // instead of texts, when they are few
	numbers   []decimal.Decimal
	null      bool
	yes, no   bool
	compounds []any
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
			e.compounds = append(e.compounds, v)
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

func (e *enumeration) has(value any) bool {
	switch v := value.(type) {
	case string:
		if e.texts != nil {
			return e.texts[v]
		}
		for _, s := range e.few {
			if s == v {
				return true
			}
		}
	case json.Number:
		d, ok := decimal.Parse(string(v))
		for i := range e.numbers {
			if ok && d.Cmp(e.numbers[i]) == 0 {
				return true
			}
		}
	case bool:
		return v && e.yes || !v && e.no
	case nil:
		return e.null
	default:
		for _, c := range e.compounds {
			if equal(v, c) {
				return true
			}
		}
	}
	return false
}

// equal compares values as JSON Schema does (core section 4.2.2): numbers by what
// they stand for, objects without regard to order.
func equal(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a == b
	case json.Number:
		if b, ok := b.(json.Number); ok {
			return equalNumbers(a, b)
		}
		b, ok := asNumber(b)
		return ok && equalNumbers(a, b)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, ok := b[name]
			if !ok || !equal(value, other) {
				return false
			}
		}
		return true
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case Measured:
		return a == b
	case nil:
		return b == nil
	}
	n, ok := asNumber(a)
	return ok && equal(n, b)
}

func equalNumbers(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, ok1 := decimal.Parse(string(a))
	y, ok2 := decimal.Parse(string(b))
	return ok1 && ok2 && x.Cmp(y) == 0
}

// fewItems is up to where comparing all pairs is faster than hashing.
const fewItems = 24

// duplicates gives the indexes of two equal items, the earliest second one first.
func duplicates(items []any) (int, int, bool) {
	if len(items) <= fewItems {
		for j := 1; j < len(items); j++ {
			for i := range j {
				if equal(items[i], items[j]) {
					return i, j, true
				}
			}
		}
		return 0, 0, false
	}
	seen := make(map[uint64][]int, len(items))
	var h hasher
	for j, item := range items {
		sum := h.sum(item)
		for _, i := range seen[sum] {
			if equal(items[i], item) {
				return i, j, true
			}
		}
		seen[sum] = append(seen[sum], j)
	}
	return 0, 0, false
}

var hashSeed = maphash.MakeSeed()

// hasher gives equal values the same hash.
type hasher struct{ buf []byte }

func (h *hasher) sum(value any) uint64 {
	switch v := value.(type) {
	case string:
		return maphash.String(hashSeed, v)
	case json.Number:
		d, _ := decimal.Parse(string(v))
		h.buf = d.AppendKey(append(h.buf[:0], '#'))
		return maphash.Bytes(hashSeed, h.buf)
	case []any:
		sum := uint64(len(v)) + 1
		for _, item := range v {
			sum = sum*1099511628211 ^ h.sum(item)
		}
		return sum
	case map[string]any:
		sum := uint64(len(v)) + 2
		for name, member := range v {
			// Members come in any order, so their hashes must commute.
			sum += maphash.String(hashSeed, name) ^ h.sum(member)*31
		}
		return sum
	case bool:
		if v {
			return 3
		}
		return 4
	case Measured:
		return maphash.Bytes(hashSeed, v.Sum[:])
	case nil:
		return 5
	}
	n, _ := asNumber(value)
	return h.sum(n)
}
