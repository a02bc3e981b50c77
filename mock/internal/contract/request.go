package contract

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// body is a described request body.
type body struct {
	required bool
	schema   *source.Node // of Swagger 2.0, shared by all media types
	media    []*bodyMedia
	at       source.Span
}

// bodyMedia is one media type or range of a request body.
type bodyMedia struct {
	name   string
	Type   MediaType
	node   *source.Node // the schema, nil for anything
	schema *schema.Schema
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
			p.bodyMedia(b, name, p.op.contract.follow(media.Get("schema")), media.KeyAt())
		}
	}
	return b
}

func (p *planner) bodyMedia(b *body, name string, schemaNode *source.Node, at source.Span) {
	t, ok := ParseMediaType(name)
	if !ok {
		p.add(CodeNotReadable, source.Warning, at, fmt.Sprintf("%q is not a media type and is ignored", name), "write it as type/subtype")
		return
	}
	m := &bodyMedia{name: name, Type: t, node: schemaNode}
	switch {
	case schemaNode == nil:
	case t.IsJSON() || t.IsText() && p.op.contract.admitsText(schemaNode) || !t.Concrete():
		compiled, err := p.op.contract.schemas.Compile(schemaNode, schema.Request)
		if err != nil {
			p.compileError(err, schemaNode)
			break
		}
		m.schema = compiled
		p.found = append(p.found, p.op.contract.schemas.Unenforced(schemaNode)...)
	default:
		p.add(CodeMediaNotEnforced, source.Warning, at, fmt.Sprintf("request bodies of %s are accepted without a check of their schema", name), "")
	}
	b.media = append(b.media, m)
}

// compileError turns the faults of a schema into warnings: the operation is
// served, what cannot be compiled is not enforced.
func (f *findings) compileError(err error, n *source.Node) {
	var found source.Diagnostics
	if !errors.As(err, &found) {
		f.add(CodeNotReadable, source.Warning, n.At(), "this schema is not enforced: "+firstLine(err), "")
		return
	}
	for _, d := range found {
		d.Severity = source.Warning
		f.found = append(f.found, d)
	}
}

// Validate decodes the request of ex and adds every violation. m is the match
// that Route gave for the operation.
func (op *Operation) Validate(ex *exchange.Exchange, m *Match) {
	p := op.compiled()
	r := &ex.Request
	in := param.Input{PathValue: m.PathValue, Header: r.Header, Host: r.Host}
	strict := op.contract.opts.StrictQuery
	if p.hasQuery || strict || p.security != nil || strings.IndexByte(r.RawQuery, '%') >= 0 {
		in.Query = op.query(ex, r.RawQuery)
	}
	if p.hasCookies || p.security != nil {
		in.Cookies = cookies(r.Header)
	}
	if len(p.params) > 0 {
		ex.Parameters = make([]exchange.Parameter, len(p.params))
		for i, decoder := range p.params {
			ex.Violations = append(ex.Violations, decoder.Decode(&in, &ex.Parameters[i])...)
		}
	}
	if strict {
		op.strictQuery(ex, in.Query)
	}
	if p.security != nil {
		c := credentials{r.Header, in.Query, in.Cookies, r.ClientCertificate}
		if v := p.security.check(&c); v != nil {
			ex.Violate(*v)
		}
	}
	p.validateBody(ex)
	op.validateAccept(ex)
}

// query splits the query into pairs. Names are decoded, values are left as sent
// for the decoders to split.
func (op *Operation) query(ex *exchange.Exchange, raw string) []param.Pair {
	if raw == "" {
		return nil
	}
	pairs := make([]param.Pair, 0, 1+strings.Count(raw, "&"))
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		plain, err := unescapeQuery(name)
		if err != nil {
			ex.Violate(badEscape(name))
			plain = name
		}
		if !op.compiled().query[plain] {
			if _, err := unescapeQuery(value); err != nil {
				v := badEscape(value)
				v.Name = plain
				ex.Violate(v)
			}
		}
		pairs = append(pairs, param.Pair{Name: plain, RawValue: value})
	}
	return pairs
}

func unescapeQuery(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}

func badEscape(text string) exchange.Violation {
	return exchange.Violation{
		In: exchange.Query, Rule: exchange.RuleDecode,
		Expected: "percent-encoded text", Got: fmt.Sprintf("%q", shorten(text)),
		Fix: `write % as %25, or as % with two hexadecimal digits`,
	}
}

// strictQuery reports query parameters that nothing declares.
func (op *Operation) strictQuery(ex *exchange.Exchange, pairs []param.Pair) {
	p := op.compiled()
	for i, pair := range pairs {
		if p.claims(pair.Name) || i > 0 && pairs[i-1].Name == pair.Name {
			continue
		}
		known := make([]string, 0, len(p.query))
		for name := range p.query {
			known = append(known, name)
		}
		ex.Violate(exchange.Violation{
			In: exchange.Query, Name: pair.Name, Rule: exchange.RuleUnknown,
			Expected: "a declared parameter", Got: fmt.Sprintf("%q", shorten(pair.Name)),
			Fix: strings.TrimSpace("leave it out; " + source.DidYouMean(pair.Name, known)), Contract: op.at,
		})
	}
}

// claims tells whether a declared query parameter or a security scheme takes pairs
// of that name.
func (p *plan) claims(name string) bool {
	for _, d := range p.params {
		if d.Claims(name) || d.Open() {
			return true
		}
	}
	if p.security != nil {
		for _, all := range p.security.alternatives {
			for _, s := range all {
				if s.in == exchange.Query && s.key == name {
					return true
				}
			}
		}
	}
	return false
}

// cookies splits the Cookie header (RFC 6265 section 4.2); values stay as sent.
func cookies(h http.Header) []param.Pair {
	var pairs []param.Pair
	for _, line := range h["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
				pairs = append(pairs, param.Pair{Name: name, RawValue: value})
			}
		}
	}
	return pairs
}

func (p *plan) validateBody(ex *exchange.Exchange) {
	r := &ex.Request
	if p.body == nil {
		return
	}
	contentType := r.Header.Get("Content-Type")
	if len(r.Body) == 0 && (contentType == "" || !r.HasBody || p.body.emptyMeansAbsent(contentType)) {
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
	media.validate(ex, contentType)
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
	var best *bodyMedia
	exactness := 0
	for _, m := range b.media {
		if e, ok := m.Type.Admits(t); ok && e > exactness {
			best, exactness = m, e
		}
	}
	return best
}

// validate decodes the body and checks it against the schema.
func (m *bodyMedia) validate(ex *exchange.Exchange, contentType string) {
	t := m.Type
	if !t.Concrete() {
		t, _ = ParseMediaType(contentType)
	}
	switch {
	case t.IsJSON():
		value, err := jsonvalue.Decode(ex.Request.Body)
		if err != nil {
			ex.Violate(badJSON(err))
			return
		}
		ex.Body, ex.BodyDecoded = value, true
	case t.IsText():
		ex.Body, ex.BodyDecoded = string(ex.Request.Body), true
	default:
		return
	}
	if m.schema == nil || m.schema.Valid(ex.Body) {
		return
	}
	for _, v := range m.schema.Validate(ex.Body) {
		v.In = exchange.Body
		ex.Violate(v)
	}
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

// validateAccept checks that the contract's own success can be sent as something
// that the client accepts.
func (op *Operation) validateAccept(ex *exchange.Exchange) {
	p := op.compiled()
	lines := ex.Request.Header["Accept"]
	if len(lines) == 0 || len(p.sendable) == 0 || len(lines) == 1 && lines[0] == "*/*" {
		return
	}
	ranges := parseAccept(lines)
	if len(ranges) == 0 {
		return
	}
	var names []string
	for _, t := range p.sendable {
		if weight(ranges, t) > 0 {
			return
		}
		names = append(names, t.String())
	}
	ex.Violate(exchange.Violation{
		In: exchange.Accept, Rule: exchange.RuleAccept,
		Expected: "a range that admits " + strings.Join(names, " or "), Got: fmt.Sprintf("%q", shorten(strings.Join(lines, ", "))),
		Fix: "accept " + strings.Join(names, " or "), Contract: op.success.response.At(),
	})
}

// maxShown bounds a value of the request that a violation quotes, in bytes.
const maxShown = 60

func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}
