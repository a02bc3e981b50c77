package journal

import (
	"encoding/json"
	"unsafe"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Memory of values, in bytes, on machines of 64 bits.
const (
	wordSize      = 8
	stringSize    = 2 * wordSize
	interfaceSize = 2 * wordSize
	// A map has a header and its members in groups of eight, of which it fills seven
	// at most before it grows to twice as many.
	mapSize   = 6 * wordSize
	groupSize = wordSize + 8*(stringSize+interfaceSize)
	// placeSize is what the position of a broken rule takes, as text or not.
	placeSize = 64
)

// measure estimates the memory that the entry keeps alive and that was not there
// without it. What answers share, such as the contract's examples, counts too: the
// entry may outlive them.
func (e *Entry) measure() int64 {
	ex := &e.Exchange
	size := int(unsafe.Sizeof(*e)) + cap(ex.Request.Body) + cap(ex.Answer.Body)
	size += len(ex.ID) + len(ex.Request.Host) + len(ex.Request.Path) + len(ex.Request.RawQuery) + len(ex.Request.Prefix)
	size += pairsSize(e.requestHeader) + pairsSize(e.answerHeader)
	size += len(ex.Parameters) * int(unsafe.Sizeof(exchange.Parameter{}))
	for i := range ex.Parameters {
		size += len(ex.Parameters[i].Raw) + valueSize(ex.Parameters[i].Value)
	}
	if ex.BodyDecoded {
		size += valueSize(ex.Body)
	}
	size += violationsSize(ex.Violations) + textsSize(ex.Unchecked)
	if e.Stream {
		size += MaxBody // for what comes
	}
	if ex.Answer.Problem == nil {
		size += violationsSize(ex.Answer.Violations)
	}
	if p := ex.Answer.Problem; p != nil {
		size += int(unsafe.Sizeof(*p)) + len(p.Detail) + textsSize(p.Known)
		if len(ex.Violations) == 0 {
			size += violationsSize(p.Violations)
		}
	}
	d := &ex.Decision
	size += len(d.Why) + textsSize(d.Applied) + textsSize(d.Drawn)
	if d.Considered != nil {
		size += d.Considered.Size()
	}
	return int64(size)
}

func pairsSize(pairs []exchange.Pair) int {
	size := cap(pairs) * int(unsafe.Sizeof(exchange.Pair{}))
	for i := range pairs {
		size += len(pairs[i].Name) + len(pairs[i].Value)
	}
	return size
}

func textsSize(texts []string) int {
	size := cap(texts) * stringSize
	for _, text := range texts {
		size += len(text)
	}
	return size
}

func violationsSize(violations []exchange.Violation) int {
	size := cap(violations) * int(unsafe.Sizeof(exchange.Violation{}))
	for i := range violations {
		v := &violations[i]
		size += len(v.Pointer) + len(v.Expected) + len(v.Got) + len(v.Fix) + placeSize
	}
	return size
}

// valueSize reckons a decoded value without the interface that holds it.
func valueSize(v any) int {
	switch v := v.(type) {
	case string:
		return stringSize + len(v)
	case json.Number:
		return stringSize + len(v)
	case []any:
		size := 3*wordSize + cap(v)*interfaceSize
		for _, item := range v {
			size += valueSize(item)
		}
		return size
	case map[string]any:
		size := mapSize + groupSize
		for room := 7; room < len(v); room *= 2 {
			size += (size - mapSize) + wordSize
		}
		for name, member := range v {
			size += len(name) + valueSize(member)
		}
		return size
	}
	return 0
}
