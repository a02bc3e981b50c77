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

// measure estimates the memory that is kept alive and that was not there without it, in
// bytes. What answers share, such as the contract's examples, counts too: the journal may
// outlive them.
func (k *kept) measure() int64 {
	size := int(unsafe.Sizeof(*k)) + len(k.data) + cap(k.requestBody) + cap(k.answerBody)
	if k.is(isStream) {
		size += MaxBody // for what comes
	}
	if k.considered != nil {
		size += k.considered.Size()
	}
	r := k.rare
	if r == nil {
		return int64(size)
	}
	size += int(unsafe.Sizeof(*r)) + violationsSize(r.violations) + len(r.opaque)*interfaceSize
	if p := r.problem; p != nil {
		size += int(unsafe.Sizeof(*p)) + len(p.Detail) + textsSize(p.Known)
		if len(r.violations) == 0 {
			size += violationsSize(p.Violations)
		}
	} else {
		size += violationsSize(r.answerViolations)
	}
	return int64(size)
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
