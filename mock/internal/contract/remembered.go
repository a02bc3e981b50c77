package contract

import (
	"strings"
	"sync"
	"sync/atomic"
)

const (
	// maxRemembered bounds the texts that are remembered at one time, and
	// maxRememberedText the length of each, in bytes.
	maxRemembered     = 256
	maxRememberedText = 256
)

// remembered keeps what was read of texts that come again and again, such as the value of
// a header. Who sends many different ones gains nothing and takes no memory: at the bound
// all are forgotten. The zero value is ready to use, and safe for concurrent use.
type remembered[V any] struct {
	texts sync.Map // text → V
	count atomic.Int64
}

// of gives what read makes of a text, which depends on the text alone. It is shared and
// read-only.
func (r *remembered[V]) of(text string, read func(string) V) V {
	if known, ok := r.texts.Load(text); ok {
		return known.(V)
	}
	if len(text) > maxRememberedText {
		return read(text)
	}
	text = strings.Clone(text) // it may be part of a larger one
	v := read(text)
	if r.count.Add(1) > maxRemembered {
		r.texts.Clear()
		r.count.Store(1)
	}
	r.texts.Store(text, v)
	return v
}
