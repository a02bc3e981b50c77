package exchange

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf8"
)

// problemTypes is where the kinds of problems are explained.
const problemTypes = "https://github.com/understudy-mock/understudy/blob/main/docs/errors.md#"

// Encode writes the problem as application/problem+json (RFC 9457).
//
// It writes the text itself: encoding/json took half of the time of a request that breaks
// the contract, most of it to indent what it had written.
func (p *Problem) Encode(requestID string) []byte {
	w := problemWriters.Get().(*problemWriter)
	defer w.release()
	w.open('{')
	w.name("type")
	w.out = append(append(w.out, '"'), problemTypes...)
	for _, c := range p.Code {
		w.out = utf8.AppendRune(w.out, unicode.ToLower(c))
	}
	w.out = append(w.out, '"')
	w.text("title", p.Code.Title())
	w.name("status")
	w.out = strconv.AppendInt(w.out, int64(p.Status), 10)
	w.text("detail", p.Detail)
	if requestID != "" {
		w.name("instance")
		w.line = append(append(w.line[:0], "urn:understudy:request:"...), requestID...)
		w.out = appendText(w.out, w.line)
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
	w.out = append(w.out, '\n')
	return bytes.Clone(w.out) // the journal keeps it: it is to have no room behind it
}

// problemWriter writes JSON as json.Encoder does with an indent of two spaces.
type problemWriter struct {
	out   []byte
	depth int
	some  bool // the open object or array has something already

	line []byte // room for one
}

var problemWriters = sync.Pool{New: func() any { return &problemWriter{} }}

// maxRoom bounds the memory that a problemWriter keeps for the next problem, in bytes.
const maxRoom = 16 << 10

func (w *problemWriter) release() {
	if cap(w.out)+cap(w.line) <= maxRoom {
		*w = problemWriter{out: w.out[:0], line: w.line[:0]}
		problemWriters.Put(w)
	}
}

func (w *problemWriter) open(bracket byte) {
	w.out = append(w.out, bracket)
	w.depth++
	w.some = false
}

func (w *problemWriter) close(bracket byte) {
	w.depth--
	w.newLine()
	w.out = append(w.out, bracket)
	w.some = true
}

func (w *problemWriter) newLine() {
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
	w.newLine()
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
	w.line = v.appendLine(w.line[:0])
	w.out = appendText(w.out, w.line)
	if w.line = v.appendContract(w.line[:0]); len(w.line) > 0 {
		w.name("contract")
		w.out = appendText(w.out, w.line)
	}
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
