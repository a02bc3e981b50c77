package journal

import (
	"context"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Summary is what a list shows of an entry, without secrets.
type Summary struct {
	ID        string `json:"id"`
	Number    uint64 `json:"number"`
	Session   string `json:"session,omitempty"`
	Operation string `json:"operation,omitempty"`
	API       string `json:"api,omitempty"`
	Method    string `json:"method"`
	// URL is the path with the query.
	URL      string               `json:"url"`
	Status   int                  `json:"status"`
	Valid    bool                 `json:"valid"`
	Step     exchange.Step        `json:"step"`
	Scenario string               `json:"scenario,omitempty"`
	Stub     string               `json:"stub,omitempty"`
	Problem  exchange.ProblemCode `json:"problem,omitempty"`
	Fault    exchange.Fault       `json:"fault,omitempty"`
	// AnswerBreaks counts the breaches of the real API's answer.
	AnswerBreaks int       `json:"answerBreaks,omitempty"`
	Arrived      time.Time `json:"arrived"`
	// Gap is that of the Record, but never GapPassedOver: to know that, every stub is asked.
	Gap Gap `json:"gap,omitempty"`
}

// SummaryPage is a Page of summaries.
type SummaryPage struct {
	Requests []Summary `json:"requests"`
	Next     uint64    `json:"next,omitempty"`
	Dropped  uint64    `json:"dropped"`
	// Incomplete is as in Page.
	Incomplete string `json:"incomplete,omitempty"`
}

// Summaries gives what a list shows of a page of entries.
func (j *Journal) Summaries(ctx context.Context, q Query) (page SummaryPage, err error) {
	page.Requests, page.Next, err = pageOf(ctx, j, &q, nil, (*view).summary, func(r *reading) { page.Dropped, page.Incomplete = r.dropped, r.missing })
	return page, err
}

func (v *view) summary(redactor *Redactor) Summary {
	real := v.real()
	hide := redactor.Of(real)
	r, d, a := &real.Request, &real.Decision, &real.Answer
	s := Summary{
		ID: real.ID, Number: v.number, Session: real.Session, Operation: real.Operation, API: real.API, Method: r.Method, URL: hide.Path(r.Path),
		Status: statusOf(a), Valid: valid(real), Step: d.Step, Scenario: d.Scenario, Stub: d.Stub, Fault: a.Fault, Arrived: real.Time,
		AnswerBreaks: len(a.Violations),
	}
	if r.RawQuery != "" {
		s.URL += "?" + hide.Text(redactor.query(r.RawQuery))
	}
	if a.Problem != nil {
		s.Problem = a.Problem.Code
	}
	if d.Step != exchange.StepContract {
		s.Gap = gapOf(real)
	}
	return s
}

// Exchange gives the exchange of a request as it was decided, without secrets, for
// those who write scenarios of it; false where it is not kept. size is the length of
// the answer's body, of which MaxBody bytes are kept at most.
func (j *Journal) Exchange(ctx context.Context, id string) (ex *exchange.Exchange, size int, ok bool, err error) {
	k, err := j.find(ctx, id)
	if k == nil {
		return nil, 0, false, err
	}
	v := k.seen()
	length := v.answerSize
	if v.is(isStream) {
		if length = 0; v.phase == done {
			length = v.sent
		}
	}
	return j.redactor.Load().Exchange(v.real()), int(length), true, nil
}
