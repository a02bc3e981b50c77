package replay

import (
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// refusals plans requests that break the contract, one for each breach of each operation.
func (p *planner) refusals() []*story {
	s := &story{name: "refusals"}
	for _, api := range p.APIs {
		for _, op := range api.Operations {
			if p.Operation != nil && !p.Operation(op) {
				continue
			}
			c := &chapter{name: op.Name()}
			for _, b := range sample.Breaches(op) {
				if scene := p.refusal(op, &b); scene != nil {
					c.scenes = append(c.scenes, scene)
				}
			}
			if len(c.scenes) > 0 {
				s.chapters = append(s.chapters, c)
			}
		}
	}
	return []*story{s}
}

// maxRefusalVariants bounds the values that are tried for a request that breaks the
// contract.
const maxRefusalVariants = 3

// refusal plans the request for one breach, nil where it breaks nothing: a value of
// another type may be admitted.
func (p *planner) refusal(op *contract.Operation, b *sample.Breach) *scene {
	if b.In == exchange.Accept {
		return nil // a server may disregard it (RFC 9110 section 12.5.1)
	}
	s := &scene{op: op, check: Check{API: op.Contract().Name, Operation: op.Name(), Breach: b.What, Place: placeOf(op.At())}}
	documented := refusalsOf(op, b)
	s.check.Expected = strings.Join(documented, " or ")
	for variant := range uint64(maxRefusalVariants) {
		call, err := sample.Draft(op, b.MediaType, variant, b.Over(sample.Edit{SameParameters: true}))
		if err != nil {
			continue
		}
		ex, err := call.Exchange(op)
		if err != nil || !breaks(ex, b) {
			continue
		}
		s.draft = &scenario.Draft{Call: call, Exchange: ex, Breach: b}
		if len(documented) == 0 {
			s.check.Outcome, s.check.Reason = NotProvable, "the contract describes no status for a refusal"
		}
		return s
	}
	return nil
}

// breaks tells whether a request breaks the contract in the place that is meant, and in no
// other.
func breaks(ex *exchange.Exchange, b *sample.Breach) bool {
	return len(ex.Violations) > 0 && !slices.ContainsFunc(ex.Violations, func(v exchange.Violation) bool {
		return v.In != b.In || b.Rule != "" && v.Rule != b.Rule
	})
}

// refusalsOf lists the described statuses with which the request can be refused.
func refusalsOf(op *contract.Operation, b *sample.Breach) []string {
	var list []string
	for _, r := range op.Responses {
		for status := 400; status < 500; status++ {
			if found, _, ok := op.Respond(strconv.Itoa(status)); ok && found == r && refuses(op, status, b) {
				list = append(list, r.Status)
				break
			}
		}
	}
	return list
}

// refuses tells whether a status says that the request is wrong in the way that it is.
// That something is not there, or that the client may not, says nothing about it: then a
// wrong id or wrong credentials would hide that nothing is checked.
func refuses(op *contract.Operation, status int, b *sample.Breach) bool {
	switch status {
	case 401, 403:
		return b.In == exchange.Security || len(op.CredentialsOf()) == 0
	case 404:
		return b.In == exchange.Path
	case 405, 408, 429:
		return false
	}
	return status >= 400 && status < 500 && b.In != exchange.Security
}

func (r *runner) judgeRefusal(s *scene, a *answer, broken []exchange.Violation) []Difference {
	if r.Mock && a.header.Get("Understudy-Error") != "" {
		broken = nil // it explains what is wrong, in its own name
	}
	got := strconv.Itoa(a.status)
	_, _, described := s.op.Respond(got)
	if refuses(s.op, a.status, s.draft.Breach) && described {
		return departures(s, broken)
	}
	switch {
	case !described:
		got += ", which the contract does not describe"
	case a.status >= 400 && a.status < 500:
		got += ", which says something else"
	}
	return []Difference{{Rule: RuleRefusal, Where: "status", Expected: s.check.Expected + ", for " + s.check.Breach, Got: got, Place: s.check.Place}}
}
