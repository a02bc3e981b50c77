package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// distance tells how far a value is from a branch of anyOf or oneOf.
type distance uint8

const (
	near    distance = iota // the branch was meant, the value has faults
	tagged                  // a member that tells branches apart has another value
	foreign                 // the value is of another type, or not one of those listed
)

// branch is a branch of anyOf or oneOf that the value does not fit.
type branch struct {
	distance
	faults []fault
	depth  int // of the deepest fault
}

// closest explains that no branch fits: by the faults of the branch that was most
// likely meant, or by what all the branches expect if none is closer than others.
func (x *explainer) closest(e *jsonschema.ValidationError, rule string) []fault {
	var all []branch
	for _, cause := range e.Causes {
		if b := x.branch(e, cause); len(b.faults) > 0 {
			all = append(all, b)
		}
	}
	if len(all) == 0 {
		return []fault{x.fault(e, e.InstanceLocation, rule, "a value that fits one of the alternatives")}
	}
	slices.SortStableFunc(all, func(a, b branch) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(len(a.faults), len(b.faults)), cmp.Compare(b.depth, a.depth))
	})
	best := all[0]
	tied := slices.DeleteFunc(slices.Clone(all), func(b branch) bool { return b.distance != best.distance })
	if len(tied) == 1 {
		return best.faults
	}
	switch best.distance {
	case foreign:
		return []fault{x.merged(e, rule, e.InstanceLocation, decisive(tied, func(f fault) bool { return isForeign(f, e.InstanceLocation) }))}
	case tagged:
		if tokens, ok := sharedTag(tied, e.InstanceLocation); ok {
			return []fault{x.merged(e, rule, tokens, decisive(tied, func(f fault) bool { return isListed(f) && slices.Equal(f.tokens, tokens) }))}
		}
	case near:
		if equals, ok := sameFault(tied); ok && slices.ContainsFunc(equals, func(f fault) bool { return f.Expected != equals[0].Expected }) {
			return []fault{x.merged(e, rule, equals[0].tokens, equals)}
		}
	}
	return best.faults
}

// branch explains one branch and weighs it.
func (x *explainer) branch(e, cause *jsonschema.ValidationError) branch {
	b := branch{faults: x.faults(cause)}
	for _, f := range b.faults {
		b.depth = max(b.depth, len(f.tokens))
		switch {
		case isForeign(f, e.InstanceLocation):
			b.distance = foreign
		case isListed(f) && isChild(f.tokens, e.InstanceLocation):
			b.distance = max(b.distance, tagged)
		}
	}
	return b
}

// isForeign tells whether a fault says that the value at the place is something
// else altogether.
func isForeign(f fault, place []string) bool {
	if !slices.Equal(f.tokens, place) {
		return false
	}
	switch f.Rule {
	case "type", "const", "enum", "anyOf", "oneOf", RuleSchema:
		return true
	}
	return false
}

// isListed tells whether a fault is about a list of admitted values.
func isListed(f fault) bool { return f.Rule == "const" || f.Rule == "enum" }

func isChild(tokens, of []string) bool {
	return len(tokens) == len(of)+1 && slices.Equal(tokens[:len(of)], of)
}

// decisive picks the fault of each branch that keeps the value away from it.
func decisive(branches []branch, isIt func(fault) bool) []fault {
	var picked []fault
	for _, b := range branches {
		if i := slices.IndexFunc(b.faults, isIt); i >= 0 {
			picked = append(picked, b.faults[i])
		}
	}
	return picked
}

// sharedTag finds a member whose value keeps away all branches.
func sharedTag(branches []branch, place []string) ([]string, bool) {
	for _, candidate := range branches[0].faults {
		if !isListed(candidate) || !isChild(candidate.tokens, place) {
			continue
		}
		everywhere := !slices.ContainsFunc(branches, func(b branch) bool {
			return !slices.ContainsFunc(b.faults, func(f fault) bool { return isListed(f) && slices.Equal(f.tokens, candidate.tokens) })
		})
		if everywhere {
			return candidate.tokens, true
		}
	}
	return nil, false
}

// sameFault tells whether the branches that are equally close have one fault each
// at the same place: then it would be arbitrary to tell only one of them.
func sameFault(branches []branch) ([]fault, bool) {
	best := branches[0]
	if len(best.faults) != 1 {
		return nil, false
	}
	var equals []fault
	for _, b := range branches {
		if len(b.faults) == 1 && slices.Equal(b.faults[0].tokens, best.faults[0].tokens) {
			equals = append(equals, b.faults[0])
		}
	}
	return equals, len(equals) > 1
}

// merged makes one fault of those of several branches.
func (x *explainer) merged(e *jsonschema.ValidationError, rule string, tokens []string, faults []fault) fault {
	var expected []string
	for _, f := range faults {
		if !slices.Contains(expected, f.Expected) {
			expected = append(expected, f.Expected)
		}
	}
	f := x.fault(e, slices.Clone(tokens), rule, mergePhrases(expected, faults))
	f.Got = brief(x.valueAt(tokens))
	f.Fix = "send " + f.Expected
	if len(faults) > 0 && !slices.ContainsFunc(faults, func(o fault) bool { return o.Got != faults[0].Got }) {
		f.Got = faults[0].Got
	}
	return f
}

// mergePhrases lists values as one list, and joins all else.
func mergePhrases(expected []string, faults []fault) string {
	if slices.ContainsFunc(faults, func(f fault) bool { return !isListed(f) }) {
		if len(expected) > maxListed {
			return fmt.Sprintf("%s … (%d more alternatives)", strings.Join(expected[:maxListed], " or "), len(expected)-maxListed)
		}
		return either(expected)
	}
	values := make([]string, len(expected))
	for i, phrase := range expected {
		values[i] = strings.TrimPrefix(phrase, "one of ")
	}
	return oneOf(values)
}

// several explains that more than one branch of oneOf fits.
func (x *explainer) several(e *jsonschema.ValidationError, matched []int) fault {
	names := make([]string, len(matched))
	for i, at := range matched {
		names[i] = cmp.Or(x.at(e).branchName(at), fmt.Sprintf("alternative %d", at+1))
	}
	f := x.fault(e, e.InstanceLocation, "oneOf", "a value that fits exactly one of the alternatives")
	f.Got = "one that fits " + strings.Join(names, " and ")
	f.Fix = "send a value that fits only one of " + strings.Join(names, " and ")
	return f
}

// branchName gives the title of a branch of oneOf, or the name by which it is
// referred to; "" for neither.
func (p place) branchName(at int) string {
	for i := range p.words {
		w := &p.words[i]
		if w.name != "oneOf" && w.name != "discriminator" || at >= len(p.links[i]) {
			continue
		}
		branch := p.links[i][at]
		name := schemaName(branch.node.Get("$ref").Str())
		if len(branch.words) == 1 && isReference(branch.words[0].name) {
			branch = branch.links[0][0]
		}
		return cmp.Or(branch.node.Get("title").Str(), name)
	}
	return ""
}
