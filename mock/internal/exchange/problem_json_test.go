package exchange_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

type line string

func (l line) String() string { return string(l) }

// TestProblemJSON holds that a problem is written just as encoding/json writes it.
func TestProblemJSON(t *testing.T) {
	t.Parallel()
	type violation struct {
		exchange.Violation
		Message  string `json:"message"`
		Contract string `json:"contract,omitempty"`
	}
	type document struct {
		Type       string      `json:"type"`
		Title      string      `json:"title"`
		Status     int         `json:"status"`
		Detail     string      `json:"detail"`
		Instance   string      `json:"instance,omitempty"`
		Violations []violation `json:"violations,omitempty"`
		Known      []string    `json:"known,omitempty"`
		Text       string      `json:"text,omitempty"`
		Findings   any         `json:"findings,omitempty"`
	}
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "plain", `a "quoted" \ text`, "line\nand\ttab", "<&>", "größer\u2028", "\x00\x7f", "broken \xff utf-8", strings.Repeat("long ", 200)}
	text := func() string { return texts[random.IntN(len(texts))] }
	codes := exchange.ProblemCodes()
	for range 2_000 {
		p := &exchange.Problem{Code: codes[random.IntN(len(codes))], Status: 100 + random.IntN(500), Detail: text(), Text: text()}
		for range random.IntN(3) {
			v := exchange.Violation{In: exchange.Header, Name: text(), Pointer: text(), Rule: text(), Expected: text(), Got: text(), Fix: text()}
			if random.IntN(2) == 1 {
				v.Contract = line(text())
			}
			p.Violations = append(p.Violations, v)
		}
		for range random.IntN(3) {
			p.Known = append(p.Known, text())
		}
		if random.IntN(3) == 0 {
			p.Findings = []map[string]any{{"line": 3, "of": text()}, {}}
		}
		want := document{
			Type:  "https://github.com/understudy-mock/understudy/blob/main/docs/errors.md#" + strings.ToLower(string(p.Code)),
			Title: p.Code.Title(), Status: p.Status, Detail: p.Detail, Known: p.Known, Text: p.Text, Findings: p.Findings,
		}
		id := text()
		if id != "" {
			want.Instance = "urn:understudy:request:" + id
		}
		for _, v := range p.Violations {
			want.Violations = append(want.Violations, violation{v, v.String(), v.ContractLine()})
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b.String(), string(p.Encode(id))); diff != "" {
			t.Fatal(diff)
		}
	}
}
