package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ownedHeaders are those that the server or the body keywords set.
var ownedHeaders = map[string]string{
	"Content-Length":    "it follows from the body",
	"Transfer-Encoding": "the server sets it",
	"Connection":        "the server sets it",
	"Host":              "it follows from the URL",
	"Trailer":           "trailers are not supported",
	"Upgrade":           "the server sets it",
	"Date":              "the server sets it",
	"Content-Encoding":  "bodies are sent as they are written",

	"Preference-Applied": "it says what Understudy honoured",
}

// ownPrefix begins the headers in which Understudy speaks for itself: an answer in
// the API's name must not look like that.
const ownPrefix = "Understudy-"

// owner says who sets a header that a stub cannot, "" for others.
func owner(canonical string) string {
	if strings.HasPrefix(canonical, ownPrefix) {
		return "Understudy speaks for itself with it"
	}
	return ownedHeaders[canonical]
}

// badHeaderValue says what the value of a header can be (RFC 9110 section 5.5).
const badHeaderValue = "a value is one line of text without control characters"

// Settable tells whether a stub can set a header.
func Settable(name string) bool { return isToken(name) && owner(http.CanonicalHeaderKey(name)) == "" }

// contentTypeOf gives the media type that a response asks for, nil for none:
// mediaType, or a Content-Type among the headers.
func (c *compiler) contentTypeOf(r *messageSpec) *source.Node {
	for name, entry := range r.headers.Members() {
		if !strings.EqualFold(name, "Content-Type") {
			continue
		}
		if r.mediaType != nil {
			c.fault(CodeMisplacedKey, entry.KeyAt(), "the media type is stated twice", "keep mediaType alone", related(r.mediaType.KeyAt(), "the other one")...)
			return r.mediaType
		}
		d := decoder{c.findings}
		if !d.expect(entry, isText, "Content-Type") {
			return nil
		}
		return entry
	}
	return r.mediaType
}

// headers compiles the headers and proves those that do not depend on the request.
func (c *compiler) headers(r *messageSpec, msg *message) {
	places := map[string]*source.Node{}
	for name, entry := range r.headers.Members() {
		canonical := http.CanonicalHeaderKey(name)
		if canonical == "Content-Type" {
			continue
		}
		if why := owner(canonical); why != "" {
			c.fault(CodeBadHeader, entry.KeyAt(), fmt.Sprintf("the header %s cannot be set", canonical), "leave it out: "+why)
			continue
		}
		if !isToken(name) {
			c.fault(CodeBadHeader, entry.KeyAt(), fmt.Sprintf("%q is not the name of a header", name), "letters, digits and dashes are allowed")
			continue
		}
		if first := places[canonical]; first != nil {
			c.fault(CodeBadHeader, entry.KeyAt(), fmt.Sprintf("the header %s is stated twice", canonical), "write its lines as a list", related(first.KeyAt(), "the other one")...)
			continue
		}
		places[canonical] = entry
		c.header(canonical, entry, msg)
	}
	if msg.described && r.offContract == nil {
		c.proveHeaders(r, msg, places)
	}
}

// header compiles one header: a scalar, or a list of lines.
func (c *compiler) header(name string, entry *source.Node, msg *message) {
	d := decoder{c.findings}
	if !d.expect(entry, isScalar|isList, fmt.Sprintf("the header %s", name)) {
		return
	}
	lines := entry.Kids
	if entry.Kind != source.Array {
		lines = []source.Node{*entry}
	}
	h := headerTemplate{name: name}
	var fixed []string
	for i := range lines {
		if !d.expect(&lines[i], isScalar, "each line of the header") {
			return
		}
		t := c.template(&lines[i])
		if t == nil {
			return
		}
		h.lines = append(h.lines, t)
		if text, ok := t.constant(); ok {
			if !isHeaderValue(text) {
				c.fault(CodeBadHeader, lines[i].At(), fmt.Sprintf("the header %s cannot have this value", name), badHeaderValue)
				return
			}
			fixed = append(fixed, text)
		}
	}
	if len(fixed) == len(lines) {
		msg.header[name] = fixed
		return
	}
	msg.headers = append(msg.headers, h)
}

func (h *headerTemplate) render(e *evaluation) ([]string, error) {
	lines := make([]string, len(h.lines))
	for i, t := range h.lines {
		text, err := t.text(e)
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", h.name, err)
		}
		if !isHeaderValue(text) {
			return nil, fmt.Errorf("header %s cannot have the value %q", h.name, shorten(text))
		}
		lines[i] = text
	}
	return lines, nil
}

// proveHeaders checks the headers that are known at load against the contract.
func (c *compiler) proveHeaders(r *messageSpec, msg *message, places map[string]*source.Node) {
	for _, v := range msg.check(msg.header) {
		canonical := http.CanonicalHeaderKey(v.Name)
		if slices.ContainsFunc(msg.headers, func(h headerTemplate) bool { return h.name == canonical }) {
			continue // checked when it is sent
		}
		if _, compiled := msg.header[canonical]; places[canonical] != nil && !compiled {
			continue // it was told what is wrong with it
		}
		if places[canonical] == nil && c.loader.generates(msg.response) {
			continue
		}
		at, hint := r.node.At(), fmt.Sprintf("add it: headers: {%s: …}", v.Name)
		if r.headers != nil {
			at = r.headers.KeyAt()
		}
		if place := places[canonical]; place != nil {
			at, hint = place.At(), expectedHint(&v)
		}
		c.fault(CodeHeaderNotConform, at, fmt.Sprintf("%s: %s", msg.subject, v.String()), hint, contractPlace(&v, msg.at)...)
	}
}

// generates tells whether the described headers of a response can be generated when
// it is sent.
func (l *loader) generates(r *contract.Response) bool {
	if r == nil {
		return false
	}
	can, known := l.generable[r]
	if !known {
		_, err := sample.Headers(r, sample.Options{})
		can = err == nil
		l.generable[r] = can
	}
	return can
}

func expectedHint(v *exchange.Violation) string {
	if v.Expected == "" {
		return ""
	}
	return "it must be " + v.Expected
}

// contractPlace is where the contract says what a violation breaks.
func contractPlace(v *exchange.Violation, otherwise source.Span) []source.Related {
	at := otherwise
	if span, ok := v.Contract.(source.Span); ok && span.File != nil {
		at = span
	}
	return related(at, "the contract says so here")
}

// isToken tells whether a text can be the name of a header (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// isHeaderValue tells whether a text can be sent as the value of a header
// (RFC 9110 section 5.5).
func isHeaderValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
