package sample

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codes of the findings about what is made of a description.
const (
	CodeExampleNotConform source.Code = "example-does-not-conform"
	CodeDefaultNotConform source.Code = "default-does-not-conform"
	CodeUnsatisfiable     source.Code = "unsatisfiable-schema"
	CodeNotTried          source.Code = "schemas-not-tried"
)

// MaxTrialSteps bounds the work of one call of Findings, in steps as MaxSteps counts
// them. Descriptions of thousands of operations take a tenth of it; it is for those in
// which each schema takes as much as can be.
const MaxTrialSteps = 5_000_000

// Findings tells, as warnings, for which schemas of a description's requests and
// responses no value can be made, and which examples and defaults do not fit their own
// schema, so that they are passed over. What several operations share is told once. It
// compiles all that the operations use. When ctx ends, it gives what it has found so far.
func Findings(ctx context.Context, c *contract.Contract) source.Diagnostics {
	return findingsWithin(ctx, c, MaxTrialSteps)
}

func findingsWithin(ctx context.Context, c *contract.Contract, steps int) source.Diagnostics {
	i := &inspector{ctx: ctx, contract: c, steps: steps, trials: map[trial]*obstacle{}, seen: map[*source.Node]bool{}, judged: map[*source.Node]bool{}}
	goOn := func() bool {
		runtime.Gosched() // so that a server which starts on one processor answers meanwhile
		return ctx.Err() == nil
	}
	for n := 0; n < len(c.Operations) && goOn(); n++ {
		i.operation(c.Operations[n])
	}
	for n := 0; n < len(c.Webhooks()) && goOn(); n++ {
		i.callback(c.Webhooks()[n])
	}
	i.obstacles()
	return i.found.Sort()
}

// inspector collects the findings about one description.
type inspector struct {
	ctx      context.Context
	contract *contract.Contract
	found    source.Diagnostics
	// used of the steps are used up; untried counts what was left out for want of more.
	steps, used, untried int
	firstUntried         source.Span
	trials               map[trial]*obstacle
	order                []*obstacle
	// seen are the schemas whose examples were looked at, judged the parameters and
	// their examples: a parameter of Swagger 2.0 is its own schema.
	seen, judged map[*source.Node]bool
}

// trial names an attempt to make a value, so that each is made once.
type trial struct {
	node *source.Node
	dir  schema.Direction
	as   contract.Syntax
}

// obstacle is why no value can be made, with the places that need one.
type obstacle struct {
	*Unsatisfiable
	needed []source.Related
}

func (i *inspector) operation(op *contract.Operation) {
	for _, d := range op.Parameters() {
		i.parameter(d, schema.Request, fmt.Sprintf("the %s parameter %q of %s", d.In, d.Name, op.Name()))
	}
	for _, m := range op.RequestBody() {
		i.requestBody(op, m)
	}
	for _, r := range op.Responses {
		i.response(op, r)
	}
	for _, c := range op.Callbacks() {
		i.callback(c)
	}
}

func (i *inspector) parameter(d *param.Decoder, dir schema.Direction, name string) {
	if !i.judged[d.Node] {
		i.judged[d.Node] = true
		i.parameterExamples(d)
	}
	i.schemaExamples(d.Schema)
	if d.Schema == nil || ownHeader(d) {
		return
	}
	i.try(trial{node: d.Node, dir: dir}, d.Node.At(), name, func(o Options) error {
		compile := i.contract.RequestSchema
		if dir == schema.Response {
			compile = i.contract.ResponseSchema
		}
		compiled, err := compile(d.Schema)
		if err == nil {
			_, _, err = parameter(d, compiled, o, 0)
		}
		return err
	})
}

func (i *inspector) requestBody(op *contract.Operation, m contract.RequestMedia) {
	i.schemaExamples(m.SchemaNode)
	t := m.Type.Nearest()
	if m.SchemaNode == nil {
		return
	}
	if _, err := m.Schema(); err != nil || i.requestExamples(m, t) {
		return
	}
	i.try(trial{m.SchemaNode, schema.Request, t.Syntax()}, m.SchemaNode.At(), fmt.Sprintf("the body of a request to %s as %s", op.Name(), m.Name), func(o Options) error {
		_, err := requestBodyAs(m, t, o, 0)
		return err
	})
}

func (i *inspector) response(op *contract.Operation, r *contract.Response) {
	_, number, sendable := op.Respond(r.Status)
	if !sendable {
		return
	}
	for _, h := range r.Headers() {
		i.parameter(h.Decoder(), schema.Response, fmt.Sprintf("the header %s of status %s of %s", h.Name, r.Status, op.Name()))
	}
	for _, m := range r.Content() {
		i.media(m, fmt.Sprintf("the body of status %s of %s as %s", r.Status, op.Name(), m.Name), !exchange.Bodiless(number))
	}
}

// callback looks at the bodies of a callback or webhook.
func (i *inspector) callback(c *contract.Callback) {
	for _, r := range c.Requests {
		for _, m := range r.Content() {
			i.media(m, fmt.Sprintf("the body of %s %s as %s", r.Method, c.Name, m.Name), true)
		}
	}
}

// media looks at bodies in the name of the API; wanted tells whether one is ever sent.
func (i *inspector) media(m *contract.Media, name string, wanted bool) {
	i.schemaExamples(m.SchemaNode)
	t := m.Type.Nearest()
	if i.mediaExamples(m, t) || m.SchemaNode == nil || !wanted {
		return
	}
	i.try(trial{m.SchemaNode, schema.Response, t.Syntax()}, m.At(), name, func(o Options) error {
		_, err := BodyAs(m, t, o)
		return err
	})
}

// try makes a value unless that was tried before, and notes who needs it where there is
// none. Schemas that cannot be compiled were told by the contract.
func (i *inspector) try(key trial, at source.Span, name string, build func(Options) error) {
	o, known := i.trials[key]
	if !known && i.ctx.Err() != nil {
		return
	}
	if !known {
		if i.used >= i.steps {
			if i.untried++; i.untried == 1 {
				i.firstUntried = at
			}
		} else {
			o = i.obstacle(build(Options{cost: &i.used}))
		}
		i.trials[key] = o
	}
	if o != nil {
		o.needed = append(o.needed, source.Related{At: at, Message: name})
	}
}

// obstacle gives what stands in the way, the same for errors that say the same.
func (i *inspector) obstacle(err error) *obstacle {
	var u *Unsatisfiable
	if !errors.As(err, &u) {
		return nil
	}
	for _, o := range i.order {
		if o.At == u.At && o.Reason == u.Reason {
			return o
		}
	}
	o := &obstacle{Unsatisfiable: u}
	i.order = append(i.order, o)
	return o
}

// obstacles tells all that cannot be made.
func (i *inspector) obstacles() {
	for _, o := range i.order {
		message := "no value fits: " + o.Reason
		if o.Limited {
			message = "no value was found that fits: " + o.Reason
		}
		first := o.needed[0]
		first.Message = "needed for " + first.Message
		switch more := len(o.needed) - 1; {
		case more == 1:
			first.Message += " and in one more place"
		case more > 1:
			first.Message += fmt.Sprintf(" and in %d more places", more)
		}
		i.warn(CodeUnsatisfiable, o.At, message, "mend the schema; where a value does fit, write it as an example", first)
	}
	if i.untried > 0 {
		i.warn(CodeNotTried, i.firstUntried, fmt.Sprintf("%d schemas, of which this is the first, were not tried: those before took too much work", i.untried), "simplify the schemas that were told, or write examples for them")
	}
}

func (i *inspector) warn(code source.Code, at source.Span, message, hint string, related ...source.Related) {
	i.found = append(i.found, source.Diagnostic{Code: code, Severity: source.Warning, At: at, Message: message, Hint: hint, Related: related})
}

// maxTold bounds what is told of one example.
const maxTold = 5

// passedOver tells why an example or default is not used.
func (i *inspector) passedOver(code source.Code, what string, n *source.Node, broken []exchange.Violation) {
	for _, v := range broken[:min(len(broken), maxTold)] {
		at := n.Find(v.Pointer)
		if at == nil {
			at = n
		}
		var related []source.Related
		if rule, ok := v.Contract.(source.Span); ok {
			related = append(related, source.Related{At: rule, Message: "the rule stands here"})
		}
		hint := v.Fix // which speaks to those who send a value
		if rest, ok := strings.CutPrefix(hint, "send "); ok {
			hint = "write " + rest
		}
		i.warn(code, at.At(), fmt.Sprintf("%s does not fit its schema and is passed over: %s", what, strings.TrimSpace(v.String())), hint, related...)
	}
}
