package contract

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Callback is what an API sends by itself: one of an operation's callbacks, or a
// webhook of the description.
type Callback struct {
	// Name is its key in the description.
	Name string
	// Requests are those that it describes, in file order.
	Requests []*CallbackRequest

	at source.Span
}

// At is where the callback begins in the description.
func (c *Callback) At() source.Span { return c.at }

// CallbackRequest is one described request of a callback: a method of the path item
// below an expression. Its content is compiled when it is first needed, once.
type CallbackRequest struct {
	// Method is in capitals.
	Method string
	// Expression says where the request goes; "" for a webhook, whose receivers are
	// registered elsewhere.
	Expression string

	op      *Operation // as described: it has no path and is never routed to
	once    sync.Once
	content []*Media
	url     runtimeText
	fault   error
}

// callbacks are those of an operation, read when they are first asked for.
type callbacks struct {
	once sync.Once
	list []*Callback
}

// Callbacks are the operation's callbacks in file order.
func (op *Operation) Callbacks() []*Callback {
	op.callbacks.once.Do(func() {
		for name, entry := range op.node.Get("callbacks").Members() {
			n, err := op.contract.docs.Follow(entry)
			if err != nil || strings.HasPrefix(name, "x-") {
				continue
			}
			c := &Callback{Name: name, at: entry.KeyAt()}
			for expression, item := range n.Members() {
				if !strings.HasPrefix(expression, "x-") {
					c.Requests = append(c.Requests, op.contract.callbackRequests(expression, item)...)
				}
			}
			op.callbacks.list = append(op.callbacks.list, c)
		}
	})
	return op.callbacks.list
}

// Callback finds a callback by name, nil for an unknown one.
func (op *Operation) Callback(name string) *Callback { return named(op.Callbacks(), name) }

// Webhooks are the description's webhooks in file order; OpenAPI has them from 3.1 on.
func (c *Contract) Webhooks() []*Callback {
	c.webhooks.once.Do(func() {
		for name, item := range c.root.Get("webhooks").Members() {
			c.webhooks.list = append(c.webhooks.list, &Callback{Name: name, Requests: c.callbackRequests("", item), at: item.KeyAt()})
		}
	})
	return c.webhooks.list
}

// Webhook finds a webhook by name, nil for an unknown one.
func (c *Contract) Webhook(name string) *Callback { return named(c.Webhooks(), name) }

func named(list []*Callback, name string) *Callback {
	if i := slices.IndexFunc(list, func(c *Callback) bool { return c.Name == name }); i >= 0 {
		return list[i]
	}
	return nil
}

// callbackRequests reads the methods of a path item.
func (c *Contract) callbackRequests(expression string, entry *source.Node) []*CallbackRequest {
	item, err := c.docs.Follow(entry)
	if err != nil {
		return nil // document has told it
	}
	var list []*CallbackRequest
	for key, n := range item.Members() {
		if op, err := c.docs.Follow(n); err == nil && op.Is(source.Object) && slices.Contains(pathItemMethods, key) {
			method := strings.ToUpper(key)
			list = append(list, &CallbackRequest{Method: method, Expression: expression, op: &Operation{Method: method, contract: c, item: item, node: op, at: n.KeyAt()}})
		}
	}
	return list
}

// At is where the request begins in the description.
func (r *CallbackRequest) At() source.Span { return r.op.at }

func (r *CallbackRequest) compiled() *CallbackRequest {
	r.once.Do(func() {
		r.url, r.fault = parseRuntimeText(r.Expression)
		body, err := r.op.contract.docs.Follow(r.op.node.Get("requestBody"))
		if err != nil {
			return
		}
		p := &planner{op: r.op}
		r.content = p.content(nil, body.Get("content"))
	})
	return r
}

// Content lists the media types of the described body in file order; none where no
// body is described.
func (r *CallbackRequest) Content() []*Media { return r.compiled().content }

// Fault says what is wrong with the expression, and behind a colon what to write; nil
// where nothing is.
func (r *CallbackRequest) Fault() error { return r.compiled().fault }

// URL resolves the expression for a request and its answer. The error names the part
// that cannot be resolved.
func (r *CallbackRequest) URL(ex *exchange.Exchange) (string, error) {
	if err := r.Fault(); err != nil {
		return "", err
	}
	return r.url.resolve(ex)
}

// Fixed gives where the request goes if that does not depend on anything; ok is false
// where it does, and for webhooks.
func (r *CallbackRequest) Fixed() (url string, ok bool) {
	if t := r.compiled().url; len(t) == 1 && t[0].expr == nil {
		return t[0].fixed, true
	}
	return "", false
}

// CheckHeaders gives the violations of the described header parameters. Headers that
// are not described are allowed.
func (r *CallbackRequest) CheckHeaders(h http.Header) []exchange.Violation {
	var found []exchange.Violation
	in := param.Input{Header: h}
	for _, p := range r.op.Parameters() {
		if p.In == exchange.Header {
			var out exchange.Parameter
			found = append(found, p.Decode(&in, &out)...)
		}
	}
	return found
}

// Check gives every way in which a request of this kind departs from the contract.
func (r *CallbackRequest) Check(h http.Header, body []byte) []exchange.Violation {
	return append(r.CheckHeaders(h), checkContent(r.Content(), h, body, r.At())...)
}

// findings tells what the request describes and Understudy does not enforce.
func (r *CallbackRequest) findings() source.Diagnostics {
	p := &planner{op: r.op}
	if err := r.Fault(); err != nil {
		message, hint, _ := strings.Cut(err.Error(), ": ")
		p.add(CodeNotReadable, source.Warning, r.At(), message, hint)
	}
	for _, m := range r.content {
		p.checkMedia(m)
	}
	return p.found
}

// WebhookFindings are the warnings about what the description says of webhooks and
// Understudy does not enforce.
func (c *Contract) WebhookFindings() source.Diagnostics {
	var found source.Diagnostics
	for _, webhook := range c.Webhooks() {
		for _, r := range webhook.Requests {
			found = append(found, r.findings()...)
		}
	}
	return found
}
