package scenario

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// message is the header and the body of an answer or of a call, compiled and proved
// against what the contract says of it. It is immutable.
type message struct {
	// subject is what findings call it, such as "status 404 of getOrder".
	subject string
	// described tells whether the contract speaks of it; then at is where, and content
	// and check what it says.
	described bool
	at        source.Span
	content   []*contract.Media
	check     func(http.Header) []exchange.Violation
	// response is set where it answers a status that the contract describes. The
	// headers that it describes and nobody states are generated when it is sent.
	response *contract.Response
	// status is the number with which it is sent, 0 for a call.
	status int
	// bodiless names what never has a body, "" for what may have one.
	bodiless string
	// streams tells whether the body may be an event stream.
	streams bool

	// header, fixed and fixedEvents are what does not depend on the request.
	header      http.Header
	fixed       []byte
	fixedEvents []Event
	// body, events and headers are what does; zero where nothing of them does.
	body    bodySource
	events  stream
	headers []headerTemplate
	// fromContract tells that no body is stated where the contract describes one; media
	// is the media type that is asked for, nil for none.
	fromContract bool
	media        *contract.Media
	// generated is set where the body was generated for this media type.
	generated *contract.Media
}

// bodySource makes a body, or a part of one, for a request.
type bodySource interface {
	render(e *evaluation) ([]byte, error)
	// fixed gives what does not depend on the request; ok is false where it does.
	fixed() (body []byte, ok bool)
	// templates calls note for each text that depends on the request.
	templates(note func(*template))
}

// headerTemplate is a header whose lines depend on the request.
type headerTemplate struct {
	name  string
	lines []*template
}

// static tells whether the message does not depend on the request.
func (m *message) static() bool { return m.body == nil && m.events == nil && len(m.headers) == 0 }

// templates calls note for each text that depends on the request.
func (m *message) templates(note func(*template)) {
	for _, h := range m.headers {
		for _, line := range h.lines {
			note(line)
		}
	}
	if m.body != nil {
		m.body.templates(note)
	}
	m.events.templates(note)
}

// render gives header and body for a request, and the events of a stream.
func (m *message) render(e *evaluation) (header http.Header, body []byte, events []Event, err error) {
	header, body, events = m.header, m.fixed, m.fixedEvents
	if m.body != nil {
		if body, err = m.body.render(e); err != nil {
			return nil, nil, nil, err
		}
	}
	if m.events != nil {
		if events, body, err = m.events.render(e); err != nil {
			return nil, nil, nil, err
		}
	}
	if len(m.headers) > 0 {
		header = header.Clone()
		for _, h := range m.headers {
			if header[h.name], err = h.render(e); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	return header, body, events, nil
}
