package exchange

import (
	"encoding/json"
	"strings"
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
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return []byte(`{"title":"` + string(p.Code) + `"}`)
	}
	return []byte(b.String())
}
