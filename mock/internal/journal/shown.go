package journal

import (
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
		return s.body(c.Answer.Body, c.Answer.Header.Get("Content-Type"), false)
	})
}

// exchange hides secrets; answer gives the body of the answer without them.
func (r *Redactor) exchange(real *exchange.Exchange, answer func(c *exchange.Exchange, s *Secrets) []byte) *exchange.Exchange {
	s := r.Of(real)
	c := *real
	c.ForgetPairs()
	c.Violations = s.violations(real.Violations)
	c.Parameters = s.parameters(real.Parameters)
	c.Body = s.content(&real.Body)
	q := &c.Request
	q.Path, q.RawQuery, q.Header = s.Path(q.Path), s.Text(r.query(q.RawQuery)), s.shownHeader(q.Header)
	q.Body = s.body(q.Body, real.Request.Header.Get("Content-Type"), len(q.Body) == MaxBody || q.BodySize() > int64(len(q.Body)))
	d := &c.Decision
	d.Why, d.Applied, d.Drawn = s.Text(d.Why), s.texts(d.Applied), s.texts(d.Drawn)
	c.Prefer = exchange.Prefer{} // its header and query are shown
	a := &c.Answer
	a.Header = s.shownHeader(a.Header)
	a.Violations = s.violations(real.Answer.Violations)
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
	size := v.answerSize
	if v.phase == done && (v.is(isStream) || v.sent < size) {
		size = v.sent
	}
	if a.Problem != nil && size == v.answerSize {
		size = MaxBody // what stands in the place of a secret may be longer than it
	}
	body = body[:min(size, MaxBody, int64(len(body)))]
	if a.Problem != nil {
		return body
	}
	return s.body(body, a.Header.Get("Content-Type"), int64(len(body)) < max(size, v.answerSize))
}

// body hides secrets in a body, of which there may be the beginning only.
func (s *Secrets) body(body []byte, contentType string, isCut bool) []byte {
	body = s.redactor.body(body, contentType)
	if isCut && len(s.values) > 0 {
		return []byte(s.hiding().HideCut(string(body)))
	}
	if s.isIn(body) {
		return []byte(s.Text(string(body)))
	}
	return body
}

// isIn tells whether a secret value stands in a body.
func (s *Secrets) isIn(body []byte) bool {
	return len(s.values) > 0 && len(body) >= minSecret && s.hiding().Has(string(body))
}

// content hides secrets inside of what a body says. What has none is not read.
func (s *Secrets) content(c *exchange.Content) exchange.Content {
	shown := s.redactor.content(c)
	if len(s.values) == 0 || !c.IsDecoded() || c.Text() != nil && !s.isIn(c.Text()) {
		return shown
	}
	return exchange.Decoded(s.inside(shown.Value()))
}

func (s *Secrets) inside(v any) any {
	switch v := v.(type) {
	case string:
		return s.Text(v)
	case map[string]any:
		shown := make(map[string]any, len(v))
		for name, member := range v {
			shown[s.Text(name)] = s.inside(member)
		}
		return shown
	case []any:
		shown := make([]any, len(v))
		for i := range v {
			shown[i] = s.inside(v[i])
		}
		return shown
	}
	return v
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
	c.Detail, c.Known, c.Violations = s.Text(p.Detail), s.texts(p.Known), s.violations(p.Violations)
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
