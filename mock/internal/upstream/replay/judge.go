package replay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// scene sends the request of a scene and judges the answer.
func (r *runner) scene(ctx context.Context, s *scene) {
	s.check.Request = r.requestLine(s.draft.Call, s.op)
	q := request{Call: r.authorize(s.draft.Call, s.op, s.states), op: s.op, prefer: r.preference(s)}
	a, err := r.send(ctx, q, s.expects)
	c := &s.check
	if err != nil {
		var f *upstream.Failure
		switch {
		case errors.As(err, &f) && !f.Gone:
			c.Outcome, c.Reason = Failed, "no answer: "+f.Reason
		case !errors.Is(err, context.Canceled):
			c.Outcome, c.Reason = Failed, err.Error()
		}
		return
	}
	c.Status = a.status
	broken := violations(s.op, a)
	if s.stub != nil {
		c.Differences = r.judge(s, a, broken)
	} else {
		c.Differences = r.judgeRefusal(s, a, broken)
	}
	c.Outcome = Passed
	if len(c.Differences) > 0 {
		c.Outcome = Differs
	}
	r.observe(s, q, a, broken)
}

// preference asks a mock for the scenario, without its delays.
func (r *runner) preference(s *scene) string {
	if !r.Mock {
		return ""
	}
	text := "delay=0s"
	if s.stub != nil {
		text += ", scenario=" + s.stub.Scenario.Name
	}
	if len(s.draft.Exchange.Violations) > 0 {
		text += ", expect=invalid"
	}
	return text
}

// violations lists the ways in which an answer breaks the contract.
func violations(op *contract.Operation, a *answer) []exchange.Violation {
	if op.Method == http.MethodHead {
		return op.ValidateHead(a.status, a.header)
	}
	return op.ValidateResponse(a.status, a.header, a.body)
}

// expects tells whether a status is the one that the scene is about. What is written as a
// range or default may be any status that the contract describes by it.
func (s *scene) expects(status int) bool {
	if s.stub == nil {
		return status >= 400 && status < 500
	}
	if _, number, err := contract.ParseStatus(s.step.Status); err == nil && number != 0 {
		return status == number
	}
	r, _, ok := s.op.Respond(strconv.Itoa(status))
	return ok && r == s.step.Response
}

// judge compares an answer with what the stub says and with the contract.
func (r *runner) judge(s *scene, a *answer, broken []exchange.Violation) []Difference {
	var found []Difference
	if d, ok := r.spoke(s, a); ok {
		return []Difference{d}
	}
	right := s.expects(a.status)
	if !right {
		got := strconv.Itoa(a.status)
		if _, _, ok := s.op.Respond(got); !ok {
			got += ", which the contract does not describe"
		}
		found = append(found, Difference{Rule: RuleStatus, Where: "status", Expected: statusText(s), Got: got, Place: s.check.Place})
	}
	if !right || s.step.OffContract == "" {
		found = append(found, departures(s, broken)...)
	}
	if right && s.step.Exact != nil {
		for _, d := range s.step.Exact.Compare(a.header, a.body, s.step.Response) {
			if slices.ContainsFunc(found, func(f Difference) bool { return f.Where == d.Where && f.Pointer == d.Pointer }) {
				continue // the contract says so too
			}
			found = append(found, Difference{Rule: RuleExact, Where: d.Where, Pointer: d.Pointer, Expected: d.Expected, Got: d.Got, Place: placeOf(d.At)})
		}
	}
	return found
}

// departures tells what of an answer breaks the contract. A status that is not described
// was told.
func departures(s *scene, broken []exchange.Violation) []Difference {
	var found []Difference
	for _, v := range broken {
		if v.In == exchange.Status {
			continue
		}
		d := differenceOf(v)
		d.Place = s.check.Place
		found = append(found, d)
	}
	return found
}

func differenceOf(v exchange.Violation) Difference {
	pointer := v.Pointer
	v.Pointer = ""
	d := Difference{Rule: v.Rule, Where: v.Where(), Pointer: pointer, Expected: v.Expected, Got: v.Got}
	if v.Rule == exchange.RuleRequired && d.Got == "" {
		d.Got = "absent"
		if d.Expected == "" {
			d.Expected = "present"
		}
	}
	if at, ok := v.Contract.(source.Span); ok && at.File != nil {
		place := placeOf(at)
		d.Contract = &place
	}
	return d
}

// statusText says which status is expected.
func statusText(s *scene) string {
	if _, number, err := contract.ParseStatus(s.step.Status); err == nil && number == 0 {
		return s.step.Status + ", as the contract describes it"
	}
	return s.step.Status
}

// spoke tells whether a mock has answered otherwise than by the scenario.
func (r *runner) spoke(s *scene, a *answer) (Difference, bool) {
	d := Difference{Rule: RuleMock, Where: `header "Understudy-Scenario"`, Expected: strconv.Quote(s.stub.Scenario.Name), Got: "absent", Place: s.check.Place}
	if code := a.header.Get("Understudy-Error"); code != "" {
		d.Where, d.Expected, d.Got = `header "Understudy-Error"`, "absent", fmt.Sprintf("%q", code)
		if why := a.header.Get("Understudy-Why"); why != "" {
			d.Got += " (" + why + ")"
		}
		return d, true
	}
	name := a.header.Get("Understudy-Scenario")
	if !r.Mock || name == s.stub.Scenario.Name {
		return d, false
	}
	if name != "" {
		d.Got = strconv.Quote(name)
	}
	return d, true
}

// observe counts an answer as what the API has covered of the contract.
func (r *runner) observe(s *scene, q request, a *answer, broken []exchange.Violation) {
	if r.Observe == nil {
		return
	}
	ex, err := q.Exchange(s.op)
	if err != nil {
		return
	}
	ex.Time = r.Now
	ex.Answer = exchange.Answer{Status: a.status, Header: a.header, Body: a.body, Violations: broken}
	ex.Decision.Step = exchange.StepUpstream
	ex.Decision.ExpectedInvalid = len(ex.Violations) > 0
	if s.stub != nil && s.check.Outcome == Passed {
		ex.Decision.Scenario = s.stub.Scenario.Name
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Observe(ex, s.op)
}
