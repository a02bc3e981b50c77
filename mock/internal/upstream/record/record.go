// Package record keeps what has passed between clients and a real API, and makes scenario
// files of it that answer the same.
package record

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

// Limits of a recording.
const (
	// MaxExchanges bounds the exchanges that are kept.
	MaxExchanges = 10_000
	// MaxBytes bounds the memory that they take, as size reckons it.
	MaxBytes = 256 << 20
)

// Recording keeps exchanges. It is safe for concurrent use.
type Recording struct {
	apis []*contract.Contract

	mu     sync.Mutex // guards the fields below
	seen   []author.Seen
	bytes  int64
	missed map[string]int // exchanges that are not kept, by the reason
	grown  bool           // since the last Take
}

// New makes an empty recording for some contracts.
func New(apis []*contract.Contract) *Recording { return &Recording{apis: apis} }

// APIs are the contracts of the recording.
func (r *Recording) APIs() []*contract.Contract { return r.apis }

// Add keeps an exchange whose answer is the real API's and is over. Secrets have been
// taken out of it, and nobody changes it any more. op is the operation that it was for,
// nil for none; unknown says why the body of the answer is not there, "" where it is.
func (r *Recording) Add(op *contract.Operation, ex *exchange.Exchange, unknown string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.grown = true
	n := size(ex)
	switch {
	case op == nil:
		r.missLocked("the contract does not describe the path or the method")
	case !slices.Contains(r.apis, op.Contract()):
		r.missLocked("the description was loaded anew in the meantime")
	case ex.Request.Method == http.MethodHead && op.Method != http.MethodHead:
		r.missLocked("a HEAD is answered by what answers the GET")
	case len(r.seen) >= MaxExchanges || r.bytes+n > MaxBytes:
		r.missLocked(Full)
	default:
		kept := *ex
		kept.Request.Body, kept.Request.Stored = nil, nil // decoded is what counts
		kept.Answer.Header = plainHeader(&kept)
		r.seen = append(r.seen, author.Seen{Operation: op, Exchange: &kept, Unknown: unknown})
		r.bytes += n
	}
}

// Full is why an exchange is not kept where there is no room for it.
const Full = "there is no room: record less at a time"

func (r *Recording) missLocked(reason string) {
	if r.missed == nil {
		r.missed = map[string]int{}
	}
	r.missed[reason]++
}

// size estimates the memory that an exchange takes.
func size(ex *exchange.Exchange) int64 {
	n := 4<<10 + int64(len(ex.Answer.Body)) + 4*int64(len(ex.Request.Body)) // decoded values take more than their text
	n += 4 * int64(len(ex.Request.Path)+len(ex.Request.RawQuery))
	return n + headerSize(ex.Request.Header) + headerSize(ex.Answer.Header)
}

func headerSize(h http.Header) (n int64) {
	for name, lines := range h {
		for _, line := range lines {
			n += int64(len(name) + len(line))
		}
	}
	return n
}

// plainHeader is the header of the answer as it would be without content coding, from
// wherever the client had its base URL.
func plainHeader(ex *exchange.Exchange) http.Header {
	h := ex.Answer.Header.Clone()
	delete(h, "Content-Encoding")
	for name, lines := range h {
		if strings.HasPrefix(name, "Understudy-") {
			delete(h, name)
		}
		if name != "Location" && name != "Content-Location" {
			continue
		}
		for i, line := range lines {
			for _, scheme := range []string{"http://", "https://"} {
				if rest, ok := strings.CutPrefix(line, scheme+ex.Request.Host); ok && strings.HasPrefix(rest, "/") {
					lines[i] = rest
				}
			}
		}
	}
	return h
}

// Taken is what a recording has at a moment.
type Taken struct {
	// Seen is in the order in which the requests came.
	Seen []author.Seen
	// Missed counts the exchanges that are not kept, by the reason.
	Missed map[string]int
	// Grown tells that there is more than at the last Take.
	Grown bool
}

// Take gives what was kept so far.
func (r *Recording) Take() Taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := Taken{Seen: slices.Clone(r.seen), Missed: map[string]int{}, Grown: r.grown}
	for reason, n := range r.missed {
		t.Missed[reason] = n
	}
	r.grown = false
	slices.SortStableFunc(t.Seen, func(a, b author.Seen) int { return cmp.Compare(a.Exchange.Number, b.Exchange.Number) })
	return t
}

// Departure counts answers that broke the contract in one way.
type Departure struct {
	Operation string
	Status    int
	// Reason is the first breach, in a line.
	Reason string
	Count  int
}

// Departures lists in which ways answers broke the contract, in the order in which they
// occurred.
func (t *Taken) Departures(apis []*contract.Contract) []Departure {
	var list []Departure
	index := map[string]int{}
	for _, s := range t.Seen {
		a := &s.Exchange.Answer
		if len(a.Violations) == 0 {
			continue
		}
		d := Departure{Operation: author.NameOf(s.Operation, apis), Status: a.Status, Reason: a.Violations[0].String()}
		if more := len(a.Violations) - 1; more > 0 {
			d.Reason += fmt.Sprintf("; and %d more", more)
		}
		key := d.Operation + " " + strconv.Itoa(d.Status) + " " + d.Reason
		i, known := index[key]
		if !known {
			i = len(list)
			index[key] = i
			list = append(list, d)
		}
		list[i].Count++
	}
	return list
}
