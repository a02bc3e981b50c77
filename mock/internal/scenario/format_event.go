package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// eventSpec is one event of a stream as it is written.
type eventSpec struct {
	node   *source.Node
	fields []*source.Node // in the order in which they are sent
	delay  *Delay
}

var eventObject = newEventObject()

func newEventObject() *object[eventSpec] {
	field := func(_ *decoder, n *source.Node, s *eventSpec) { s.fields = append(s.fields, n) }
	return &object[eventSpec]{what: "an event", elsewhere: insideData, fields: newEventFields(field)}
}

func newEventFields(read func(*decoder, *source.Node, *eventSpec)) []field[eventSpec] {
	return []field[eventSpec]{
		{name: "event", kinds: isText, doc: "The event's type.", preset: "message", read: read},
		{name: "data", kinds: isAny, doc: "What is sent: text as it is, everything else as JSON.", page: "responses.md#event-streams", read: read},
		{name: "id", kinds: isText | isNumber, doc: "What the client sends as Last-Event-ID when it connects again.", read: read},
		{name: "retry", kinds: isText | isNumber, doc: "The milliseconds after which the client connects again.", read: read},
		{name: "comment", kinds: isText, doc: "A line that clients ignore.", read: read},
		{name: "delay", kinds: isText | isObject, doc: "The wait before the event, such as 300ms, or a distribution from which one is drawn.", instead: writeDuration, schema: is("delay"),
			read: func(d *decoder, n *source.Node, s *eventSpec) { s.delay = d.delay(n) }},
	}
}

// insideData says what to write for a mapping that is meant to be sent itself.
func insideData(n *source.Node) string {
	if source.Closest(n.Key, []string{"event", "data", "id", "retry", "comment", "delay"}) != "" {
		return ""
	}
	return "an event is a mapping of its own: write what is sent under data"
}
