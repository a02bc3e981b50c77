package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// callSpec is a callback or a webhook as it is written.
type callSpec struct {
	messageSpec
	kind       string
	after      *Delay
	method     *source.Node // nil where the contract describes one alone
	expression *source.Node // of callbacks alone, likewise
	url        *source.Node // of webhooks alone
}

// The kinds of calls.
const (
	callbackKind = "callback"
	webhookKind  = "webhook"
)

var callbackObject, webhookObject = newCallbackObject(), newWebhookObject()

func newCallbackObject() *object[callSpec] {
	return &object[callSpec]{what: "a callback", schema: oneBodySchema, fields: append(callFields(),
		field[callSpec]{name: "expression", kinds: isText, doc: "Which of the expressions that the callback describes, where there are several.", page: "callbacks.md",
			read: func(_ *decoder, n *source.Node, c *callSpec) { c.expression = n }})}
}

func newWebhookObject() *object[callSpec] {
	return &object[callSpec]{what: "a webhook", fields: append(callFields(),
		field[callSpec]{name: "url", kinds: isText, doc: "Where it is sent; expressions may stand in it.", page: "callbacks.md#where-they-may-go",
			read: func(_ *decoder, n *source.Node, c *callSpec) { c.url = n }}),
		schema: func(s *jsonSchema) {
			oneBodySchema(s)
			s.Required = []string{"url"}
		}}
}

func callFields() []field[callSpec] {
	return append([]field[callSpec]{
		{name: "after", kinds: isText | isObject, doc: "The wait behind the answer, such as 1s, or a distribution from which one is drawn.", preset: "0s", page: "callbacks.md", instead: writeDuration, schema: is("delay"),
			read: func(d *decoder, n *source.Node, c *callSpec) { c.after = d.delay(n) }},
		{name: "method", kinds: isText, doc: "Which of the methods that the contract describes, where there are several.", page: "callbacks.md",
			read: func(_ *decoder, n *source.Node, c *callSpec) { c.method = n }},
	}, messageFields(func(c *callSpec) *messageSpec { return &c.messageSpec })...)
}

// readCalls reads the members of callbacks or webhooks.
func readCalls(d *decoder, n *source.Node, o *object[callSpec]) []*callSpec {
	kind := callbackKind
	if o == webhookObject {
		kind = webhookKind
	}
	var calls []*callSpec
	for name, entry := range n.Members() {
		if !d.expectOr(entry, isObject, fmt.Sprintf("the %s %q", kind, name), fmt.Sprintf("write %s: {}; what is not stated comes from the contract", name)) {
			continue
		}
		c := &callSpec{kind: kind, messageSpec: messageSpec{node: entry}}
		o.decode(d, entry, c)
		c.settle(d, "the "+kind)
		if kind == webhookKind && !entry.Has("url") {
			d.fault(CodeBadCallbackURL, entry.KeyAt(), fmt.Sprintf("the webhook %q goes nowhere", name), `write where: url: http://127.0.0.1:9000/hook, or url: "${body.hook}"`)
			continue
		}
		calls = append(calls, c)
	}
	return calls
}
