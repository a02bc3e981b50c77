package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// condition is one thing that must hold for a stub to answer. It is immutable.
type condition interface {
	holds(ex *exchange.Exchange, values Values) bool
	// explain says why it does not hold.
	explain(ex *exchange.Exchange, values Values) string
	// text identifies the condition: two with the same text hold for the same requests.
	text() string
}

// valueCondition is a condition on one value of the request.
type valueCondition interface {
	condition
	// operand gives the value.
	operand(ex *exchange.Exchange) operand
	// atom gives the place of the value and what it is matched with.
	atom() (place, matcher)
	// where names the value for people, node is the condition in the file.
	where() string
	node() *source.Node
}

// stated is where a condition stands in the file.
type stated struct{ at *source.Node }

func (s stated) node() *source.Node { return s.at }

// admits tells whether the stub answers requests with these violations.
func (st *Stub) admits(violations []exchange.Violation) bool {
	switch st.valid {
	case validOnly:
		return len(violations) == 0
	case validOrNot:
		return true
	}
	if len(st.violates) == 0 {
		return len(violations) > 0
	}
	for i := range violations {
		if slices.Contains(st.violates, violations[i].In) {
			return true
		}
	}
	return false
}

// refusal says why admits does not hold.
func (st *Stub) refusal(violations []exchange.Violation) string {
	switch {
	case len(violations) == 0:
		return "the request is valid, and the stub answers invalid ones only"
	case st.valid == validOnly:
		return "the request breaks the contract (" + violations[0].String() + "), and the stub answers valid ones only"
	}
	places := make([]string, len(st.violates))
	for i, place := range st.violates {
		places[i] = string(place)
	}
	return "the request does not break the contract in " + strings.Join(places, " or ")
}

// parameterCondition is a condition on a declared parameter.
type parameterCondition struct {
	stated
	in      exchange.Location
	name    string
	index   int // in the exchange's parameters
	matcher matcher
	written string
}

func (c *parameterCondition) operand(ex *exchange.Exchange) operand {
	p := declaredParameter(ex, c.in, c.name, c.index)
	if p == nil || !p.Present {
		return operand{}
	}
	return valueOf(p.Value, true)
}

// declaredParameter gives a parameter by its place in the contract's order, and by
// its name where an exchange was not made by the contract.
func declaredParameter(ex *exchange.Exchange, in exchange.Location, name string, index int) *exchange.Parameter {
	if index < len(ex.Parameters) {
		if p := &ex.Parameters[index]; p.In == in && p.Name == name {
			return p
		}
	}
	return ex.Parameter(in, name)
}

func (c *parameterCondition) holds(ex *exchange.Exchange, _ Values) bool {
	return c.matcher.match(c.operand(ex))
}

func (c *parameterCondition) explain(ex *exchange.Exchange, _ Values) string {
	return mismatch(c.matcher, where(c.in, c.name), c.operand(ex))
}

func (c *parameterCondition) text() string { return c.written }

func (c *parameterCondition) where() string { return where(c.in, c.name) }

func (c *parameterCondition) atom() (place, matcher) {
	return place{id: where(c.in, c.name), root: c}, c.matcher
}

func where(in exchange.Location, name string) string { return fmt.Sprintf("%s %q", in, name) }

// undeclaredCondition is a condition on a header, query parameter or cookie that
// the operation does not declare. It is compared as text.
type undeclaredCondition struct {
	stated
	in      exchange.Location
	name    string // of a header in its canonical form
	matcher matcher
	written string
}

func (c *undeclaredCondition) operand(ex *exchange.Exchange) operand {
	switch c.in {
	case exchange.Header:
		return headerOperand(&ex.Request, c.name)
	case exchange.Query:
		return queryOperand(ex.QueryPairs(), c.name)
	}
	return cookieOperand(ex.CookiePairs(), c.name)
}

func (c *undeclaredCondition) holds(ex *exchange.Exchange, _ Values) bool {
	return c.matcher.match(c.operand(ex))
}

func (c *undeclaredCondition) explain(ex *exchange.Exchange, _ Values) string {
	return mismatch(c.matcher, where(c.in, c.name), c.operand(ex))
}

func (c *undeclaredCondition) text() string { return c.written }

func (c *undeclaredCondition) where() string { return where(c.in, c.name) }

func (c *undeclaredCondition) atom() (place, matcher) {
	return place{id: where(c.in, c.name), root: c}, c.matcher
}

// bodyCondition is a condition on the body: the decoded value, and the text where
// it could not be decoded.
type bodyCondition struct {
	stated
	matcher matcher
	written string
}

func bodyOperand(ex *exchange.Exchange) operand {
	switch {
	case ex.Body.IsDecoded():
		return valueOf(ex.Body.Value(), false)
	case len(ex.Request.Body) > 0: // of one that is stored the beginning
		return textOf(string(ex.Request.Body))
	}
	return operand{}
}

func (c *bodyCondition) operand(ex *exchange.Exchange) operand { return bodyOperand(ex) }

func (c *bodyCondition) holds(ex *exchange.Exchange, _ Values) bool {
	return c.matcher.match(bodyOperand(ex))
}

func (c *bodyCondition) explain(ex *exchange.Exchange, _ Values) string {
	return mismatch(c.matcher, "body", bodyOperand(ex))
}

func (c *bodyCondition) text() string { return c.written }

func (c *bodyCondition) where() string { return "body" }

func (c *bodyCondition) atom() (place, matcher) { return place{id: "body", root: c}, c.matcher }

// stateCondition holds while a state has a value.
type stateCondition struct {
	ref     *stateRef
	want    string
	written string
}

func (c *stateCondition) holds(ex *exchange.Exchange, values Values) bool {
	current, err := c.ref.current(ex, values)
	return err == nil && current == c.want
}

func (c *stateCondition) explain(ex *exchange.Exchange, values Values) string {
	current, err := c.ref.current(ex, values)
	if err != nil {
		return fmt.Sprintf("state %q has no key: %v", c.ref.machine.name, err)
	}
	return fmt.Sprintf("state %q is %q, expected %q", c.ref.machine.name, current, c.want)
}

func (c *stateCondition) text() string { return c.written }

// expressionCondition holds where an expression is true.
type expressionCondition struct {
	expr   *expression
	states []*stateRef
}

func (c *expressionCondition) holds(ex *exchange.Exchange, values Values) bool {
	ok, err := c.eval(ex, values)
	return ok && err == nil
}

func (c *expressionCondition) eval(ex *exchange.Exchange, values Values) (bool, error) {
	v, err := c.expr.run(&evaluation{ex: ex, values: values, now: ex.Time, states: c.states})
	if err != nil {
		return false, err
	}
	ok, isBool := v.(bool)
	if !isBool {
		return false, fmt.Errorf("it gives %s, not true or false", nounOf(v))
	}
	return ok, nil
}

func (c *expressionCondition) explain(ex *exchange.Exchange, values Values) string {
	if _, err := c.eval(ex, values); err != nil {
		return c.failure(err).Error()
	}
	return fmt.Sprintf("expr %s is false", c.expr.code)
}

// failure says which expression fails; nil stays nil.
func (c *expressionCondition) failure(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("expr %s fails: %w", c.expr.code, err)
}

func (c *expressionCondition) text() string { return "expr " + c.expr.code }
