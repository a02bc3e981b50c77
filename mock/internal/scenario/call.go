package scenario

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Call is a callback or a webhook that follows an answer. It is shared and read-only.
type Call struct {
	// Kind is "callback" or "webhook", Name what the contract calls it.
	Kind, Name string
	// Request is what the contract describes; it resolves where a callback goes.
	Request *contract.CallbackRequest
	// After is the wait behind the answer, nil for none.
	After *Delay
	// URL is where a webhook goes, "" for a callback.
	URL    string
	Header http.Header
	Body   []byte
	// OffContract is the reason for departing from the contract.
	OffContract string
	// Static tells that header and body were proved at load.
	Static bool
}

// call is a compiled callback or webhook. It is immutable.
type call struct {
	message
	url     *template // nil for a callback
	outcome Call
}

// static tells whether nothing of the call depends on the request, but where a
// callback goes.
func (c *call) static() bool { return c.message.static() && (c.url == nil || c.outcome.URL != "") }

func (c *call) templates(note func(*template)) {
	c.message.templates(note)
	if c.url != nil {
		note(c.url)
	}
}

// render gives the call for a request.
func (c *call) render(e *evaluation) (Call, error) {
	out := c.outcome
	var err error
	if out.Header, out.Body, _, err = c.message.render(e); err == nil && c.url != nil {
		out.URL, err = c.url.text(e)
	}
	return out, err
}

// callsOf compiles the callbacks and webhooks of a response.
func (c *compiler) callsOf(r *respondSpec, a *answer) {
	for _, spec := range r.calls {
		if compiled := c.call(spec); compiled != nil {
			a.calls = append(a.calls, compiled)
		}
	}
}

// call compiles a callback or webhook. It gives nil where it has reported what is wrong.
func (c *compiler) call(spec *callSpec) *call {
	request := c.requestOf(spec)
	if request == nil {
		return nil
	}
	compiled := &call{message: message{
		subject: c.subject(spec), described: true, at: request.At(), content: request.Content(), check: request.CheckHeaders, header: http.Header{},
	}}
	c.stated(&spec.messageSpec, &compiled.message)
	if compiled.fromContract {
		c.ownBody(spec, &compiled.message)
	}
	c.headers(&spec.messageSpec, &compiled.message)
	out := &compiled.outcome
	*out = Call{Kind: spec.kind, Name: spec.node.Key, Request: request, After: spec.after, Header: compiled.header, Body: compiled.fixed, Static: compiled.message.static()}
	if spec.offContract != nil {
		out.OffContract = spec.offContract.Text
	}
	fixed, isFixed := request.Fixed()
	if spec.url != nil {
		if compiled.url = c.template(spec.url); compiled.url == nil {
			return nil
		}
		fixed, isFixed = compiled.url.constant()
		out.URL = fixed
	}
	c.destination(spec, fixed, isFixed)
	return compiled
}

func (c *compiler) subject(spec *callSpec) string {
	if spec.kind == webhookKind {
		return "webhook " + spec.node.Key
	}
	return fmt.Sprintf("callback %s of %s", spec.node.Key, c.op.Name())
}

// requestOf finds what the contract describes for a call.
func (c *compiler) requestOf(spec *callSpec) *contract.CallbackRequest {
	find, all, code, where := c.op.Callback, c.op.Callbacks(), CodeUnknownCallback, c.op.Name()
	if spec.kind == webhookKind {
		find, all, code, where = c.op.Contract().Webhook, c.op.Contract().Webhooks(), CodeUnknownWebhook, "the contract"
	}
	name := spec.node.Key
	found := find(name)
	if found == nil {
		var known []string
		for _, other := range all {
			known = append(known, other.Name)
		}
		hint, places := source.DidYouMean(name, known), []source.Related(nil)
		if len(known) == 0 {
			hint = "it describes none"
		}
		if spec.kind == callbackKind {
			places = related(c.op.At(), "the operation")
		}
		c.fault(code, spec.node.KeyAt(), fmt.Sprintf("%s has no %s %q", where, spec.kind, name), hint, places...)
		return nil
	}
	requests := c.choose(spec, found, found.Requests, spec.expression, "expression", func(r *contract.CallbackRequest) string { return r.Expression })
	if len(requests) > 0 {
		requests = c.choose(spec, found, requests, spec.method, "method", func(r *contract.CallbackRequest) string { return r.Method })
	}
	if len(requests) == 0 {
		return nil
	}
	if err := requests[0].Fault(); err != nil {
		message, hint, _ := strings.Cut(err.Error(), ": ")
		c.fault(CodeBadCallbackURL, spec.node.KeyAt(), fmt.Sprintf("where %s goes cannot be read: %s", c.subject(spec), message), hint, related(requests[0].At(), "the contract describes it here")...)
		return nil
	}
	return requests[0]
}

// choose keeps the requests that have what is stated under a key. Where nothing is
// stated, all must be alike.
func (c *compiler) choose(spec *callSpec, callback *contract.Callback, requests []*contract.CallbackRequest, stated *source.Node, key string, of func(*contract.CallbackRequest) string) []*contract.CallbackRequest {
	var known []string
	for _, r := range requests {
		if !slices.Contains(known, of(r)) {
			known = append(known, of(r))
		}
	}
	place := related(callback.At(), "the contract describes it here")
	switch {
	case stated != nil:
		kept := slices.DeleteFunc(slices.Clone(requests), func(r *contract.CallbackRequest) bool { return !strings.EqualFold(of(r), stated.Text) })
		if len(kept) == 0 {
			c.fault(CodeAmbiguousCallback, stated.At(), fmt.Sprintf("%s has no %s %q", c.subject(spec), key, stated.Text), source.DidYouMean(stated.Text, known), place...)
		}
		return kept
	case len(known) > 1:
		c.fault(CodeAmbiguousCallback, spec.node.KeyAt(), fmt.Sprintf("%s describes %d %ss, and it is not said which is meant", c.subject(spec), len(known), key), fmt.Sprintf("add %s: one of %s", key, strings.Join(known, ", ")), place...)
		return nil
	case len(known) == 0:
		c.fault(CodeAmbiguousCallback, spec.node.KeyAt(), c.subject(spec)+" describes no request", "describe a method under it in the contract", place...)
	}
	return requests
}

// ownBody takes the contract's own body for a call that states none: its first example
// that conforms, else a generated one.
func (c *compiler) ownBody(spec *callSpec, msg *message) {
	media := msg.media
	if media == nil {
		media = msg.content[0]
	}
	contentType := media.ContentType(nil)
	msg.header["Content-Type"] = contentType
	if e := firstConforming(media); e != nil {
		msg.fixed, _ = media.Encode(e)
		return
	}
	t, _ := contract.ParseMediaType(contentType[0])
	msg.fixed, _ = c.generated(spec.node, msg, media, t)
}

// exampleHost is what hints name as a host.
const exampleHost = "127.0.0.1:9000"

// destination tells of a call that is never sent, once for each file where no host is
// given at all.
func (c *compiler) destination(spec *callSpec, fixed string, isFixed bool) {
	u, err := url.Parse(fixed)
	switch hosts := c.loader.opts.Hosts; {
	case isFixed && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == ""):
		at := spec.node.KeyAt()
		if spec.url != nil {
			at = spec.url.At()
		}
		c.fault(CodeBadCallbackURL, at, fmt.Sprintf("%q is no absolute http or https URL", shorten(fixed)), "write it with scheme and host, such as http://"+exampleHost+"/hook")
	case hosts == nil || c.file.toldHosts:
	case hosts.Empty():
		c.file.toldHosts = true
		c.warn(CodeNotSent, spec.node.KeyAt(), "no callback or webhook of this file is sent: no host is given to which it may go", "start with --callback-host and the host, such as --callback-host "+exampleHost)
	case isFixed:
		if err := hosts.Admits(u); err != nil {
			message, hint, _ := strings.Cut(err.Error(), ": ")
			c.warn(CodeNotSent, spec.node.KeyAt(), c.subject(spec)+" is never sent: "+message, hint)
		}
	}
}
