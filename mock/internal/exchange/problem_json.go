package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// problemTypes is where the kinds of problems are explained.
const problemTypes = "https://github.com/understudy-mock/understudy/blob/main/docs/errors.md#"

// Encode writes the problem as application/problem+json (RFC 9457).
func (p *Problem) Encode(requestID string) []byte {
	type violation struct {
		Violation
		Message  string `json:"message"`
		Contract string `json:"contract,omitempty"`
	}
	doc := struct {
		Type       string      `json:"type"`
		Title      string      `json:"title"`
		Status     int         `json:"status"`
		Detail     string      `json:"detail"`
		Instance   string      `json:"instance,omitempty"`
		Violations []violation `json:"violations,omitempty"`
		Known      []string    `json:"known,omitempty"`
		Text       string      `json:"text,omitempty"`
		Findings   any         `json:"findings,omitempty"`
	}{
		Type: problemTypes + strings.ToLower(string(p.Code)), Title: p.Code.Title(), Status: p.Status, Detail: p.Detail, Known: p.Known, Text: p.Text, Findings: p.Findings,
	}
	if requestID != "" {
		doc.Instance = "urn:understudy:request:" + requestID
	}
	for _, v := range p.Violations {
		doc.Violations = append(doc.Violations, violation{v, v.String(), v.ContractLine()})
	}
	e := encoders.Get().(*encoder)
	defer e.release()
	if err := e.json.Encode(doc); err != nil {
		return []byte(`{"title":"` + string(p.Code) + `"}`)
	}
	return bytes.Clone(e.text.Bytes())
}

// encoder writes JSON for people, and is used again from one problem to the next.
type encoder struct {
	text bytes.Buffer
	json *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.json = json.NewEncoder(&e.text)
	e.json.SetEscapeHTML(false)
	e.json.SetIndent("", "  ")
	return e
}}

// maxEncoder bounds the memory that an encoder holds for the next problem, in bytes.
const maxEncoder = 64 << 10

func (e *encoder) release() {
	if e.text.Cap() > maxEncoder {
		return
	}
	e.text.Reset()
	encoders.Put(e)
}
