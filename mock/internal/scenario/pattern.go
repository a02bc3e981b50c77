package scenario

import (
	"fmt"
	"slices"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Pattern chooses requests by their operation and by conditions that are written as
// those of stubs, so that one matcher serves both. Two things differ: where nothing is
// said about validity, valid requests and others are meant, and states are not known.
// It is safe for concurrent use.
type Pattern struct {
	// Written is the pattern as people read it.
	Written string

	when *whenSpec
	// only is the operation, nil for "*".
	only *contract.Operation

	mu       sync.Mutex // guards the fields below
	loader   *loader
	compiled map[operationKey]*Stub // with conditions alone; nil where no request matches
}

// operationKey identifies an operation over reloads.
type operationKey struct{ api, operation string }

func keyOfOperation(op *contract.Operation) operationKey {
	return operationKey{op.Contract().Name, op.Name()}
}

// Judge tells how a request fares with the pattern; ok is false for requests of
// operations that the pattern does not speak of. "*" without conditions speaks of all
// requests, also of those for which no contract has an operation.
func (p *Pattern) Judge(ex *exchange.Exchange) (j Judgement, ok bool) {
	if p.only == nil && p.when.node == nil {
		return Judgement{}, true
	}
	if st := p.stub(operationKey{ex.API, ex.Operation}); st != nil {
		return st.Judge(ex, nil), true
	}
	return Judgement{}, false
}

// Matches tells whether the pattern chooses a request.
func (p *Pattern) Matches(ex *exchange.Exchange) bool {
	j, ok := p.Judge(ex)
	return ok && j.Held == j.Conditions
}

// Operation is the operation that the pattern speaks of, nil for all of them.
func (p *Pattern) Operation() *contract.Operation { return p.only }

// AsksBody tells whether the pattern looks at the bodies of requests.
func (p *Pattern) AsksBody() bool {
	w := p.when
	return w.body != nil || w.jsonPath != nil || w.expression != nil
}

// stub gives the conditions for an operation, nil where the pattern does not speak of
// it. For "*" they are compiled when they are first asked for.
func (p *Pattern) stub(key operationKey) *Stub {
	p.mu.Lock()
	defer p.mu.Unlock()
	st, known := p.compiled[key]
	if known || p.only != nil || key.operation == "" {
		return st
	}
	for _, op := range p.loader.names.all() {
		if keyOfOperation(op) == key {
			var found findings
			st = p.loader.compilePattern(op, p.when, true, &found)
		}
	}
	p.compiled[key] = st
	return st
}

// compilePattern compiles the conditions for one operation. It gives nil where
// something is wrong with them, or where they ask for a path parameter that the
// operation does not have.
func (l *loader) compilePattern(op *contract.Operation, w *whenSpec, everywhere bool, found *findings) *Stub {
	fits := stubSpec{when: *w}
	if everywhere && !fits.fits(op) {
		return nil
	}
	before := found.faults
	c := l.compiler(&file{name: "pattern"}, op, found)
	c.everywhere, c.stateless = everywhere, true
	st := &Stub{Operation: op, Probability: 1}
	c.conditions(w, st)
	for _, cond := range st.conditions {
		if e, ok := cond.(*expressionCondition); ok && slices.Contains(e.expr.roots, "state") {
			found.fault(CodeMisplacedKey, w.expression.At(), "only the stubs of a scenario see states", "ask for something of the request")
		}
	}
	if found.faults > before {
		return nil
	}
	return st
}

// pattern compiles an operation and what stands under when, nil for nothing. It gives
// nil where it has reported why it cannot.
func (l *loader) pattern(operation *source.Node, w *whenSpec) *Pattern {
	if w.state != nil {
		l.fault(CodeMisplacedKey, w.state.KeyAt(), `"state" says nothing here: only the stubs of a scenario see states`, "ask for something of the request")
		return nil
	}
	if w.valid == nil && w.violates == nil {
		any := source.New(nil, source.String, "valid", "any")
		w.valid = &any
	}
	ops := l.resolve(operation.Text, operation.At())
	if len(ops) == 0 {
		return nil
	}
	p := &Pattern{Written: operation.Text, when: w, loader: l, compiled: map[operationKey]*Stub{}}
	if w.node != nil {
		p.Written += " when " + shorten(string(w.node.AppendJSON(nil)))
	}
	everywhere := operation.Text == everyOperation
	if !everywhere {
		p.only = ops[0]
	}
	var first findings
	fitting := 0
	for _, op := range ops {
		var found findings
		st := l.compilePattern(op, w, everywhere, &found)
		if st != nil {
			l.list = append(l.list, found.list...)
			p.compiled[keyOfOperation(op)] = st
			return p
		}
		if len(found.list) > 0 {
			if fitting == 0 {
				first = found
			}
			fitting++
		}
	}
	if fitting == 0 {
		l.fault(CodeNoOperationFits, operation.At(), "no operation has the path parameters of these conditions", fmt.Sprintf("%q stands for every operation that has them", everyOperation))
		return nil
	}
	l.list = append(l.list, first.list...)
	l.faults += first.faults
	return nil
}
