package scenario

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// compileFile turns a decoded file into a scenario of the Set.
func (l *loader) compileFile(f *file) {
	before, found := l.faults, len(l.list)
	f.scenario = &Scenario{
		Name: f.name, Description: f.spec.description, Default: f.spec.isDefault, Tags: f.spec.tags, File: f.src,
		stubs: map[*contract.Operation][]*Stub{}, indexes: map[*contract.Operation]*index{},
	}
	for _, s := range f.spec.states {
		if len(s.values) > 0 {
			m := newMachine(f.name, s)
			f.machines = append(f.machines, m)
			f.scenario.machines = append(f.scenario.machines, Machine{Name: m.name, Values: m.values, Keyed: m.key != nil, Cell: m.cell()})
		}
	}
	f.scenario.Provider = l.provider(f.spec.provider)
	for i := range f.spec.operations {
		l.compileEntry(f, &f.spec.operations[i])
	}
	l.tellOnce(found)
	l.proveStates(f, f.broken || l.faults > before)
	for op, list := range f.scenario.stubs {
		slices.SortStableFunc(list, tryOrder)
		f.scenario.indexes[op] = newIndex(list)
	}
	l.set.noteChanging(f)
	if l.set.byName[f.name] == nil {
		l.set.byName[f.name] = f.scenario
		l.set.Scenarios = append(l.set.Scenarios, f.scenario)
	}
}

// tryOrder puts an operation's own stubs before those for "*", then those with a
// higher priority before others. Lists are in file order before.
func tryOrder(a, b *Stub) int {
	rank := func(st *Stub) int {
		if st.everywhere {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Priority, a.Priority))
}

// compileEntry compiles the stubs of one entry under operations.
func (l *loader) compileEntry(f *file, entry *operationSpec) {
	l.nameStubs(f, entry)
	f.scenario.entries += len(entry.stubs)
	for _, s := range entry.stubs {
		s.compiled = l.provider(s.provider)
	}
	ops := l.resolve(entry.node.Key, entry.node.KeyAt())
	if entry.node.Key == everyOperation {
		for _, s := range entry.stubs {
			l.compileEverywhere(f, ops, s)
		}
		return
	}
	for _, op := range ops {
		c := l.compiler(f, op, &l.findings)
		for _, s := range entry.stubs {
			c.add(c.stub(s))
		}
	}
}

// nameStubs gives every stub its name and reports names that are given twice.
func (l *loader) nameStubs(f *file, entry *operationSpec) {
	seen := map[string]*source.Node{}
	for i, s := range entry.stubs {
		if s.name == nil {
			s.known = fmt.Sprintf("%s/%s#%d", f.name, entry.node.Key, i+1)
			continue
		}
		s.known = s.name.Text
		if first := seen[s.known]; first != nil {
			l.fault(CodeDuplicateStub, s.name.At(), fmt.Sprintf("the operation has two stubs named %q", s.known), "rename one of them",
				related(first.At(), "the other one")...)
		}
		seen[s.known] = s.name
	}
}

// compileEverywhere compiles a stub for every operation that it fits: those that
// have its statuses and its path parameters. What is wrong with it is told for the
// first operation only, because it is mostly wrong for all.
func (l *loader) compileEverywhere(f *file, ops []*contract.Operation, s *stubSpec) {
	fits, told := 0, false
	for _, op := range ops {
		if !s.fits(op) {
			continue
		}
		fits++
		var found findings
		c := l.compiler(f, op, &found)
		c.everywhere = true
		c.add(c.stub(s))
		if !told {
			l.list = append(l.list, found.list...)
		}
		told = told || len(found.list) > 0
	}
	if fits == 0 && len(l.names.apis) > 0 {
		l.fault(CodeNoOperationFits, s.node.At(), "no operation has the statuses and path parameters of this stub", `"*" stands for every operation for which the status resolves`)
	}
}

// fits tells whether an operation has the stub's statuses and path parameters.
// What is no status at all fits, so that it is reported.
func (s *stubSpec) fits(op *contract.Operation) bool {
	for _, r := range s.responds {
		if r.status == nil || r.offContract != nil {
			continue
		}
		name, _, err := contract.ParseStatus(r.status.Text)
		if _, _, ok := op.Respond(name); err == nil && !ok {
			return false
		}
	}
	for _, r := range s.responds {
		for _, call := range r.calls {
			if call.kind == callbackKind && op.Callback(call.node.Key) == nil {
				return false
			}
		}
	}
	for _, place := range s.when.parameters {
		for name := range place.Members() {
			if place.Key == "path" && op.Parameter(exchange.Path, name) == nil {
				return false
			}
		}
	}
	return true
}

// compiler compiles the stubs of one file for one operation.
type compiler struct {
	*findings
	loader     *loader
	file       *file
	op         *contract.Operation
	everywhere bool // the stubs are written for "*"
	stateless  bool // the conditions are of no scenario, and know no states
	machines   []*machine
	refs       map[*machine]*stateRef
	schemas    map[*source.Node]*schema.Schema
}

func (l *loader) compiler(f *file, op *contract.Operation, found *findings) *compiler {
	return &compiler{findings: found, loader: l, file: f, op: op, machines: f.machines, refs: map[*machine]*stateRef{}, schemas: l.schemas}
}

func (c *compiler) add(st *Stub) {
	if st != nil {
		c.file.scenario.stubs[c.op] = append(c.file.scenario.stubs[c.op], st)
	}
}

// stub compiles one stub; it gives nil where something is wrong with it.
func (c *compiler) stub(s *stubSpec) *Stub {
	before, found := c.faults, len(c.list)
	st := &Stub{
		Scenario: c.file.scenario, Operation: c.op, Name: s.known, Fingerprint: fingerprint(s.node),
		Priority: s.priority, Probability: s.probability, At: s.node.At(), everywhere: c.everywhere,
	}
	st.Provider = s.compiled.inherit(&c.file.scenario.Provider)
	c.conditions(&s.when, st)
	c.changesOf(s.sets, st)
	c.answers(s, st)
	c.withoutFollowing(found, s)
	if c.faults > before || s.broken {
		return nil
	}
	st.computes = slices.ContainsFunc(st.conditions, func(c condition) bool { _, ok := c.(*expressionCondition); return ok }) ||
		slices.ContainsFunc(st.sequence.answers, func(a *answer) bool { return !a.static() })
	return st
}

// fingerprint identifies the text of a stub; the way it is laid out does not count.
func fingerprint(n *source.Node) string {
	sum := sha256.Sum256(n.AppendJSON(nil))
	return hex.EncodeToString(sum[:8])
}

// answers compiles what the stub responds with.
func (c *compiler) answers(s *stubSpec, st *Stub) {
	q := &st.sequence
	q.atEnd = atEndStay
	if s.atEnd != nil {
		q.atEnd = s.atEnd.Text
	}
	for _, r := range s.responds {
		a := c.answer(r, st)
		if a == nil {
			continue
		}
		q.answers = append(q.answers, a)
		q.total += a.times
	}
	operation := c.op.Name()
	if c.everywhere {
		operation = everyOperation
	} else if len(c.loader.names.apis) > 1 {
		operation = c.op.Contract().Name + "." + operation
	}
	q.cell = Cell{Scenario: c.file.name, Key: operation + "/" + st.Name, Revision: st.Fingerprint}
	st.key = q.cell
}
