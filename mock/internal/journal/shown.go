package journal

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// shown gives the exchange as people may see it: what of it was sent, without secrets.
// What its Considered tells of it is to be told with shown.
func (v *view) shown(real *exchange.Exchange, redactor *Redactor) *exchange.Exchange {
	return redactor.exchange(real, v.shownAnswer)
}

// Exchange gives a copy of an exchange without secrets: exchange.Redacted stands in
// their place. The exchange must still have its headers, and is only read.
func (r *Redactor) Exchange(real *exchange.Exchange) *exchange.Exchange {
	return r.exchange(real, func(c *exchange.Exchange, s *Secrets) []byte {
		if c.Answer.Problem != nil {
			return c.Answer.Problem.Encode(c.ID) // its texts are hidden one by one
		}
		return s.answer(c.Answer.Body, c.Answer.Header.Get("Content-Type"))
	})
}

// exchange hides secrets; answer gives the body of the answer without them.
func (r *Redactor) exchange(real *exchange.Exchange, answer func(c *exchange.Exchange, s *Secrets) []byte) *exchange.Exchange {
	s := r.Of(real)
	c := *real
	c.ForgetPairs()
	c.Violations = r.violations(real.Violations)
	c.Parameters = s.parameters(real.Parameters)
	c.Body = r.content(&real.Body)
	q := &c.Request
	q.Path, q.RawQuery, q.Header = s.Path(q.Path), s.Text(r.query(q.RawQuery)), s.shownHeader(q.Header)
	q.Body = r.body(q.Body, real.Request.Header.Get("Content-Type"))
	d := &c.Decision
	d.Why, d.Applied, d.Drawn = s.Text(d.Why), s.texts(d.Applied), s.texts(d.Drawn)
	c.Prefer = exchange.Prefer{} // its header and query are shown
	a := &c.Answer
	a.Header = s.shownHeader(a.Header)
	a.Violations = r.violations(real.Answer.Violations)
	if a.Header.Get("Understudy-Response-Violations") != "" {
		a.Header["Understudy-Response-Violations"] = []string{exchange.ViolationsHeader(a.Violations)}
	}
	if a.Header.Get("Understudy-Violations") != "" {
		a.Header["Understudy-Violations"] = []string{exchange.ViolationsHeader(c.Violations)}
	}
	a.Problem = s.problem(real, &c)
	a.Body = answer(&c, s)
	a.OffContract = s.Text(a.OffContract)
	return &c
}

// shownAnswer gives what was sent of the answer's body, as far as it was kept.
func (v *view) shownAnswer(c *exchange.Exchange, s *Secrets) []byte {
	a := &c.Answer
	body := a.Body
	if a.Problem != nil {
		body = a.Problem.Encode(c.ID) // its texts are hidden one by one
	}
	if v.phase == done && v.sent < v.answerSize {
		body = body[:min(v.sent, int64(len(body)))]
	}
	if len(body) > MaxBody {
		body = body[:MaxBody]
	}
	if a.Problem != nil {
		return body
	}
	return s.answer(body, a.Header.Get("Content-Type"))
}

func (s *Secrets) answer(body []byte, contentType string) []byte {
	body = s.redactor.body(body, contentType)
	for _, value := range s.values {
		if bytes.Contains(body, []byte(value)) {
			return []byte(s.Text(string(body)))
		}
	}
	return body
}

func (s *Secrets) shownHeader(h http.Header) http.Header {
	shown := make(http.Header, len(h))
	for name, lines := range h {
		if shown[name] = []string{exchange.Redacted}; !s.redactor.hides(exchange.Header, name) {
			shown[name] = s.texts(lines)
		}
	}
	return shown
}

// problem hides secrets in the answer's problem, nil where there is none.
func (s *Secrets) problem(real, shown *exchange.Exchange) *exchange.Problem {
	p := real.Answer.Problem
	if p == nil {
		return nil
	}
	c := *p
	c.Detail, c.Known, c.Violations = s.Text(p.Detail), s.texts(p.Known), s.redactor.violations(p.Violations)
	if p.Code == exchange.ProblemNoStub && real.Decision.Considered != nil && len(p.Known) > 0 {
		c.Known = make([]string, 0, len(p.Known))
		for tried := range real.Decision.Considered.Tried(real) {
			if len(c.Known) == len(p.Known) {
				break
			}
			c.Known = append(c.Known, tried.Stub+": "+tried.Judge().Failed(shown))
		}
	}
	return &c
}

func (r *Redactor) violations(list []exchange.Violation) []exchange.Violation {
	shown := slices.Clone(list)
	for i := range shown {
		shown[i] = r.Violation(shown[i])
	}
	return shown
}

func (s *Secrets) parameters(list []exchange.Parameter) []exchange.Parameter {
	r := s.redactor
	shown := slices.Clone(list)
	for i := range shown {
		p := &shown[i]
		p.Raw = ""
		if p.Value = r.value(p.Value); p.Present && r.hides(p.In, p.Name) {
			p.Value = exchange.Redacted
		}
		if text, ok := p.Value.(string); ok { // the path and the query have it too
			p.Value = s.Text(text)
		}
	}
	return shown
}
