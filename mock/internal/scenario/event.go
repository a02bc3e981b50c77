package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Event is one event of a stream, encoded as it is sent (WHATWG HTML section 9.2.6).
// It is immutable.
type Event struct {
	// Delay is the wait before the event, nil for none.
	Delay *Delay
	Data  []byte
}

// stream is the events of an answer.
type stream []event

// event is one of them: fixed bytes, or fields that depend on the request.
type event struct {
	delay  *Delay
	fixed  []byte
	fields []eventField
}

// eventField is one field of an event, a comment where it has no name.
type eventField struct {
	name  string
	value bodySource
}

// maxEvents bounds the events of a stream.
const maxEvents = 1000

// events compiles a body that is written as a list of events.
func (c *compiler) events(r *messageSpec, msg *message, media *contract.Media, n *source.Node) {
	if r.dribble != nil {
		c.fault(CodeMisplacedKey, r.dribble.KeyAt(), "dribble says nothing here: events are sent one by one", "give the events delays of their own")
	}
	switch {
	case !msg.streams:
		c.fault(CodeBodyNotEncodable, n.KeyAt(), msg.subject+" cannot be an event stream", "events are for answers")
		return
	case !n.Is(source.Array):
		c.fault(CodeBadEvent, n.KeyAt(), "an event stream must be a list of events, not "+kindNames[n.Kind], "write - data: … for each, or the whole stream with text")
		return
	case len(n.Kids) > maxEvents:
		c.fault(CodeBadEvent, n.KeyAt(), fmt.Sprintf("the stream has %d events, more than %d", len(n.Kids), maxEvents), "leave some out")
		return
	}
	s := make(stream, 0, len(n.Kids))
	static := true
	for _, item := range n.Items() {
		e, ok := c.event(item)
		if !ok {
			continue
		}
		s = append(s, e)
		static = static && e.fields == nil
	}
	if !static {
		msg.events = s
		return
	}
	var err error
	if msg.fixedEvents, msg.fixed, err = s.render(nil); err != nil { // nothing is evaluated
		c.fault(CodeBadEvent, n.KeyAt(), "the stream cannot be sent: "+err.Error(), "leave some out")
		return
	}
	if media != nil && r.offContract == nil {
		t, _ := contract.ParseMediaType("text/event-stream")
		c.conform(msg, r.body, n, media.CheckBytesAs(t, msg.fixed))
	}
}

// event compiles one entry of the list.
func (c *compiler) event(n *source.Node) (e event, ok bool) {
	spec := eventSpec{node: n, fields: []*source.Node{n}}
	if n.Is(source.Object) {
		spec.fields = nil
		before := c.faults
		eventObject.decode(&decoder{c.findings}, n, &spec)
		if c.faults > before {
			return e, false
		}
		c.completeEvent(&spec)
	}
	e.delay = spec.delay
	for _, field := range spec.fields {
		value, ok := c.eventValue(field)
		if !ok {
			return e, false
		}
		f := eventField{field.Key, value}
		if field == n {
			f.name = "data"
		}
		e.fields = append(e.fields, f)
	}
	return c.fixEvent(&spec, e)
}

// completeEvent reports an event that says nothing, or nothing that is ever seen.
func (c *compiler) completeEvent(spec *eventSpec) {
	n := spec.node
	switch {
	case len(n.Kids) == 0:
		c.fault(CodeBadEvent, n.At(), "the event is empty", "write - data: …")
	case n.Has("event") && !n.Has("data"):
		c.warn(CodeBadEvent, n.Get("event").KeyAt(), "clients do not see an event without data (WHATWG HTML section 9.2.6)", `add data: ""`)
	}
}

// eventValue compiles the value of a field: text, or JSON.
func (c *compiler) eventValue(n *source.Node) (bodySource, bool) {
	if n.Is(source.String) {
		t := c.template(n)
		return plainText{t}, t != nil
	}
	w := c.data(n)
	if w == nil {
		return nil, false
	}
	return w.out, true
}

// fixEvent encodes an event that does not depend on the request.
func (c *compiler) fixEvent(spec *eventSpec, e event) (event, bool) {
	for i, f := range e.fields {
		if fixed, ok := f.value.fixed(); ok {
			if reason, hint := f.refuses(fixed); reason != "" {
				c.fault(CodeBadEvent, spec.fields[i].At(), reason, hint)
				return e, false
			}
			continue
		}
		return e, true
	}
	fixed, _ := e.encode(nil) // nothing is evaluated
	return event{delay: e.delay, fixed: fixed}, true
}

// refuses says what is wrong with the value of a field and what it must be, "" where
// nothing is.
func (f *eventField) refuses(value []byte) (reason, hint string) {
	switch {
	case f.name == "retry" && (len(value) == 0 || len(bytes.Trim(value, "0123456789")) > 0):
		return fmt.Sprintf("retry is %q", shorten(string(value))), "it must be a number of milliseconds"
	case (f.name == "event" || f.name == "id") && bytes.ContainsAny(value, "\r\n\x00"):
		return fmt.Sprintf("%s is %q", f.name, shorten(string(value))), "it must be one line of text"
	}
	return "", ""
}

// encode writes the event with the empty line that ends it; one that is nothing but a
// delay has no bytes.
func (e *event) encode(ev *evaluation) ([]byte, error) {
	if e.fields == nil {
		return e.fixed, nil
	}
	var dst []byte
	for i := range e.fields {
		f := &e.fields[i]
		value, err := f.value.render(ev)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if reason, hint := f.refuses(value); reason != "" {
			return nil, errors.New(reason + ": " + hint)
		}
		dst = f.append(dst, value)
	}
	return append(dst, '\n'), nil
}

// lineEnds are the ends of lines in an event stream.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// templates calls note for each text that depends on the request.
func (s stream) templates(note func(*template)) {
	for i := range s {
		for _, f := range s[i].fields {
			f.value.templates(note)
		}
	}
}

// append writes the field, once for each line of its value.
func (f *eventField) append(dst, value []byte) []byte {
	name := f.name
	if name == "comment" {
		name = ""
	}
	for line := range strings.SplitSeq(lineEnds.Replace(string(value)), "\n") {
		dst = append(append(dst, name...), ": "...)
		dst = append(append(dst, line...), '\n')
	}
	return dst
}

// render gives the events for a request, and all of them joined.
func (s stream) render(e *evaluation) ([]Event, []byte, error) {
	events := make([]Event, len(s))
	var body []byte
	for i := range s {
		data, err := s[i].encode(e)
		if err == nil && len(body)+len(data) > maxText {
			err = errTextTooLong
		}
		if err != nil {
			return nil, nil, fmt.Errorf("event %d: %w", i+1, err)
		}
		events[i] = Event{s[i].delay, data}
		body = append(body, data...)
	}
	return events, body, nil
}
