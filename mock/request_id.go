package mock

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync/atomic"
)

// requestIDs numbers requests behind a prefix that tells runs apart.
type requestIDs struct {
	prefix string
	next   atomic.Uint64
}

func newRequestIDs() *requestIDs {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return &requestIDs{prefix: hex.EncodeToString(random[:]) + "-"}
}

func (r *requestIDs) new() (id string, number uint64) {
	number = r.next.Add(1)
	return string(strconv.AppendUint(append(make([]byte, 0, 24), r.prefix...), number, 36)), number
}
