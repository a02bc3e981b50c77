package journal

import (
	"bytes"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
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

	// data is what packed writes.
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
	// bodyIsText: the decoded body is what requestBody says as JSON, and is read from there.
	bodyIsText
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

// is tells whether a flag is set.
func (f flags) is(flag flags) bool { return f&flag != 0 }

func (k *kept) is(flag flags) bool { return k.flags.is(flag) }

func (k *kept) now() phase { return phase(k.phase.Load()) }

// keep takes down what there is to keep of an exchange that was decided.
func keep(ex *exchange.Exchange, stream bool, t *tally) *kept {
	r, a := &ex.Request, &ex.Answer
	var f flags
	f.set(isStream, stream)
	f.set(hasBody, r.HasBody)
	f.set(oversize, r.Oversize)
	f.set(overTLS, r.TLS)
	f.set(withCertificate, r.ClientCertificate)
	f.set(byCookie, ex.SessionByCookie)
	f.set(expectedInvalid, ex.Decision.ExpectedInvalid)
	f.set(unsized, a.Unsized)
	f.set(bodyDecoded, ex.Body.IsDecoded())
	f.set(bodyIsText, isSame(ex.Body.Text(), r.Body))
	requestBody, answerBody := r.Body, a.Body
	if len(answerBody) > MaxBody {
		answerBody = bytes.Clone(answerBody[:MaxBody])
	}
	if r.BodySize() > MaxBody {
		requestBody = bytes.Clone(requestBody[:min(len(requestBody), MaxBody)])
		// What the body says stays for conditions where that is short, as of an upload of
		// which only the size is kept.
		f &^= bodyIsText
		if !ex.Body.IsDecoded() || ex.Body.Text() != nil || valueSize(ex.Body.Value()) > MaxBody {
			f &^= bodyDecoded
			f |= bodyDropped
		}
	}

	c := coders.Get().(*coder)
	p := packed{ex: ex, decoded: f.is(bodyDecoded) && !f.is(bodyIsText)}
	p.code(c)
	k := &kept{
		tally: t, time: ex.Time, flags: f, data: string(c.out), considered: ex.Decision.Considered,
		requestBody: requestBody, answerBody: answerBody, requestSize: r.BodySize(), answerSize: int64(len(a.Body)),
	}
	c.release()
	if len(ex.Violations) > 0 || len(a.Violations) > 0 || a.Problem != nil || p.opaque != nil {
		k.rare = &rare{ex.Violations, a.Violations, a.Problem, p.opaque}
	}
	k.size = k.measure()
	return k
}

// isSame tells whether two slices are the same bytes in memory, some of them.
func isSame(a, b []byte) bool { return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0] }

// maxScratch bounds the memory that a coder holds for the next exchange, in bytes.
const maxScratch = 64 << 10

var coders = sync.Pool{New: func() any { return &coder{} }}

// release gives a coder back.
func (c *coder) release() {
	if cap(c.out) > maxScratch {
		return
	}
	*c = coder{out: c.out[:0]}
	coders.Put(c)
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

// seen gives an entry as far as it has come. What this journal has written can be read,
// and what others have was read before, see carried.settle.
func (k *kept) seen() *view {
	v, _ := k.read()
	return v
}

// read is seen for an entry that may be written in another way.
func (k *kept) read() (*view, error) {
	v := &view{kept: k, phase: k.now()}
	ex := &v.exchange
	c, p := coder{reading: true, rest: k.data}, packed{ex: ex, decoded: k.is(bodyDecoded) && !k.is(bodyIsText)}
	if k.rare != nil {
		p.opaque = k.rare.opaque
		ex.Violations, ex.Answer.Violations, ex.Answer.Problem = k.rare.violations, k.rare.answerViolations, k.rare.problem
	}
	p.code(&c)
	if len(c.rest) > 0 {
		c.fail()
	}
	v.requestHeader, v.answerHeader = p.request, p.sent
	ex.Time, ex.SessionByCookie = k.time, k.is(byCookie)
	if k.is(bodyIsText) {
		ex.Body = exchange.Unread(k.requestBody, jsonvalue.Again)
	}
	r := &ex.Request
	r.Body, r.HasBody, r.Oversize, r.TLS, r.ClientCertificate = k.requestBody, k.is(hasBody), k.is(oversize), k.is(overTLS), k.is(withCertificate)
	ex.Decision.ExpectedInvalid, ex.Decision.Considered = k.is(expectedInvalid), k.considered
	ex.Answer.Unsized, ex.Answer.Body = k.is(unsized), k.answerBody
	return v, c.err
}

// head gives the id of a request and its session, without the rest: whoever looks for
// these looks at all entries.
func (k *kept) head() (id, session string) {
	c := coder{reading: true, rest: k.data}
	c.head(&id, &session)
	return id, session
}

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
