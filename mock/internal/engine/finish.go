package engine

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// problemTypes is where the kinds of problems are explained.
const problemTypes = "https://github.com/understudy-mock/understudy/blob/main/docs/errors.md#"

// problem makes the answer out of a problem; what an earlier stage has put into
// the header stays (Allow).
func (h *handling) problem(p *exchange.Problem) {
	a := &h.ex.Answer
	allow := a.Header["Allow"]
	*a = exchange.Answer{Status: p.Status, Header: make(http.Header, 8), Problem: p}
	if allow != nil {
		a.Header["Allow"] = allow
	}
	a.Body = EncodeProblem(p, h.ex.ID)
	a.Header["Content-Type"] = []string{"application/problem+json"}
	h.why(p.Code.Title())
}

// EncodeProblem writes a problem as application/problem+json (RFC 9457).
func EncodeProblem(p *exchange.Problem, requestID string) []byte {
	type violation struct {
		exchange.Violation
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
	}{
		Type: problemTypes + strings.ToLower(string(p.Code)), Title: p.Code.Title(), Status: p.Status, Detail: p.Detail, Known: p.Known,
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

// why notes, for people, what gave the answer.
func (h *handling) why(reason string) {
	h.ex.Decision.Why = reason
}

// finish adds the headers that tell where the answer came from.
func (h *handling) finish() {
	a, d := &h.ex.Answer, &h.ex.Decision
	if a.Status == 401 && h.op != nil && a.Header["Www-Authenticate"] == nil {
		a.Header["Www-Authenticate"] = h.op.Challenges()
	}
	if len(d.Applied) > 0 && a.Problem == nil {
		a.Header["Preference-Applied"] = []string{exchange.HeaderText(strings.Join(d.Applied, ", "))}
	}
	if a.Problem != nil {
		a.Header["Understudy-Error"] = []string{string(a.Problem.Code)}
	}
	if d.Stub != "" {
		a.Header["Understudy-Scenario"] = []string{exchange.HeaderText(d.Scenario)}
	}
	if d.Why != "" {
		a.Header["Understudy-Why"] = []string{exchange.HeaderText(d.String())}
	}
	if a.OffContract != "" {
		a.Header["Understudy-Off-Contract"] = []string{exchange.HeaderText(a.OffContract)}
	}
	if len(h.ex.Violations) > 0 {
		a.Header["Understudy-Violations"] = []string{exchange.HeaderList(len(h.ex.Violations), func(i int) string { return h.ex.Violations[i].String() })}
	}
}
