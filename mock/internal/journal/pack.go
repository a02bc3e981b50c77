package journal

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// A packer writes the texts and decoded values of an exchange one behind the other, each
// behind its length; an unpacker reads them in the same order. The two must agree:
// whatever is added to exchange is added to both.
type packer struct {
	data   []byte
	opaque []any
}

func (p *packer) number(n uint64) { p.data = binary.AppendUvarint(p.data, n) }

func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	p.data = append(p.data, s...)
}

func (p *packer) truth(b bool) {
	if b {
		p.data = append(p.data, 1)
	} else {
		p.data = append(p.data, 0)
	}
}

func (p *packer) texts(list []string) {
	p.number(uint64(len(list)))
	for _, s := range list {
		p.text(s)
	}
}

// header writes a header, a pair for a line, so that it shares no map and no list with
// those who go on with the request.
func (p *packer) header(h http.Header) {
	lines := 0
	for _, values := range h {
		lines += len(values)
	}
	p.number(uint64(lines))
	for name, values := range h {
		for _, value := range values {
			p.text(name)
			p.text(value)
		}
	}
}

func (p *packer) exchange(ex *exchange.Exchange, k *kept) {
	p.text(ex.ID)
	p.number(ex.Number)
	p.text(ex.Session)
	p.text(ex.Operation)
	p.text(ex.API)
	r := &ex.Request
	for _, s := range [...]string{r.Method, r.Protocol, r.Host, r.Prefix, r.Path, r.Base, r.RawQuery} {
		p.text(s)
	}
	p.header(r.Header)
	p.prefer(&ex.Prefer)
	p.parameters(ex.Parameters)
	if k.is(bodyDecoded) {
		p.value(ex.Body)
	}
	d := &ex.Decision
	for _, s := range [...]string{string(d.Step), d.Why, d.Scenario, d.Stub} {
		p.text(s)
	}
	p.texts(d.Applied)
	p.texts(d.Drawn)
	p.texts(d.Failed)
	a := &ex.Answer
	p.number(uint64(a.Status))
	p.number(uint64(a.Delay))
	p.text(string(a.Fault))
	p.text(a.OffContract)
	p.header(a.Header)
}

func (p *packer) prefer(prefer *exchange.Prefer) {
	given := prefer.Code != "" || prefer.Example != "" || prefer.Scenario != "" || prefer.Dynamic != "" ||
		prefer.Seed != "" || prefer.Delay != "" || prefer.Expect != "" || len(prefer.Sessions) > 0
	if p.truth(given); !given {
		return
	}
	for _, s := range [...]string{prefer.Code, prefer.Example, prefer.Scenario, prefer.Dynamic, prefer.Seed, prefer.Delay, prefer.Expect} {
		p.text(s)
	}
	p.texts(prefer.Sessions)
}

func (p *packer) parameters(list []exchange.Parameter) {
	p.number(uint64(len(list)))
	for i := range list {
		v := &list[i]
		p.text(string(v.In))
		p.text(v.Name)
		p.truth(v.Present)
		p.truth(v.Valid)
		if v.Present {
			p.text(v.Raw)
		}
		p.value(v.Value)
	}
}

// The kinds of decoded values, as they stand before the value.
const (
	kindNull = iota
	kindFalse
	kindTrue
	kindText
	kindNumber
	kindArray
	kindObject
	kindOpaque // an index into packer.opaque
)

func (p *packer) value(v any) {
	switch v := v.(type) {
	case nil:
		p.data = append(p.data, kindNull)
	case bool:
		kind := byte(kindFalse)
		if v {
			kind = kindTrue
		}
		p.data = append(p.data, kind)
	case string:
		p.data = append(p.data, kindText)
		p.text(v)
	case json.Number:
		p.data = append(p.data, kindNumber)
		p.text(string(v))
	case []any:
		p.data = append(p.data, kindArray)
		p.number(uint64(len(v)))
		for _, item := range v {
			p.value(item)
		}
	case map[string]any:
		p.data = append(p.data, kindObject)
		p.number(uint64(len(v)))
		for name, member := range v {
			p.text(name)
			p.value(member)
		}
	default:
		p.data = append(p.data, kindOpaque)
		p.number(uint64(len(p.opaque)))
		p.opaque = append(p.opaque, v)
	}
}

// maxScratch bounds the memory that a packer holds for the next exchange, in bytes.
const maxScratch = 64 << 10

var packers = sync.Pool{New: func() any { return &packer{} }}

// release gives the packer back.
func (p *packer) release() {
	if cap(p.data) > maxScratch {
		p.data = nil
	}
	p.data, p.opaque = p.data[:0], nil
	packers.Put(p)
}

// unpacker reads what a packer has written. The texts that it gives are parts of the
// whole: reading copies none.
type unpacker struct {
	rest string
	kept *kept
}

func (u *unpacker) number() uint64 {
	var n uint64
	for shift := 0; ; shift += 7 {
		b := u.rest[0]
		u.rest = u.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (u *unpacker) text() string {
	n := u.number()
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s
}

func (u *unpacker) byte() byte {
	b := u.rest[0]
	u.rest = u.rest[1:]
	return b
}

func (u *unpacker) truth() bool { return u.byte() == 1 }

func (u *unpacker) texts() []string {
	n := u.number()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = u.text()
	}
	return list
}

func (u *unpacker) pairs() []exchange.Pair {
	n := u.number()
	if n == 0 {
		return nil
	}
	list := make([]exchange.Pair, n)
	for i := range list {
		list[i] = exchange.Pair{Name: u.text(), Value: u.text()}
	}
	return list
}

// exchange fills in the view of the kept.
func (u *unpacker) exchange(v *view) {
	k, ex := u.kept, &v.exchange
	ex.Time = k.time
	ex.ID, ex.Number, ex.Session, ex.Operation, ex.API = u.text(), u.number(), u.text(), u.text(), u.text()
	ex.SessionByCookie = k.is(byCookie)
	r := &ex.Request
	for _, s := range [...]*string{&r.Method, &r.Protocol, &r.Host, &r.Prefix, &r.Path, &r.Base, &r.RawQuery} {
		*s = u.text()
	}
	r.Body, r.HasBody, r.Oversize = k.requestBody, k.is(hasBody), k.is(oversize)
	r.TLS, r.ClientCertificate = k.is(overTLS), k.is(withCertificate)
	v.requestHeader = u.pairs()
	u.prefer(&ex.Prefer)
	ex.Parameters = u.parameters()
	if k.is(bodyDecoded) {
		ex.Body, ex.BodyDecoded = u.value(), true
	}
	d := &ex.Decision
	d.Step, d.Why, d.Scenario, d.Stub = exchange.Step(u.text()), u.text(), u.text(), u.text()
	d.Applied, d.Drawn, d.Failed = u.texts(), u.texts(), u.texts()
	d.ExpectedInvalid, d.Considered = k.is(expectedInvalid), k.considered
	a := &ex.Answer
	a.Status, a.Delay, a.Fault, a.OffContract = int(u.number()), time.Duration(u.number()), exchange.Fault(u.text()), u.text()
	a.Unsized, a.Body = k.is(unsized), k.answerBody
	v.answerHeader = u.pairs()
	if k.rare != nil {
		ex.Violations, a.Violations, a.Problem = k.rare.violations, k.rare.answerViolations, k.rare.problem
	}
}

func (u *unpacker) prefer(prefer *exchange.Prefer) {
	if !u.truth() {
		return
	}
	for _, s := range [...]*string{&prefer.Code, &prefer.Example, &prefer.Scenario, &prefer.Dynamic, &prefer.Seed, &prefer.Delay, &prefer.Expect} {
		*s = u.text()
	}
	prefer.Sessions = u.texts()
}

func (u *unpacker) parameters() []exchange.Parameter {
	n := u.number()
	if n == 0 {
		return nil
	}
	list := make([]exchange.Parameter, n)
	for i := range list {
		v := &list[i]
		v.In, v.Name, v.Present, v.Valid = exchange.Location(u.text()), u.text(), u.truth(), u.truth()
		if v.Present {
			v.Raw = u.text()
		}
		v.Value = u.value()
	}
	return list
}

func (u *unpacker) value() any {
	switch u.byte() {
	case kindFalse:
		return false
	case kindTrue:
		return true
	case kindText:
		return u.text()
	case kindNumber:
		return json.Number(u.text())
	case kindArray:
		list := make([]any, u.number())
		for i := range list {
			list[i] = u.value()
		}
		return list
	case kindObject:
		n := u.number()
		object := make(map[string]any, n)
		for range n {
			name := u.text()
			object[name] = u.value()
		}
		return object
	case kindOpaque:
		return u.kept.rare.opaque[u.number()]
	}
	return nil
}
