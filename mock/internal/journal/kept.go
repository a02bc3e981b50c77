package journal

import (
	"bytes"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// kept is an exchange as the ring keeps it. There are thousands, and the garbage
// collector looks at every pointer of each: so all texts and decoded values are written
// into one string, from which a view reads them back.
//
// What is not atomic is written before the kept is put into the ring, except for what
// belongs to a phase.
type kept struct {
	number uint64
	size   int64
	tally  *tally
	time   time.Time
	flags  flags

	// data is what packer writes.
	data string
	// requestBody and answerBody are the beginnings of the bodies, and requestSize and
	// answerSize the lengths before they were cut.
	requestBody, answerBody []byte
	requestSize, answerSize int64
	considered              exchange.Considered
	rare                    *rare // nil for none

	phase atomic.Uint32

	firstByte, end time.Duration // since the request arrived, from the phases on that have them
	outcome        Outcome
	sent           int64
	ending         *ending // nil for none
}

// rare is what most exchanges do not have.
type rare struct {
	violations, answerViolations []exchange.Violation
	problem                      *exchange.Problem
	// opaque are decoded values that are no JSON values, such as the measure of a long file.
	opaque []any
}

// ending is what most answers do not end with.
type ending struct {
	garbage []byte // what a fault sent behind the header
	stream  []byte // what was kept of a Stream's body
	late    []exchange.Violation
}

// flags are what is true of an exchange.
type flags uint16

const (
	isStream flags = 1 << iota
	hasBody
	bodyDecoded
	// bodyDropped: a decoded body was not kept because it is too much.
	bodyDropped
	oversize
	overTLS
	withCertificate
	byCookie
	expectedInvalid
	unsized
)

func (f *flags) set(flag flags, to bool) {
	if to {
		*f |= flag
	}
}

func (k *kept) now() phase { return phase(k.phase.Load()) }

// keep takes down what there is to keep of an exchange that was decided.
func keep(ex *exchange.Exchange, stream bool, t *tally) *kept {
	r, a := &ex.Request, &ex.Answer
	k := &kept{
		tally: t, time: ex.Time, considered: ex.Decision.Considered,
		requestBody: r.Body, answerBody: a.Body, requestSize: r.BodySize(), answerSize: int64(len(a.Body)),
	}
	k.flags.set(isStream, stream)
	k.flags.set(hasBody, r.HasBody)
	k.flags.set(oversize, r.Oversize)
	k.flags.set(overTLS, r.TLS)
	k.flags.set(withCertificate, r.ClientCertificate)
	k.flags.set(byCookie, ex.SessionByCookie)
	k.flags.set(expectedInvalid, ex.Decision.ExpectedInvalid)
	k.flags.set(unsized, a.Unsized)
	k.cutBodies(ex)
	if len(ex.Violations) > 0 || len(a.Violations) > 0 || a.Problem != nil {
		k.rare = &rare{violations: ex.Violations, answerViolations: a.Violations, problem: a.Problem}
	}
	p := packers.Get().(*packer)
	p.exchange(ex, k)
	k.data = string(p.data)
	if p.opaque != nil {
		if k.rare == nil {
			k.rare = &rare{}
		}
		k.rare.opaque = p.opaque
	}
	p.release()
	k.size = k.measure()
	return k
}

// cutBodies keeps the beginning of bodies that are long. What the request's says stays for
// conditions where that is short, as of an upload of which only the size is kept.
func (k *kept) cutBodies(ex *exchange.Exchange) {
	if len(k.answerBody) > MaxBody {
		k.answerBody = bytes.Clone(k.answerBody[:MaxBody])
	}
	k.flags.set(bodyDecoded, ex.BodyDecoded)
	if k.requestSize <= MaxBody {
		return
	}
	k.requestBody = bytes.Clone(k.requestBody[:min(len(k.requestBody), MaxBody)])
	if !ex.BodyDecoded || valueSize(ex.Body) > MaxBody {
		k.flags &^= bodyDecoded
		k.flags |= bodyDropped
	}
}

// view is an exchange of the journal as one reader sees it, with what had come of its
// answer by then. It is the reader's own.
type view struct {
	*kept
	phase phase
	// exchange is without headers and without what came with the end of its answer: real
	// gives all.
	exchange exchange.Exchange

	requestHeader, answerHeader []exchange.Pair
	whole                       *exchange.Exchange // what real gives, once it was asked for
}

// seen gives an entry as far as it has come.
func (k *kept) seen() *view {
	v := &view{kept: k, phase: k.now()}
	u := unpacker{rest: k.data, kept: k}
	u.exchange(v)
	return v
}

// is tells whether a flag is set.
func (k *kept) is(flag flags) bool { return k.flags&flag != 0 }

// real gives the exchange as it was, with headers, for matching. It is shared by those
// who ask the same view, and read-only.
func (v *view) real() *exchange.Exchange {
	if v.whole != nil {
		return v.whole
	}
	ex := &v.exchange
	ex.Request.Header, ex.Answer.Header = headerOf(v.requestHeader), headerOf(v.answerHeader)
	if v.is(isStream) && v.phase == done && v.ending != nil {
		ex.Answer.Body = v.ending.stream
		ex.Answer.Violations = append(slices.Clip(ex.Answer.Violations), v.ending.late...)
	}
	v.whole = ex
	return ex
}

// headerOf makes a header of its pairs. Lines of a name keep their order.
func headerOf(pairs []exchange.Pair) http.Header {
	h := make(http.Header, len(pairs))
	for i := range pairs {
		h[pairs[i].Name] = append(h[pairs[i].Name], pairs[i].Value)
	}
	return h
}
