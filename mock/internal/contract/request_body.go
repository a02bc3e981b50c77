package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// body is a described request body.
type body struct {
	required bool
	media    []*bodyMedia
	at       source.Span
}

// bodyMedia is one media type or range of a request body.
type bodyMedia struct {
	name string
	Type MediaType
	*payload
	// examples are for those who make requests.
	examples []*Example
}

// requestBody compiles the described body, nil where none is described.
func (p *planner) requestBody() *body {
	if p.op.contract.swagger {
		return p.body2()
	}
	entry := p.op.node.Get("requestBody")
	n, err := p.op.contract.docs.Follow(entry)
	if entry == nil || err != nil {
		return nil
	}
	m, ok := model[openapi3.RequestBody](&p.findings, n)
	if !ok {
		return nil
	}
	b := &body{required: m.Required, at: entry.KeyAt()}
	for name, media := range n.Get("content").Members() {
		if media, err = p.op.contract.docs.Follow(media); err == nil {
			body := &payload{node: p.op.contract.follow(media.Get("schema")), item: p.op.contract.follow(media.Get("itemSchema")), media: media}
			p.bodyMedia(b, name, body, media.KeyAt(), p.examples(media))
		}
	}
	return b
}

func (p *planner) bodyMedia(b *body, name string, says *payload, at source.Span, examples []*Example) {
	t, ok := ParseMediaType(name)
	if !ok {
		p.add(CodeNotReadable, source.Warning, at, fmt.Sprintf("%q is not a media type and is ignored", name), "write it as type/subtype")
		return
	}
	says.contract, says.dir = p.op.contract, schema.Request
	p.found = append(p.found, says.findings()...)
	if t.Concrete() && !says.enforces(t) {
		p.add(CodeMediaNotEnforced, source.Warning, at, fmt.Sprintf("request bodies of %s are accepted without a check of their schema", name), "describe the bytes as a string, or leave the schema out")
	}
	b.media = append(b.media, &bodyMedia{name: name, Type: t, payload: says, examples: examples})
}

func (p *plan) validateBody(ex *exchange.Exchange) {
	r := &ex.Request
	if p.body == nil {
		return
	}
	contentType, broken, ok := contentTypeOf(r.Header, p.body.at)
	if ex.Violations = append(ex.Violations, broken...); !ok {
		return
	}
	if len(r.Body) == 0 && !r.Oversize && (contentType == "" || !r.HasBody || p.body.emptyMeansAbsent(contentType)) {
		if p.body.required {
			ex.Violate(exchange.Violation{In: exchange.Body, Rule: exchange.RuleRequired, Expected: "a body of " + p.body.names(), Fix: "send a body of " + p.body.names(), Contract: p.body.at})
		}
		return
	}
	media := p.body.pick(contentType)
	if media == nil {
		got := fmt.Sprintf("%q", shorten(contentType))
		if contentType == "" {
			got = "no Content-Type"
		}
		ex.Violate(exchange.Violation{In: exchange.MediaType, Rule: exchange.RuleMediaType, Expected: p.body.names(), Got: got, Fix: "send the header Content-Type with " + p.body.names(), Contract: p.body.at})
		return
	}
	ex.MediaType = media.name
	coding := contentCoding(r.Header)
	switch {
	case coding != "" && media.as(media.typeOf(contentType)) != Opaque:
		ex.Violate(exchange.Violation{In: exchange.MediaType, Rule: exchange.RuleMediaType, Expected: "a body without a content coding", Got: "Content-Encoding: " + shorten(coding), Fix: "send the body as it is, without Content-Encoding", Contract: p.body.at})
	case !r.Oversize:
		media.validate(ex, contentType)
	}
}

// contentCoding gives the codings of a body (RFC 9110 section 8.4), "" for none. Bodies
// are never expanded: a few bytes could stand for gigabytes.
func contentCoding(h http.Header) string {
	coding := strings.Join(h["Content-Encoding"], ", ")
	if strings.EqualFold(strings.TrimSpace(coding), "identity") {
		return ""
	}
	return coding
}

// typeOf is the type as which a body is read.
func (m *bodyMedia) typeOf(contentType string) MediaType {
	t := m.Type
	if !t.Concrete() || t.Syntax() == Multipart {
		t, _ = ParseMediaType(contentType)
	}
	return t
}

func (b *body) names() string {
	names := make([]string, len(b.media))
	for i, m := range b.media {
		names[i] = m.name
	}
	return strings.Join(names, " or ")
}

// emptyMeansAbsent tells whether no value of the media type is empty text: there
// is no empty JSON, but there is empty plain text.
func (b *body) emptyMeansAbsent(contentType string) bool {
	t, ok := ParseMediaType(contentType)
	return ok && t.IsJSON()
}

// pick finds the entry for a Content-Type, the most exact one of several.
func (b *body) pick(contentType string) *bodyMedia {
	for _, m := range b.media {
		if m.name == contentType {
			return m
		}
	}
	t, ok := ParseMediaType(contentType)
	if !ok {
		t = MediaType{Type: "application", Subtype: "octet-stream"} // RFC 9110 section 8.3
	}
	if i := mostExact(b.media, func(m *bodyMedia) MediaType { return m.Type }, t); i >= 0 {
		return b.media[i]
	}
	return nil
}

// validate decodes the body and checks it against the schema.
func (m *bodyMedia) validate(ex *exchange.Exchange, contentType string) {
	t := m.typeOf(contentType)
	var found []exchange.Violation
	if ex.Request.Stored != nil {
		ex.Body, found = m.decodeStored(t, &ex.Request)
	} else {
		ex.Body, found = m.decode(t, ex.Request.Body)
	}
	ex.Violations = append(ex.Violations, found...)
}

// CheckValue gives the violations of a decoded body of JSON or text.
func (m *bodyMedia) CheckValue(value any) []exchange.Violation { return m.check(value) }

// requestAs writes and checks request bodies of a type below a media type.
type requestAs struct {
	*bodyMedia
	t MediaType
}

func (r requestAs) encode(t MediaType, n *source.Node) ([]byte, error) {
	return r.payload.encode(t, n, nil)
}

// CheckBytes decodes an encoded body and gives its violations.
func (r requestAs) CheckBytes(body []byte) []exchange.Violation {
	_, found := r.decode(r.t, body)
	return found
}

func badJSON(err error) exchange.Violation {
	reason, pointer, offset := jsonvalue.Reason(err)
	v := exchange.Violation{In: exchange.Body, Pointer: pointer, Rule: exchange.RuleDecode, Expected: "JSON", Got: reason, Fix: "send well-formed JSON"}
	if offset >= 0 {
		v.Got = fmt.Sprintf("%s at byte %d", reason, offset)
	}
	if jsonvalue.IsDuplicate(err) {
		v.Fix = "send each member once"
	}
	return v
}
