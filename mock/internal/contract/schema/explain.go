package schema

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxExplainedDepth bounds the nesting of values that jsonschema is given: its
// errors take memory by the square of the depth, ten megabytes here. Bodies are not nested
// deeper: it is one more than the arrays and objects of JSON inside each other.
const maxExplainedDepth = jsonvalue.MaxDepth + 1

// MaxViolations bounds the violations that are told about one value.
const MaxViolations = 100

// Rules of violations beside the keywords of JSON Schema.
const (
	// RuleDepth: the value is nested too deep for telling what is wrong with it.
	RuleDepth = "depth"
	// RuleSchema: the value does not fit, and nobody can say why.
	RuleSchema = "schema"
	// RuleEffort: it would be too much work to find out whether the value fits, or why not.
	RuleEffort = "effort"
)

// explain asks jsonschema why a value does not fit. Nil when it does after all, which is
// only asked of values that it has seen as they are.
func (s *Schema) explain(value any) []exchange.Violation {
	if place, ok := tooDeep(value, maxExplainedDepth); ok {
		slices.Reverse(place)
		x := explainer{}
		return []exchange.Violation{{Pointer: x.faultAt(s.root.node, place, "", "").Pointer, Rule: RuleDepth, Expected: "a value that fits the schema", Got: "one that does not, nested too deep to say where", Fix: "send a value that is nested less deep", Contract: s.root.node.At()}}
	}
	j, err := s.judge()
	if err != nil {
		return unexplained(s.root, value)
	}
	x := explainer{judge: j, value: value, work: &run{whole: value}}
	return x.abridged(s.root, maxExplainedParts)
}

// unexplained is for values that do not fit for a reason that nobody can tell.
func unexplained(root *object, value any) []exchange.Violation {
	return []exchange.Violation{{Rule: RuleSchema, Expected: "a value that fits the schema", Got: brief(value), Fix: "send a value that fits the schema", Contract: root.node.At()}}
}

// fault is a violation on its way, with what is needed to sort and weigh it.
type fault struct {
	exchange.Violation
	tokens  []string // of the pointer
	missing string   // the property that is not there
}

// explainer turns the errors of one value into violations.
type explainer struct {
	judge *judge
	value any
	work  *run // of the quick checker, for all that it is asked
}

// finish sorts the faults, drops what is said twice, and cuts the rest.
func (x *explainer) finish(faults []fault) []exchange.Violation {
	slices.SortStableFunc(faults, compareFaults)
	seen := map[[4]string]bool{}
	var all []exchange.Violation
	for _, f := range faults {
		key := [4]string{f.Pointer, f.Rule, f.Expected, f.Got}
		if f.missing != "" {
			key = [4]string{f.Pointer, f.missing}
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		if all = append(all, f.Violation); len(all) == MaxViolations {
			break
		}
	}
	return all
}

// compareFaults orders by place in the value, then by place in the contract.
func compareFaults(a, b fault) int {
	at := func(f fault) uint32 {
		span, _ := f.Contract.(source.Span)
		return span.Off
	}
	// Of those about one missing property the discriminator says the most.
	tag := func(f fault) int {
		if f.missing != "" && f.Rule == "discriminator" {
			return 0
		}
		return 1
	}
	return cmp.Or(slices.CompareFunc(a.tokens, b.tokens, compareTokens), cmp.Compare(tag(a), tag(b)), cmp.Compare(at(a), at(b)), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Expected, b.Expected))
}

// compareTokens orders array indexes as numbers, and numbers before names: an object may
// have both.
func compareTokens(a, b string) int {
	i, err1 := strconv.Atoi(a)
	j, err2 := strconv.Atoi(b)
	switch {
	case err1 == nil && err2 == nil:
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a, b))
	case err1 == nil:
		return -1
	case err2 == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// faults gives the faults of an error and of what caused it.
func (x *explainer) faults(e *jsonschema.ValidationError) []fault {
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group:
		return x.group(e)
	case *kind.AllOf, *kind.Reference:
		return x.causes(e)
	case *kind.AnyOf:
		return x.closest(e, "anyOf")
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			return []fault{x.several(e, k.Subschemas)}
		}
		return x.closest(e, "oneOf")
	case *nameFault:
		return []fault{x.badName(e, k)}
	case *kind.Required:
		return x.eachMissing(e, k.Missing, "required", "")
	case *kind.DependentRequired:
		return x.eachMissing(e, k.Missing, "dependentRequired", k.Prop)
	case *kind.Dependency:
		return x.eachMissing(e, k.Missing, "dependencies", k.Prop)
	case *kind.AdditionalProperties:
		return x.eachAdditional(e, k.Properties)
	case *kind.FalseSchema:
		return []fault{x.refused(e)}
	}
	return []fault{x.simple(e)}
}

func (x *explainer) causes(e *jsonschema.ValidationError) []fault {
	var all []fault
	for _, cause := range e.Causes {
		all = append(all, x.faults(cause)...)
	}
	return all
}

// group gives the faults of several keywords of one schema. A schema that a value
// does not fit evaluates nothing, so that its members seem to be unevaluated: what
// is told about those is left out.
func (x *explainer) group(e *jsonschema.ValidationError) []fault {
	o := x.at(e).object
	var all, unevaluated, declared []fault
	for _, cause := range e.Causes {
		faults := x.faults(cause)
		if holder := x.at(cause).holder; holder != "unevaluatedProperties" && holder != "unevaluatedItems" {
			all = append(all, faults...)
			continue
		}
		n := len(e.InstanceLocation)
		if n < len(cause.InstanceLocation) && o.declares(cause.InstanceLocation[n], map[*object]bool{}) {
			declared = append(declared, faults...)
			continue
		}
		unevaluated = append(unevaluated, faults...)
	}
	if len(all) == 0 {
		all = declared
	}
	return append(all, unevaluated...)
}

// declares tells whether o, or a schema that it combines, speaks about the member
// or item, whatever else it demands.
func (o *object) declares(token string, seen map[*object]bool) bool {
	if seen[o] {
		return false
	}
	seen[o] = true
	for i := range o.words {
		w := &o.words[i]
		switch w.name {
		case "properties":
			if slices.ContainsFunc(w.subs, func(s sub) bool { return s.key == token }) {
				return true
			}
		case "patternProperties":
			if slices.ContainsFunc(w.patterns(), func(p *pattern.Pattern) bool { return p.MatchString(token) }) {
				return true
			}
		case "prefixItems":
			if index, err := strconv.Atoi(token); err == nil && index < len(w.subs) {
				return true
			}
		case "additionalProperties", "items", "contains":
			return true
		case "unevaluatedProperties", "unevaluatedItems":
			if len(seen) > 1 { // not the one that is being explained
				return true
			}
		}
		if keywords[w.name].inPlace && slices.ContainsFunc(o.links[i], func(to *object) bool { return to.declares(token, seen) }) {
			return true
		}
	}
	return false
}

// at finds the place of the schema that an error speaks of.
func (x *explainer) at(e *jsonschema.ValidationError) place {
	base, fragment, _ := strings.Cut(e.SchemaURL, "#")
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	p, ok := x.judge.place(base + "#" + fragment)
	if !ok {
		return place{object: &object{reading: &reading{}, checker: &checker{}}}
	}
	return p
}

// keyword gives the node of the keyword that was broken, or of the schema.
func (p place) keyword(name string) *source.Node {
	if w := p.word(name); w != nil {
		return w.at
	}
	if at := p.node.Get(name); at != nil {
		return at
	}
	return p.node
}

// fault makes a fault at tokens about a keyword of the schema of e.
func (x *explainer) fault(e *jsonschema.ValidationError, tokens []string, rule, expected string) fault {
	return x.faultAt(x.at(e).keyword(rule), tokens, rule, expected)
}

func (x *explainer) faultAt(at *source.Node, tokens []string, rule, expected string) fault {
	var pointer strings.Builder
	for _, token := range tokens {
		pointer.WriteByte('/')
		pointer.WriteString(source.EscapePointer(exchange.Shortened(token)))
		if pointer.Len() > exchange.MaxText {
			break // it is cut
		}
	}
	return fault{
		Violation: exchange.Violation{Pointer: exchange.Shortened(pointer.String()), Rule: rule, Expected: expected, Contract: at.At()},
		tokens:    tokens,
	}
}

// valueAt gives the value at a location, as it was sent.
func (x *explainer) valueAt(tokens []string) any {
	value := x.value
	for _, token := range tokens {
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
