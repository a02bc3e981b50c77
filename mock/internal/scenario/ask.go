package scenario

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Draft is a request that brings a stub about.
type Draft struct {
	Call *sample.Call
	// Exchange is the request as the contract sees it. It has no answer.
	Exchange *exchange.Exchange
	// Breach is what of the request breaks the contract on purpose, nil for nothing.
	Breach *sample.Breach
}

// Bounds of the search for a request.
const (
	// maxVariants bounds the requests of different values that are tried.
	maxVariants = 8
	// maxDrafts bounds all requests that are tried for a stub, with those of other media
	// types and other breaches.
	maxDrafts = 200
)

// Draft makes a request for which the stub's conditions hold, those on states left
// aside, and which no stub before it answers. What the conditions say is sent as they
// say it, the rest from the contract's examples, or generated. now is the time at which
// expressions see it. The error says what keeps the stub from being asked for.
func (st *Stub) Draft(now time.Time) (*Draft, error) {
	a := newAsking(st)
	var first error
	tries := 0
	for variant := range uint64(maxVariants) {
		a.variant = variant
		for _, b := range a.breaches() {
			for _, mediaType := range a.mediaTypes(b) {
				if tries++; tries > maxDrafts {
					return nil, first
				}
				d, err := a.draft(b, mediaType, now)
				if err == nil {
					return d, nil
				}
				if first == nil {
					first = err
				}
			}
		}
	}
	return nil, first
}

// asking is what the conditions of a stub ask of a request.
type asking struct {
	st         *Stub
	op         *contract.Operation
	parameters map[*param.Decoder]all
	undeclared []*undeclaredCondition
	body       all
	// unsolved says which condition could not be taken apart, nil for none. The request
	// may fulfil it all the same.
	unsolved error
	variant  uint64
	// strict tells that text is no number: parameters are text before they are anything
	// else, and what is in a body is not.
	strict bool
}

func newAsking(st *Stub) *asking {
	a := &asking{st: st, op: st.Operation, parameters: map[*param.Decoder]all{}}
	for _, c := range st.conditions {
		switch c := c.(type) {
		case *parameterCondition:
			a.parameter(c.in, c.name, c.matcher)
		case *undeclaredCondition:
			a.undeclared = append(a.undeclared, c)
		case *bodyCondition:
			a.body = append(a.body, c.matcher)
		case *jsonPathCondition:
			if m, ok := alongPath(c); ok {
				a.body = append(a.body, m)
			} else {
				a.unsolved = fmt.Errorf("no request was found for jsonPath %s", c.path)
			}
		case *expressionCondition:
			if !a.expression(c.expr.code) {
				a.unsolved = fmt.Errorf("no request was found for which expr %s is true", c.expr.code)
			}
		}
	}
	return a
}

func (a *asking) parameter(in exchange.Location, name string, m matcher) bool {
	d := a.op.Parameter(in, name)
	if d == nil {
		a.undeclared = append(a.undeclared, &undeclaredCondition{in: in, name: name, matcher: m})
		return in != exchange.Path
	}
	a.parameters[d] = append(a.parameters[d], m)
	return true
}

func (a *asking) draft(b *sample.Breach, mediaType string, now time.Time) (*Draft, error) {
	var failed error
	edit := sample.Edit{
		Parameter: func(d *param.Decoder, make func() (*source.Node, error)) (*source.Node, error) {
			return a.parameterValue(d, make)
		},
		Call: func(c *sample.Call) { failed = a.finish(c) },
	}
	if len(a.body) > 0 {
		edit.Body = a.bodyValue
	}
	d := &Draft{}
	if b != nil {
		edit, d.Breach = b.Over(edit), b
	}
	var err error
	if d.Call, err = sample.Draft(a.op, mediaType, a.variant, edit); err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, failed
	}
	if d.Exchange, err = d.Call.Exchange(a.op); err != nil {
		return nil, err
	}
	d.Exchange.Time = now
	return d, a.check(d.Exchange)
}

// check tells why a request does not bring the stub about.
func (a *asking) check(ex *exchange.Exchange) error {
	if !a.st.admits(ex.Violations) {
		return errors.New(a.st.refusal(ex.Violations))
	}
	for _, c := range a.st.conditions {
		if asksState(c) || c.holds(ex, nothing{}) {
			continue
		}
		if a.unsolved != nil {
			return a.unsolved
		}
		return errors.New(c.explain(ex, nothing{}))
	}
	for _, other := range a.st.Scenario.Candidates(a.op, ex) {
		if other == a.st {
			break
		}
		if other.Changing() {
			continue // it may have let go by then
		}
		if ok, err := other.Match(ex, nothing{}); ok && err == nil && other.Probability >= 1 {
			return fmt.Errorf("the stub %s before it answers the same requests", other.Name)
		} else if ok && err == nil {
			return fmt.Errorf("the stub %s before it answers some of the same requests, by chance", other.Name)
		}
	}
	return nil
}

// nothing is the state of a scenario that was not used yet.
type nothing struct{}

func (nothing) Count(Cell) int    { return 0 }
func (nothing) State(Cell) string { return "" }

func (a *asking) parameterValue(d *param.Decoder, make func() (*source.Node, error)) (*source.Node, error) {
	wanted := a.parameters[d]
	if len(wanted) == 0 {
		if !d.Required {
			return nil, nil
		}
		return make()
	}
	made, err := (*source.Node)(nil), error(nil)
	if d.Required {
		if made, err = make(); err != nil {
			made = nil // what is wanted may be easier to find
		}
	}
	n, err := a.fit(wanted, made, a.op.Contract().ShapeOf(d.Schema))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where(d.In, d.Name), err)
	}
	return n, nil
}

func (a *asking) bodyValue(m contract.RequestMedia, make func() (*source.Node, error)) (*source.Node, error) {
	a.strict = m.Type.Syntax() == contract.JSON
	defer func() { a.strict = false }()
	made, err := (*source.Node)(nil), error(nil)
	if a.variant%2 == 1 {
		made = a.madeFor(m)
	}
	if made == nil {
		if made, err = make(); err != nil {
			made = nil
		}
	}
	n, err := a.fit(a.body, made, m.Shape())
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	return n, nil
}

// madeFor makes data of a body out of the contract's schema and the conditions together:
// they may decide which alternative of the schema it is. It gives nil where that fails.
func (a *asking) madeFor(m contract.RequestMedia) *source.Node {
	if m.SchemaNode == nil {
		return nil
	}
	return a.generate(m.SchemaNode, a.body)
}

// finish sends what the contract does not declare.
func (a *asking) finish(c *sample.Call) error {
	for _, cond := range a.undeclared {
		n, err := a.text(cond.matcher)
		if err != nil {
			return fmt.Errorf("%s: %w", where(cond.in, cond.name), err)
		}
		text := n.Scalar()
		switch {
		case cond.in == exchange.Header && n == nil:
			c.Header.Del(cond.name)
		case cond.in == exchange.Header:
			c.Header.Set(cond.name, text)
		case n == nil: // nobody has put it there
		case cond.in == exchange.Cookie:
			if before := c.Header.Get("Cookie"); before != "" {
				text = before + "; " + cond.name + "=" + text
			} else {
				text = cond.name + "=" + text
			}
			c.Header.Set("Cookie", text)
		default:
			if c.RawQuery != "" {
				c.RawQuery += "&"
			}
			c.RawQuery += param.Escape(cond.name) + "=" + param.Escape(text)
		}
	}
	if len(a.body) > 0 && len(a.op.RequestBody()) == 0 {
		n, err := a.text(a.body)
		if err != nil {
			return fmt.Errorf("body: %w", err)
		}
		if n != nil {
			c.Body = []byte(n.Scalar())
			c.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	}
	return nil
}

// text gives a text that a matcher accepts, nil for none.
func (a *asking) text(m matcher) (*source.Node, error) {
	n, err := a.fit(m, nil, nil)
	if err == nil && n != nil && !isScalar.has(n.Kind) {
		err = errors.New("it is text, and no text is " + strconv.Quote(m.String()))
	}
	return n, err
}
