package journal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Seen is a request as results of verifications name it, without secrets.
type Seen struct {
	ID     string `json:"id"`
	Number uint64 `json:"number"`
	Method string `json:"method"`
	// URL is the path with the query.
	URL       string `json:"url"`
	Operation string `json:"operation,omitempty"`
	Status    int    `json:"status"`
	// Held counts the conditions that held, of so many.
	Held       int `json:"held"`
	Conditions int `json:"conditions"`
	// Failed is the first condition that did not hold, "" where all did.
	Failed string `json:"failed,omitempty"`
}

// MarshalJSON leaves out how many conditions held where there are none.
func (s Seen) MarshalJSON() ([]byte, error) {
	type plain Seen
	told := struct {
		plain
		Held       *int   `json:"held,omitempty"`
		Conditions *int   `json:"conditions,omitempty"`
		Failed     string `json:"failed,omitempty"`
	}{plain: plain(s), Failed: s.Failed}
	if s.Conditions > 0 {
		told.Held, told.Conditions = &s.Held, &s.Conditions
	}
	return json.Marshal(told)
}

// String names the request in a line.
func (s *Seen) String() string {
	text := fmt.Sprintf("%s %s, answered %d (%s)", s.Method, s.URL, s.Status, s.ID)
	if s.Failed == "" {
		return text
	}
	if s.Conditions > 0 {
		text += fmt.Sprintf(", %d of %d conditions", s.Held, s.Conditions)
	}
	return text + ": " + s.Failed
}

// maxSeen bounds the requests that a result names.
const maxSeen = 5

// seen names a request. failed says for people what keeps it from matching.
func (l *looked) seen(redactor *Redactor, j scenario.Judgement) Seen {
	shown := l.shown(l.real, redactor)
	s := Seen{
		ID: shown.ID, Number: l.number, Method: shown.Request.Method, URL: shown.Request.Path, Operation: shown.Operation,
		Status: statusOf(&shown.Answer), Held: j.Held, Conditions: j.Conditions, Failed: j.Failed(shown),
	}
	if shown.Request.RawQuery != "" {
		s.URL += "?" + shown.Request.RawQuery
	}
	return s
}

// near is a request that came close to a pattern.
type near struct {
	*looked
	judgement scenario.Judgement
}

// closest names the requests that came closest to a pattern without matching it: of
// those to its operation the ones that lack the fewest conditions, then those that the
// contract has no operation for and that are most like it.
func closest(all []looked, p *scenario.Pattern, redactor *Redactor) []Seen {
	var list []near
	for i := range all {
		if j, ok := p.Judge(all[i].real); ok && j.Held < j.Conditions {
			list = append(list, near{&all[i], j})
		}
	}
	// Later ones first where they lack as much: they are what a person has tried last.
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b near) int {
		return cmp.Or(a.lacks()-b.lacks(), b.judgement.Held-a.judgement.Held)
	})
	var named []Seen
	for i := range list[:min(maxSeen, len(list))] {
		named = append(named, list[i].seen(redactor, list[i].judgement))
	}
	if p.Operation() == nil {
		return named
	}
	for i := len(all) - 1; i >= 0 && len(named) < maxSeen; i-- {
		if l := &all[i]; meant(l.real, p) {
			s := l.seen(redactor, scenario.Judgement{})
			s.Failed = "the contract has no operation for it, and this one is the closest"
			named = append(named, s)
		}
	}
	return named
}

func (n *near) lacks() int { return n.judgement.Conditions - n.judgement.Held }

// meant tells whether a request that no operation took was probably meant for the
// pattern's.
func meant(ex *exchange.Exchange, p *scenario.Pattern) bool {
	problem := ex.Answer.Problem
	if ex.Operation != "" || problem == nil {
		return false
	}
	op := p.Operation()
	if problem.Code == exchange.ProblemNoMethod { // the path is right
		m := op.Contract().Route(op.Method, ex.Request.Path, true)
		return m.Op == op
	}
	if problem.Code != exchange.ProblemNoPath || len(problem.Known) == 0 || !op.Resembles(ex.Request.Path) {
		return false
	}
	method, path, _ := strings.Cut(problem.Known[0], " ")
	return method == op.Method && strings.HasSuffix(path, op.Template)
}
