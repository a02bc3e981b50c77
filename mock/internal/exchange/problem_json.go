package exchange

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// problemTypes is where the kinds of problems are explained.
const problemTypes = "https://github.com/understudy-mock/understudy/blob/main/docs/errors.md#"

// Encode writes the problem as application/problem+json (RFC 9457).
//
// It writes the text itself: encoding/json took half of the time of a request that breaks
// the contract, most of it to indent what it had written.
func (p *Problem) Encode(requestID string) []byte {
	w := problemWriter{out: make([]byte, 0, 512+512*len(p.Violations))}
	w.open('{')
	w.text("type", problemTypes+strings.ToLower(string(p.Code)))
	w.text("title", p.Code.Title())
	w.name("status")
	w.out = strconv.AppendInt(w.out, int64(p.Status), 10)
	w.text("detail", p.Detail)
	if requestID != "" {
		w.text("instance", "urn:understudy:request:"+requestID)
	}
	if len(p.Violations) > 0 {
		w.name("violations")
		w.open('[')
		for i := range p.Violations {
			w.next()
			w.violation(&p.Violations[i])
		}
		w.close(']')
	}
	if len(p.Known) > 0 {
		w.name("known")
		w.open('[')
		for _, known := range p.Known {
			w.next()
			w.out = appendText(w.out, known)
		}
		w.close(']')
	}
	w.optional("text", p.Text)
	if p.Findings != nil {
		w.name("findings")
		w.out = appendJSON(w.out, p.Findings, "  ")
	}
	w.close('}')
	return append(w.out, '\n')
}

// problemWriter writes JSON as json.Encoder does with an indent of two spaces.
type problemWriter struct {
	out   []byte
	depth int
	some  bool // the open object or array has something already

	message []byte // room for one
}

func (w *problemWriter) open(bracket byte) {
	w.out = append(w.out, bracket)
	w.depth++
	w.some = false
}

func (w *problemWriter) close(bracket byte) {
	w.depth--
	w.line()
	w.out = append(w.out, bracket)
	w.some = true
}

func (w *problemWriter) line() {
	// Nothing stands deeper than the members of a violation.
	const deepest = "\n      "
	w.out = append(w.out, deepest[:1+2*w.depth]...)
}

// next begins a member or an item.
func (w *problemWriter) next() {
	if w.some {
		w.out = append(w.out, ',')
	}
	w.some = true
	w.line()
}

// name begins a member whose name needs no escape.
func (w *problemWriter) name(name string) {
	w.next()
	w.out = append(append(append(w.out, '"'), name...), `": `...)
}

func (w *problemWriter) text(name, value string) {
	w.name(name)
	w.out = appendText(w.out, value)
}

// optional leaves a member out whose text is empty.
func (w *problemWriter) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *problemWriter) violation(v *Violation) {
	w.open('{')
	w.text("in", string(v.In))
	w.optional("name", v.Name)
	w.optional("pointer", v.Pointer)
	w.text("rule", v.Rule)
	w.optional("expected", v.Expected)
	w.optional("got", v.Got)
	w.optional("fix", v.Fix)
	w.name("message")
	w.message = v.appendLine(w.message[:0])
	w.out = appendText(w.out, w.message)
	w.optional("contract", v.ContractLine())
	w.close('}')
}

// appendText writes a JSON string.
func appendText[T string | []byte](b []byte, text T) []byte {
	begin, from := len(b), 0
	b = append(b, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < ' ' || c > '~':
			return appendJSON(b[:begin], string(text), "")
		case c == '"' || c == '\\':
			b = append(append(b, text[from:i]...), '\\')
			from = i
		}
	}
	return append(append(b, text[from:]...), '"')
}

// appendJSON writes any value, its lines behind a prefix. What cannot be written is null.
func appendJSON(b []byte, v any, prefix string) []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if e.Encode(v) != nil {
		return append(b, "null"...)
	}
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}
