package scenario

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// With gives a set that has the scenarios of others too, which were proved against the
// same contracts by themselves. What concerns several scenarios is proved here: names,
// and default scenarios that answer the same. others that do not fit are left out, and
// left has the findings of each at its place, nil for one that was taken in.
func (s *Set) With(apis []*contract.Contract, others ...*Set) (set *Set, left []error) {
	l := newLoader(apis)
	l.set = &Set{
		Scenarios: slices.Clone(s.Scenarios), Warnings: s.Warnings, Files: s.Files,
		byName: maps.Clone(s.byName), changing: maps.Clone(s.changing),
	}
	left = make([]error, len(others))
	for i, other := range others {
		left[i] = l.takeIn(other)
	}
	return l.set, left
}

// takeIn adds the scenarios of another set, or none of them.
func (l *loader) takeIn(other *Set) error {
	l.findings = findings{}
	before := l.set.Scenarios
	changed := slices.Clone(before)
	isDefault := false
	for _, sc := range other.Scenarios {
		if first := l.set.byName[sc.Name]; first != nil {
			l.fault(CodeDuplicateScenario, source.Span{File: sc.File}, fmt.Sprintf("there are two scenarios %q", sc.Name), "give it another name",
				source.Related{At: source.Span{File: first.File}, Message: "the other one"})
		}
		at, _ := slices.BinarySearchFunc(changed, sc.Name, func(known *Scenario, name string) int { return cmp.Compare(known.Name, name) })
		changed = slices.Insert(changed, at, sc)
		isDefault = isDefault || sc.Default
	}
	if l.set.Scenarios = changed; isDefault && l.faults == 0 {
		told := map[source.Span]bool{}
		for _, op := range l.names.all() {
			l.duplicateDefaults(op, told)
		}
	}
	if err := l.list.Sort().Err(); err != nil {
		l.set.Scenarios = before
		return err
	}
	for _, sc := range other.Scenarios {
		l.set.byName[sc.Name] = sc
	}
	maps.Copy(l.set.changing, other.changing)
	return nil
}

// Empty is a set without scenarios, for With.
func Empty() *Set { return newLoader(nil).set }

// Stubs counts the stubs of all scenarios, one for "*" for each operation that it fits.
func (s *Set) Stubs() int {
	n := 0
	for _, sc := range s.Scenarios {
		for _, stubs := range sc.stubs {
			n += len(stubs)
		}
	}
	return n
}

// CheckName gives an error for a text that cannot be the name of a scenario that
// stands in no folder: of a path below a folder, no part may be empty or hidden.
func CheckName(name string) error {
	switch {
	case len(name) > MaxName:
		return fmt.Errorf("it has %d characters, and %d are allowed", len(name), MaxName)
	case !scenarioName.MatchString(name):
		return fmt.Errorf("letters, digits, dots, dashes, underscores and slashes are allowed, and at least one is needed")
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' {
			return fmt.Errorf("no part of it may be empty or begin with a dot")
		}
	}
	return nil
}

// MaxName bounds the name of a scenario that stands in no folder, in characters.
const MaxName = 200
