package contract

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// decodeStored reads a body of t that is not in memory. Parts are read one after the
// other; bytes that nobody takes apart are seen as a file is; everything else must fit
// into what may be held.
func (p *payload) decodeStored(t MediaType, r *exchange.Request) (exchange.Content, []exchange.Violation) {
	body := r.OpenBody()
	defer body.Close()
	s := p.as(t)
	if s == Multipart {
		return said(p.decodeMultipart(t, body))
	}
	room := cmp.Or(p.contract.opts.MaxHeld, DefaultMaxHeld)
	c, err := readContent(body, room, s == Opaque)
	switch {
	case errors.Is(err, errNoRoom):
		return exchange.Content{}, []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleDecode, Expected: fmt.Sprintf("a text of at most %d bytes", room), Got: fmt.Sprintf("%d bytes", r.Stored.Size()), Fix: "send less, or describe the bytes as a file"}}
	case err != nil:
		return exchange.Content{}, []exchange.Violation{unreadable(err)}
	case s != Opaque:
		return p.decode(t, c.data)
	}
	var found []exchange.Violation
	if p.enforces(t) {
		found = p.check(c.text())
		countBytes(found, "", c.size)
	}
	return exchange.Decoded(c.shown(r.Header.Get("Content-Type"))), found
}

// unreadable is for a temporary file that cannot be read.
func unreadable(err error) exchange.Violation {
	return exchange.Violation{In: exchange.Body, Rule: exchange.RuleDecode, Expected: "a body that can be read", Got: err.Error(), Fix: "send the request again"}
}
