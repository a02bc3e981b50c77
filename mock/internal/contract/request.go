package contract

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Validate decodes the request of ex and adds every violation. m is the match
// that Route gave for the operation.
func (op *Operation) Validate(ex *exchange.Exchange, m *Match) {
	p := op.compiled()
	r := &ex.Request
	v := validations.Get().(*validation)
	defer v.release(ex)
	ex.Violations = append(v.found[:0], ex.Violations...)
	in := &v.in
	*in = param.Input{Path: m, Header: r.Header, Host: r.Host, RawQuery: r.RawQuery}
	strict := op.contract.opts.StrictQuery
	if p.hasQuery || strict || p.security != nil && p.security.inQuery || strings.IndexByte(r.RawQuery, '%') >= 0 {
		in.Query = p.query(ex, r.RawQuery)
	}
	if p.hasCookies || p.security != nil && p.security.inCookies {
		in.Cookies = cookies(r.Header)
	}
	if len(p.params) > 0 {
		ex.Parameters = slices.Grow(ex.Parameters[:0], len(p.params))[:len(p.params)]
		for i, decoder := range p.params {
			ex.Violations = append(ex.Violations, decoder.Decode(in, &ex.Parameters[i])...)
		}
	}
	if strict {
		op.strictQuery(ex, in.Query)
	}
	if p.security != nil {
		v.credentials = credentials{r.Header, in.Query, in.Cookies, r.ClientCertificate}
		met, lacking := p.security.check(&v.credentials)
		if ex.Security = met; lacking != nil {
			ex.Violate(*lacking)
		}
		p.security.once(ex)
	}
	p.validateBody(ex)
	op.validateAccept(ex)
	exchange.Shorten(ex.Violations)
}

// validation is what Validate reads from. Functions that were chosen when the contract was
// compiled look at it, so that it would be allocated for each request.
type validation struct {
	in          param.Input
	credentials credentials
	// found is where violations are collected: the exchange is given as many as there are.
	found [8]exchange.Violation
}

var validations = sync.Pool{New: func() any { return &validation{} }}

// release gives the memory back, without a request that it would keep.
func (v *validation) release(ex *exchange.Exchange) {
	if ex.Violations = slices.Clone(ex.Violations); len(ex.Violations) == 0 {
		ex.Violations = nil
	}
	clear(v.found[:min(len(ex.Violations), len(v.found))])
	v.in, v.credentials = param.Input{}, credentials{}
	validations.Put(v)
}

// query splits the query into pairs. Names are decoded, values are left as sent
// for the decoders to split. Of names and values that cannot be decoded
// schema.MaxViolations are told.
func (p *plan) query(ex *exchange.Exchange, raw string) []param.Pair {
	if raw == "" {
		return nil
	}
	told := 0
	tell := func(name, text string) {
		if told++; told <= schema.MaxViolations {
			v := badEscape(text)
			v.Name = name
			ex.Violate(v)
		}
	}
	pairs := make([]param.Pair, 0, 1+strings.Count(raw, "&"))
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		plain, err := unescapeQuery(name)
		if err != nil {
			tell("", name)
			plain = name
		}
		if !p.queryNames[plain] {
			if _, err := unescapeQuery(value); err != nil {
				tell(plain, value)
			}
		}
		pairs = append(pairs, param.Pair{Name: plain, RawValue: value})
	}
	return pairs
}

func unescapeQuery(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}

func badEscape(text string) exchange.Violation {
	return exchange.Violation{
		In: exchange.Query, Rule: exchange.RuleDecode,
		Expected: "percent-encoded text", Got: fmt.Sprintf("%q", shorten(text)),
		Fix: `write % as %25, or as % with two hexadecimal digits`,
	}
}

// strictQuery reports query parameters that nothing declares, schema.MaxViolations at most.
func (op *Operation) strictQuery(ex *exchange.Exchange, pairs []param.Pair) {
	p := op.compiled()
	var known []string
	told := 0
	for i, pair := range pairs {
		if p.claims(pair.Name) || i > 0 && pairs[i-1].Name == pair.Name {
			continue
		}
		if told++; told > schema.MaxViolations {
			return
		}
		if known == nil {
			known = slices.Sorted(maps.Keys(p.queryNames))
		}
		ex.Violate(exchange.Violation{
			In: exchange.Query, Name: pair.Name, Rule: exchange.RuleUnknown,
			Expected: "a declared parameter", Got: fmt.Sprintf("%q", shorten(pair.Name)),
			Fix: strings.TrimSpace("leave it out; " + source.DidYouMean(pair.Name, known)), Contract: op.at,
		})
	}
}

// claims tells whether a declared query parameter or a security scheme takes pairs
// of that name.
func (p *plan) claims(name string) bool {
	for _, d := range p.params {
		if d.Claims(name) || d.Open() {
			return true
		}
	}
	return p.security != nil && p.security.claims(name)
}

// cookies splits the Cookie header (RFC 6265 section 4.2); values stay as sent.
func cookies(h http.Header) []param.Pair {
	var pairs []param.Pair
	for _, line := range h["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
				pairs = append(pairs, param.Pair{Name: name, RawValue: value})
			}
		}
	}
	return pairs
}

// maxShown bounds a value of the request that a violation quotes, in bytes.
const maxShown = 60

func shorten(text string) string { return source.Cut(text, maxShown) }
