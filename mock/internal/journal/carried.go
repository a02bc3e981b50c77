package journal

import (
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// carried is an entry as it travels to other replicas: with texts in place of what refers
// to contracts and scenarios, and with its secrets, because matching looks at real values.
type carried struct {
	*kept
	// made is that of the session that the request was in, 0 for none, see Stream.Made.
	made uint64

	// These two are read from the data: they say whose entry it is.
	id, session string
}

// carry makes of an entry what travels, as far as it has come.
func (k *kept) carry(redactor *Redactor) *kept {
	now := k.now()
	if now == closing { // a copy comes to no end by itself
		now = sending
	}
	c := &kept{
		number: k.number, time: k.time, flags: k.flags, data: k.data, requestBody: k.requestBody, answerBody: k.answerBody,
		requestSize: k.requestSize, answerSize: k.answerSize, considered: k.considered, rare: k.rare,
	}
	if _, isText := k.considered.(texts); k.considered != nil && !isText {
		v := k.seen()
		c.considered = textsOf(v.real(), v.shown(v.real(), redactor))
	}
	if now >= sending {
		c.firstByte = k.firstByte
	}
	if now == done {
		c.end, c.outcome, c.sent, c.ending = k.end, k.outcome, k.sent, k.ending
	}
	c.phase.Store(uint32(now))
	return c
}

// code writes or reads what travels, field by field. Whoever changes this, or what
// packed does, changes batchVersion.
func (t *carried) code(c *coder) {
	if c.reading {
		t.kept = &kept{}
	}
	k := t.kept
	c.uint(&k.number)
	c.uint(&t.made)
	nanos, set := k.time.UnixNano(), uint64(k.flags)
	whole(c, &nanos)
	c.uint(&set)
	words(c, &k.data)
	c.bytes(&k.requestBody)
	c.bytes(&k.answerBody)
	whole(c, &k.requestSize)
	whole(c, &k.answerSize)
	tried, is := k.considered.(texts)
	if c.flag(&is); is {
		c.considered(&tried)
	}
	if c.reading {
		k.time, k.flags = time.Unix(0, nanos), flags(set)
		if is {
			k.considered = tried
		}
	}
	optional(c, &k.rare, c.rare)
	now := uint64(k.now())
	c.uint(&now)
	whole(c, &k.firstByte)
	whole(c, &k.end)
	words(c, &k.outcome)
	whole(c, &k.sent)
	optional(c, &k.ending, func(e *ending) {
		c.bytes(&e.garbage)
		c.bytes(&e.stream)
		c.violations(&e.late)
	})
	if c.reading {
		t.settle(c, phase(now))
	}
}

// optional codes what may be nil.
func optional[T any](c *coder, p **T, code func(*T)) {
	is := *p != nil
	if c.flag(&is); !is {
		return
	}
	if c.reading {
		*p = new(T)
	}
	code(*p)
}

func (c *coder) rare(r *rare) {
	c.violations(&r.violations)
	c.violations(&r.answerViolations)
	optional(c, &r.problem, func(p *exchange.Problem) { c.problem(p) })
	list(c, &r.opaque, c.opaque)
}

// settle makes an entry that was read ready for readers.
func (t *carried) settle(c *coder, now phase) {
	if now > done {
		c.fail()
	}
	if c.err != nil {
		return
	}
	t.phase.Store(uint32(now))
	v, err := t.read()
	if err == nil && t.is(bodyIsText) {
		_, err = jsonvalue.Decode(t.requestBody)
	}
	c.err = err
	t.id, t.session = v.exchange.ID, v.exchange.Session
	t.size = t.measure()
}
