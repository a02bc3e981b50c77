package schema

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// abridged explains a value by most parts of it.
func (x *explainer) abridged(root *object, most int) []exchange.Violation {
	left, c, found, ok := abridge(root, x.value, most, x.work)
	if !ok {
		return unexplained(root, x.value)
	}
	return x.explain(root, left, c, found)
}

// explain asks about what is left of the value; c is nil for all of it.
func (x *explainer) explain(root *object, left any, c *cut, found []excess) []exchange.Violation {
	if tooMuch(root.target(), left) {
		return overworked(root, "one that it would take too long to find the faults of")
	}
	failed, err := x.judge.validate(tameAll(left))
	if err != nil {
		return unexplained(root, x.value)
	}
	if failed == nil && c == nil && !hasLongNumber(left) {
		return nil
	}
	faults := x.tooMany(found)
	if failed != nil && c != nil {
		failed = x.whole(failed, c)
	}
	if failed != nil {
		faults = append(faults, x.faults(failed)...)
	}
	if all := x.finish(faults); len(all) > 0 {
		return all
	}
	return unexplained(root, x.value)
}

// whole makes an error about an abridged value one about the whole. What is wrong with
// what is left, but need not be with the whole, is dropped; nil where nothing remains.
func (x *explainer) whole(e *jsonschema.ValidationError, c *cut) *jsonschema.ValidationError {
	location, here := c.whole(e.InstanceLocation)
	value := x.valueAt(location)
	if here != nil && !x.holdsFor(e, here, value) {
		return nil
	}
	made := &jsonschema.ValidationError{SchemaURL: e.SchemaURL, InstanceLocation: location, ErrorKind: e.ErrorKind}
	for _, cause := range e.Causes {
		if cause = x.whole(cause, c); cause != nil {
			made.Causes = append(made.Causes, cause)
		}
	}
	if len(e.Causes) > 0 && len(made.Causes) == 0 {
		return nil
	}
	return made
}

// holdsFor tells whether an error about what is left of a value is one about the whole
// value too, and completes it.
func (x *explainer) holdsFor(e *jsonschema.ValidationError, left *cut, value any) bool {
	items, _ := value.([]any)
	members, _ := value.(map[string]any)
	missing := func(names *[]string) bool {
		*names = slices.DeleteFunc(slices.Clone(*names), func(name string) bool {
			_, there := members[name]
			return there
		})
		return len(*names) > 0
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return missing(&k.Missing)
	case *kind.DependentRequired:
		return missing(&k.Missing)
	case *kind.Dependency:
		return missing(&k.Missing)
	case *tagFault:
		_, there := members[k.property]
		return !k.missing || !there
	case *kind.MinItems:
		k.Got = len(items)
		return k.Got < k.Want
	case *kind.MaxItems:
		k.Got = len(items)
	case *kind.MinProperties:
		k.Got = len(members)
		return k.Got < k.Want
	case *kind.MaxProperties:
		k.Got = len(members)
	case *kind.UniqueItems:
		if left.indexes != nil {
			k.Duplicates = [2]int{left.indexes[k.Duplicates[0]], left.indexes[k.Duplicates[1]]}
		}
	case *kind.Contains:
		contains := x.at(e).linksOf("contains")
		return !slices.ContainsFunc(items, func(item any) bool { return faulty(contains, item, x.work) == 0 })
	case *kind.MinContains, *kind.MaxContains, *kind.Not, *kind.Const, *kind.Enum:
		return false // they depend on all there is
	case *kind.OneOf:
		return len(k.Subschemas) == 0 && !x.at(e).fitsAlternative(value, x.work)
	case *kind.AnyOf:
		return !x.at(e).fitsAlternative(value, x.work)
	}
	return true
}

// fitsAlternative tells whether a value fits one branch of each anyOf and oneOf.
func (p place) fitsAlternative(value any, work *run) bool {
	rules := p.checker.rest
	if rules == nil {
		return false
	}
	return work.with(value, func() bool {
		return !slices.ContainsFunc(slices.Concat(rules.any, rules.one), func(b branches) bool {
			return !anyValid(b.of, 0, work)
		})
	})
}

// tooMany explains that an array or an object is too large.
func (x *explainer) tooMany(found []excess) []fault {
	var all []fault
	for _, each := range found {
		what, thing := "an array of at most ", "item"
		if each.word.name == "maxProperties" {
			what, thing = "an object with at most ", "property"
		}
		f := x.faultAt(each.word.at, each.tokens, each.word.name, what+source.Count(each.word.limit(), thing))
		f.Got, f.Fix = source.Count(each.size, thing), "send "+f.Expected
		all = append(all, f)
	}
	return all
}
