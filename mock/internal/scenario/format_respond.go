package scenario

import (
	"fmt"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// respondSpec is one answer as it is written.
type respondSpec struct {
	messageSpec
	status *source.Node // nil for the contract's own success
	delay  *Delay
	fault  *source.Node // excludes everything that an answer consists of
	calls  []*callSpec
	times  int // 0 where it is not stated
}

var respondObject = newRespondObject()

func newRespondObject() *object[respondSpec] {
	fields := []field[respondSpec]{
		{name: "status", kinds: isNumber | isText, doc: "A number, a range such as 4XX, or default.", without: "the contract's own success", page: "bodies.md#which-status", schema: is("status"),
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.status = n }},
	}
	fields = append(fields, messageFields(func(r *respondSpec) *messageSpec { return &r.messageSpec })...)
	fields = append(fields, []field[respondSpec]{
		{name: "dribble", kinds: isObject, doc: "The body in pieces, over a time.", page: "responses.md#time", schema: is("dribble"), instead: writeDribble,
			read: func(d *decoder, n *source.Node, r *respondSpec) { readDribble(d, n, &r.messageSpec) }},
		{name: "delay", kinds: isText | isObject, doc: "The wait before the answer, such as 300ms, or a distribution from which one is drawn.", without: "that of serve --delay", page: "responses.md#time", instead: writeDuration, schema: is("delay"),
			read: func(d *decoder, n *source.Node, r *respondSpec) { r.delay = d.delay(n) }},
		{name: "fault", kinds: isText, words: exchange.Faults, doc: "A broken connection in place of an answer.", page: "responses.md#faults",
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.fault = n }},
		{name: "callbacks", kinds: isObject, doc: "Those of the operation's callbacks that follow the answer, by name.", page: "callbacks.md", schema: holds("callback"),
			read: func(d *decoder, n *source.Node, r *respondSpec) {
				r.calls = append(r.calls, readCalls(d, n, callbackObject)...)
			}},
		{name: "webhooks", kinds: isObject, doc: "Those of the description's webhooks that follow the answer, by name.", page: "callbacks.md", schema: holds("webhook"),
			read: func(d *decoder, n *source.Node, r *respondSpec) {
				r.calls = append(r.calls, readCalls(d, n, webhookObject)...)
			}},
		{name: "times", kinds: isNumber, doc: "How often the answer is given before the next one in the list.", preset: 1, page: "responses.md#sequences", schema: wholeNumber(1, maxTimes), read: readTimes},
	}...)
	return &object[respondSpec]{what: "a response", fields: fields, schema: func(s *jsonSchema) {
		oneBodySchema(s)
		faultSchema(s)
	}}
}

func readRespond(d *decoder, n *source.Node, inList bool) *respondSpec {
	r := &respondSpec{messageSpec: messageSpec{node: n}}
	respondObject.decode(d, n, r)
	if times := n.Get("times"); times != nil && !inList {
		d.fault(CodeMisplacedKey, times.KeyAt(), `"times" says nothing outside of a list of answers`, "write the answers as a list under respond")
	}
	r.settle(d, "the response")
	if r.fault != nil {
		d.besideFault(n, r.fault)
	}
	return r
}

// maxTimes bounds times, so that positions in a sequence are plain numbers.
const maxTimes = 1_000_000

func readTimes(d *decoder, n *source.Node, r *respondSpec) {
	number, err := strconv.Atoi(n.Text)
	if err != nil || number < 1 || number > maxTimes {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("an answer cannot be given %s times", n.Text), fmt.Sprintf("write a whole number from 1 to %d", maxTimes))
		return
	}
	r.times = number
}
