package importer

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// writeStubs proves the stubs against the contracts, and tells what of them does not
// hold.
func (m *maker) writeStubs(r *Result) {
	m.uniqueNames()
	// Operations stand in the order of the contracts, and "*" behind them.
	slices.SortStableFunc(m.stubs, func(a, b *stub) int { return m.rank(a.op) - m.rank(b.op) })
	var stubs []author.Stub
	for _, each := range m.stubs {
		stubs = append(stubs, each.written())
	}
	m.write(r, m.states(), stubs, func(stub, answer int) source.Span {
		if answer < 0 {
			return m.stubs[stub].at
		}
		return m.stubs[stub].responds[answer].at
	})
}

// write writes the scenario. at gives the place of a stub, or of one of its answers.
func (m *maker) write(r *Result, states *source.Node, stubs []author.Stub, at func(stub, answer int) source.Span) {
	if len(stubs) == 0 {
		return
	}
	made := author.Write(author.Scenario{
		Name: m.name, Description: "Imported from " + m.kind.label() + ".", Default: true, State: states, Stubs: stubs,
	}, m.apis, author.Options{Files: true})
	for _, left := range made.LeftOut {
		m.leftOut(at(left.Index, -1), "", "the stub for %s is left out: %s", author.NameOf(stubs[left.Index].Operation, m.apis), left.Reason)
	}
	for _, c := range made.Changes {
		m.tell(at(c.Index, c.Answer), author.NameOf(stubs[c.Index].Operation, m.apis), c)
	}
	r.Files, r.Stubs = made.Files, len(stubs)-len(made.LeftOut)
}

// tell tells what was made of a stub so that it holds.
func (m *maker) tell(at source.Span, operation string, c author.Change) {
	switch c.Kind {
	case author.AnswersInvalid:
		m.changed(at, "", "the stub for %s answers requests that break the contract too (valid: any): %s", operation, c.Reason)
	case author.LeavesContract:
		m.warn(CodeOffContract, at, "", "the answer of %s departs from the contract and says so (offContract): %s", operation, c.Reason)
	case author.HasContractBody:
		m.without(at, "", "the answer of %s has the contract's own body: %s", operation, c.Reason)
	}
}

// rank is where an operation stands in the contracts.
func (m *maker) rank(op *contract.Operation) int {
	if m.ranks == nil {
		m.ranks = map[*contract.Operation]int{}
		for _, api := range m.apis {
			for _, each := range api.Operations {
				m.ranks[each] = len(m.ranks)
			}
		}
		m.ranks[nil] = len(m.ranks)
	}
	return m.ranks[op]
}

// uniqueNames gives each stub of an operation a name that no other has.
func (m *maker) uniqueNames() {
	type key struct {
		op   *contract.Operation
		name string
	}
	next := map[key]int{} // the number for the next stub of the name; 0 for a free one
	for _, s := range m.stubs {
		if s.name == "" {
			continue
		}
		first := key{s.op, s.name}
		for next[key{s.op, s.name}] > 0 {
			next[first] = max(next[first], 1) + 1
			s.name = fmt.Sprintf("%s (%d)", first.name, next[first])
		}
		next[key{s.op, s.name}] = 1
	}
}

// states are the state machines as the format writes them, nil for none.
func (m *maker) states() *source.Node {
	var used []source.Node
	for _, k := range m.machines {
		if !slices.ContainsFunc(m.stubs, func(s *stub) bool { return s.speaksOf(k.name) }) {
			continue
		}
		values := make([]source.Node, len(k.values))
		for i, v := range k.values {
			values[i] = text(v)
		}
		used = append(used, member(k.name, object(member("values", list(values...)))))
	}
	if len(used) == 0 {
		return nil
	}
	n := member("state", object(used...))
	return source.Link(&n)
}

func (s *stub) speaksOf(state string) bool {
	is := func(n source.Node) bool { return n.Key == state }
	return slices.ContainsFunc(s.state, is) || slices.ContainsFunc(s.set, is)
}

// written is the stub for author.Write.
func (s *stub) written() author.Stub {
	out := author.Stub{Operation: s.op, Name: s.name, AnyValidity: true}
	if s.at.File != nil {
		out.Comment = []string{s.at.String()}
	}
	if when := s.when(); len(when) > 0 {
		n := member("when", object(when...))
		out.When = source.Link(&n)
	}
	if s.priority != 0 {
		out.More = append(out.More, member("priority", whole(s.priority)))
	}
	if s.probability != "" {
		out.More = append(out.More, member("probability", number(s.probability)))
	}
	if len(s.set) > 0 {
		out.More = append(out.More, member("set", object(s.set...)))
	}
	if s.atEnd != "" {
		out.More = append(out.More, member("atEnd", text(s.atEnd)))
	}
	for _, r := range s.responds {
		out.Answers = append(out.Answers, r.written(s.op))
	}
	return out
}

func (r *response) written(op *contract.Operation) author.Answer {
	a := author.Answer{Status: statusNumber(r.status), Fault: r.fault, Times: r.times, Header: http.Header{}, Body: r.data, ContractBody: r.data == nil && r.body == nil}
	if r.mediaType != "" {
		a.Header.Set("Content-Type", r.mediaType)
	}
	if r.delay != nil {
		a.More = append(a.More, member("delay", *r.delay))
	}
	if r.fault != "" {
		return a
	}
	if r.dribble != nil && !a.ContractBody {
		a.More = append(a.More, member("dribble", *r.dribble))
	}
	if len(r.headers) > 0 {
		a.More = append(a.More, member("headers", object(r.headers...)))
	}
	if r.body != nil {
		if r.mediaType != "" && !r.isOnly(op) {
			a.More = append(a.More, member("mediaType", text(r.mediaType)))
		}
		a.More = append(a.More, *r.body)
	}
	return a
}

// isOnly tells whether the media type of the answer is the one that the contract
// describes, so that it goes without saying.
func (r *response) isOnly(op *contract.Operation) bool {
	if op == nil {
		return r.mediaType == "application/json"
	}
	described, _, ok := op.Respond(r.status)
	return ok && len(described.Content()) == 1 && described.Content()[0].Name == r.mediaType
}

// label is what people call a kind.
func (k Kind) label() string {
	switch k {
	case WireMock:
		return "WireMock"
	case Mockoon:
		return "Mockoon"
	}
	return "a recording (HAR)"
}
