package starter

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// tutorialName is the scenario that shows what the format can say.
const tutorialName = "tutorial"

// maxTried bounds the operations that are tried for the tutorial.
const maxTried = 20

// part is a piece of the tutorial that stands behind #: prose, and YAML that is
// right as soon as its # is taken away.
type part struct {
	prose []string
	yaml  []string
	// state is what the part needs at the top of the file.
	state []string
	// elsewhere tells that the part is an operation of its own.
	elsewhere bool
}

// tutorial writes the tutorial about the operation that shows most; nil where there
// is none that can be used.
func (m *maker) tutorial() []byte {
	var all []*contract.Operation
	for _, api := range m.apis {
		all = append(all, api.Operations...)
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *contract.Operation) int { return cmp.Compare(teaches(b), teaches(a)) })
	for _, op := range all[:min(maxTried, len(all))] {
		l := m.lesson(op)
		if l == nil || m.ctx.Err() != nil || len(m.findings(l.file(nil))) > 0 {
			continue
		}
		var holding []part
		for _, p := range l.parts {
			if len(m.findings(l.file([]part{p}))) == 0 && len(m.findings(l.file(append(slices.Clip(holding), p)))) == 0 {
				holding = append(holding, p)
			}
		}
		return l.render(holding, false)
	}
	return nil
}

// teaches says how much an operation can show.
func teaches(op *contract.Operation) int {
	score := 0
	for _, rule := range []struct {
		holds  bool
		points int
	}{
		{op.Method == "GET", 4},
		{strings.Contains(op.Template, "{"), 3},
		{op.ID != "", 2},
		{slices.ContainsFunc(op.Responses, func(r *contract.Response) bool { return strings.HasPrefix(r.Status, "4") }), 3},
		{len(op.Responses) > 2, 1},
		{!op.Deprecated, 1},
	} {
		if rule.holds {
			score += rule.points
		}
	}
	return score
}

// lesson is the tutorial about one operation.
type lesson struct {
	*maker
	op *contract.Operation
	// success and fault are described; fault is off the contract where no other
	// status than the success is.
	success, fault answer
	parts          []part
}

// answer is a response as it is written.
type answer struct {
	status string
	// text is the inside of respond: {…}.
	text string
	// bare tells that the status alone is enough.
	bare bool
}

// lesson gives nil for an operation that has no answer to show.
func (m *maker) lesson(op *contract.Operation) *lesson {
	l := &lesson{maker: m, op: op}
	for _, r := range op.Responses {
		a, ok := m.answer(op, r)
		if !ok {
			continue
		}
		switch success, _, _ := op.Success(); {
		case r == success:
			l.success = a
		case l.fault.status == "" || l.fault.status == contract.Default || r.Status == "404":
			l.fault = a
		}
	}
	switch {
	case l.fault.status == "" && l.success.status == "":
		return nil
	case l.success.status == "":
		l.success = l.fault
	case l.fault.status == "":
		l.fault = answer{text: "status: 503, offContract: nobody described it"}
	}
	l.parts = l.allParts()
	return l
}

// answer gives a response without a body of its own, ok where the contract has one
// for it or describes none.
func (m *maker) answer(op *contract.Operation, r *contract.Response) (a answer, ok bool) {
	_, number, ok := op.Respond(r.Status)
	if !ok || len(r.Content()) > 0 && !exchange.Bodiless(number) && !slices.ContainsFunc(r.Content(), canBeSent) {
		return answer{}, false
	}
	e := &entry{op: op, response: r}
	e.requiredHeaders()
	a = answer{status: r.Status, text: "status: " + r.Status, bare: e.headers == nil}
	if e.headers != nil {
		a.text += ", headers:" + string(e.headers.AppendYAML(nil, 0))
	}
	return a, !strings.Contains(a.text, "\n")
}

// allParts are the parts for the operation, in the order in which they stand.
func (l *lesson) allParts() []part {
	parts := []part{{
		prose: []string{"Conditions. A plain value must be equal; {endsWith: …} is a matcher, as are matches,",
			"contains, oneOf, greaterThan, absent and others. Stubs are tried from the top."},
		yaml: []string{"- name: chosen", "  when: " + l.condition(), "  respond: {" + l.success.text + "}"},
	}, {
		prose: []string{"Requests that break the contract. Without valid: false a stub answers valid ones only."},
		yaml:  []string{"- name: invalid", "  when: {valid: false}", "  respond: {" + l.fault.text + "}"},
	}, {
		prose: []string{"A sequence: the first answers in turn, then the last one for ever. Try it with -A retry behind curl."},
		yaml: []string{"- name: recovers", "  when: {headers: {User-Agent: {contains: retry}}}", "  respond:",
			"    - {" + l.fault.text + ", times: 2}", "    - {" + l.success.text + "}"},
	}, {
		prose: []string{"A wait, a header of your own, and an expression. Try it with -A slow behind curl."},
		yaml: []string{"- name: slow", "  when: {headers: {User-Agent: {contains: slow}}}", "  respond:",
			"    status: " + l.success.status, "    delay: 300ms", `    headers: {X-Answered: "${now} for ${request.method}"}`},
	}, {
		prose: []string{"What the contract does not say, with the reason. Try it with -A teapot behind curl."},
		yaml: []string{"- name: teapot", "  when: {headers: {User-Agent: {contains: teapot}}}", "  respond:",
			"    status: 418", "    offContract: to see what a client does with an answer that nobody described", "    body: {hint: anything}"},
	}, {
		prose: []string{"A state machine, described at the top: the first request gets one answer, later ones another."},
		state: l.state(),
		yaml: []string{"- name: first-time", "  when: {state: {step: fresh}}", "  respond: {" + l.success.text + "}", "  set: {step: seen}",
			"- name: again", "  when: {state: {step: seen}}", "  respond: {" + l.fault.text + "}"},
	}}
	return append(parts, l.another()...)
}

// condition is a condition that many requests meet.
func (l *lesson) condition() string {
	for _, in := range []exchange.Location{exchange.Path, exchange.Query} {
		for _, p := range slices.Backward(l.op.Parameters()) { // the last of a path says most
			switch {
			case p.In != in:
			case in == exchange.Path:
				return fmt.Sprintf("{path: {%s: {endsWith: \"404\"}}}", source.YAMLString(p.Name))
			default:
				return fmt.Sprintf("{query: {%s: {present: true}}}", source.YAMLString(p.Name))
			}
		}
	}
	return "{headers: {User-Agent: {startsWith: curl}}}"
}

func (l *lesson) state() []string {
	lines := []string{"state:", "  step:"}
	for _, p := range slices.Backward(l.op.Parameters()) {
		if p.In == exchange.Path && identifier.MatchString(p.Name) {
			lines = append(lines, "    key: ${path."+p.Name+"}")
			break
		}
	}
	return append(lines, "    values: [fresh, seen]")
}

// another is a part about another operation: one with a JSON body.
func (l *lesson) another() []part {
	for _, op := range l.op.Contract().Operations[:min(len(l.op.Contract().Operations), 100*maxTried)] {
		for _, media := range op.RequestBody() {
			if op == l.op || !media.Type.IsJSON() || media.SchemaNode == nil {
				continue
			}
			names := slices.Sorted(maps.Keys(op.Contract().ShapeOf(media.SchemaNode).Properties))
			other := l.faultOf(op)
			if len(names) == 0 || other == "" {
				continue
			}
			return []part{{
				elsewhere: true,
				prose:     []string{"Another operation, by what its body has. More than what is stated here may be there."},
				yaml: []string{source.YAMLKey(l.nameOf(op)) + ":", "  - when: {body: {" + source.YAMLString(names[0]) + ": {present: true}}}",
					"    respond: {" + other + "}"},
			}}
		}
	}
	return nil
}

// faultOf gives an answer of another operation, an error if there is one.
func (l *lesson) faultOf(op *contract.Operation) string {
	text := ""
	for _, r := range op.Responses {
		if a, ok := l.answer(op, r); ok && (text == "" || strings.HasPrefix(r.Status, "4")) {
			text = a.text
		}
	}
	return text
}
