package contract

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Operation is one method of one path. What a request is checked with is
// compiled when it is first needed, once.
type Operation struct {
	// Most requests look at the first fields and at no others.

	// Method is in capitals.
	Method string
	// ID is the operationId, "" where there is none (or it is another's too).
	ID       string
	contract *Contract
	number   int32 // its place in the contract's Operations, from 1; 0 for a callback's
	hasTwin  bool  // another template has the same shape
	once     sync.Once
	plan     *plan
	success  success

	// Template is the path as the description writes it.
	Template   string
	Summary    string
	Tags       []string
	Deprecated bool
	// Responses are the described responses in file order.
	Responses []*Response

	bases     []string     // the base paths under which it is served
	item      *source.Node // the path item
	node      *source.Node // the operation object
	at        source.Span  // its method's key
	callbacks callbacks
}

// plan is what requests for one operation are checked with.
type plan struct {
	params     []*param.Decoder
	queryNames map[string]bool // that are declared
	hasQuery   bool
	hasCookies bool
	body       *body
	security   *security
	found      source.Diagnostics
}

// Name is how scenario files and messages call the operation: its operationId,
// else METHOD /path/{template}.
func (op *Operation) Name() string {
	if op.ID != "" {
		return op.ID
	}
	return op.Method + " " + op.Template
}

// Contract is the description that the operation belongs to.
func (op *Operation) Contract() *Contract { return op.contract }

// Bases are the base paths under which the operation is served, "" for the root.
// The slice is shared and read-only.
func (op *Operation) Bases() []string { return op.bases }

// At is where the operation begins in the description.
func (op *Operation) At() source.Span { return op.at }

// Statuses lists the described statuses as written, in file order, without those of
// informational responses, which nobody can ask for.
func (op *Operation) Statuses() []string {
	list := make([]string, 0, len(op.Responses))
	for _, r := range op.Responses {
		if !r.Informational() {
			list = append(list, r.Status)
		}
	}
	return list
}

// Parameters are the operation's parameters, its own first, then those of the path.
func (op *Operation) Parameters() []*param.Decoder { return op.compiled().params }

// Parameter finds a parameter; header names are compared without case. It gives
// nil for one that is not declared.
func (op *Operation) Parameter(in exchange.Location, name string) *param.Decoder {
	for _, p := range op.compiled().params {
		if p.In == in && (p.Name == name || in == exchange.Header && strings.EqualFold(p.Name, name)) {
			return p
		}
	}
	return nil
}

// Findings are the warnings about what the description says of the operation and
// Understudy does not enforce. Asking compiles everything that the operation uses.
func (op *Operation) Findings() source.Diagnostics {
	found := append(source.Diagnostics(nil), op.compiled().found...)
	for _, r := range op.Responses {
		found = append(found, r.findings()...)
	}
	for _, c := range op.Callbacks() {
		for _, r := range c.Requests {
			found = append(found, r.findings()...)
		}
	}
	return found
}

// operation reads what is needed for routing and lists; the rest waits for compiled.
func (l *loader) operation(method, template string, item, n *source.Node, at source.Span) *Operation {
	op := &Operation{
		ID:         n.Get("operationId").Scalar(),
		Method:     method,
		Template:   template,
		Summary:    n.Get("summary").Str(),
		Deprecated: n.Get("deprecated").IsTrue(),
		contract:   l.Contract,
		item:       item,
		node:       n,
		at:         at,
	}
	for _, tag := range n.Get("tags").Items() {
		op.Tags = append(op.Tags, tag.Scalar())
	}
	l.responses(op)
	op.success = op.findSuccess()
	return op
}

// responses lists the statuses; a status that is none is a fault that leaves it out.
func (l *loader) responses(op *Operation) {
	for key, n := range op.node.Get("responses").Members() {
		if strings.HasPrefix(key, "x-") {
			continue
		}
		name := strings.ToUpper(key)
		if name == "DEFAULT" {
			name = Default
		}
		if number, err := strconv.Atoi(name); name != Default && !isRange(name) && (err != nil || number < 100 || number > 599) {
			l.add(CodeBadStatus, source.Warning, n.KeyAt(), fmt.Sprintf("%q is not a status and is left out", key), "write a number such as 404, a range such as 4XX, or default")
			continue
		}
		op.Responses = append(op.Responses, &Response{Status: name, op: op, entry: n})
	}
	if len(op.Responses) == 0 {
		l.add(CodeNoResponses, source.Warning, op.at, fmt.Sprintf("%s %s describes no response", op.Method, op.Template), "describe what it answers, such as responses: {\"200\": {description: OK}}")
	}
}

func isRange(name string) bool {
	return len(name) == 3 && name[0] >= '1' && name[0] <= '5' && name[1:] == "XX"
}

func (op *Operation) compiled() *plan {
	op.once.Do(func() {
		p := &planner{op: op, plan: &plan{queryNames: map[string]bool{}}}
		p.compile()
		p.plan.found = p.found
		op.plan = p.plan
	})
	return op.plan
}

// planner builds an operation's plan.
type planner struct {
	findings
	op   *Operation
	plan *plan
}

func (p *planner) compile() {
	for _, spec := range p.specs() {
		decoder, found := p.op.contract.parameter(spec)
		p.found = append(p.found, found...)
		p.plan.params = append(p.plan.params, decoder)
		switch spec.In {
		case exchange.Query:
			p.plan.queryNames[spec.Name] = true
			p.plan.hasQuery = true
		case exchange.Cookie:
			p.plan.hasCookies = true
		}
	}
	param.Bind(p.plan.params)
	p.plan.body = p.requestBody()
	p.plan.security = p.requirements()
}

// admitsPath tells whether the variables of a match fit the path parameters.
func (op *Operation) admitsPath(m *Match) bool {
	match := *m // so that m needs no memory of its own where there is no other template
	in := param.Input{Path: &match}
	for _, p := range op.compiled().params {
		var out exchange.Parameter
		if p.In == exchange.Path && len(p.Decode(&in, &out)) > 0 {
			return false
		}
	}
	return true
}

// pathSchemas is a text that two operations share exactly if their path
// parameters, taken in the order of the path, say the same.
func (op *Operation) pathSchemas() string {
	var text []byte
	for part := range strings.SplitSeq(op.Template[1:], "/") {
		_, names, _ := splitSegment(part)
		for _, name := range names {
			if p := op.Parameter(exchange.Path, name); p != nil {
				text = p.Schema.AppendJSON(text)
			}
			text = append(text, '\n')
		}
	}
	return string(text)
}
