package schema

import (
	"fmt"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// eachMissing explains required and its relatives, a fault for each property.
func (x *explainer) eachMissing(e *jsonschema.ValidationError, missing []string, rule, because string) []fault {
	var all []fault
	for _, name := range missing {
		f := x.fault(e, e.InstanceLocation, rule, "an object with property "+quote(name))
		f.Got = "an object without it"
		f.Fix = "add the property " + quote(name)
		f.missing = name
		if because != "" {
			f.Expected += " beside " + quote(because)
			f.Fix += ", or remove " + quote(because)
		}
		if at := x.at(e).requirement(rule, because, name); at != nil {
			f.Contract = at.At()
		}
		all = append(all, f)
	}
	return all
}

// requirement finds where the contract demands a property.
func (p place) requirement(rule, because, name string) *source.Node {
	w := p.word(rule)
	if rule == "dependencies" {
		w = p.word("dependentRequired")
	}
	if w == nil {
		return nil
	}
	list, _ := w.arg.([]requirement)
	dependencies, _ := w.arg.([]dependency)
	for _, d := range dependencies {
		if d.property == because {
			list = d.names
		}
	}
	for _, r := range list {
		if r.name == name {
			return r.at
		}
	}
	return nil
}

// eachAdditional explains additionalProperties: false, a fault for each property.
func (x *explainer) eachAdditional(e *jsonschema.ValidationError, names []string) []fault {
	object, _ := x.valueAt(e.InstanceLocation).(map[string]any)
	var missing []string
	if declared := x.at(e).word("properties"); declared != nil {
		for _, s := range declared.subs {
			if _, there := object[s.key]; !there {
				missing = append(missing, s.key)
			}
		}
	}
	var all []fault
	for _, name := range names {
		f := x.fault(e, append(slices.Clone(e.InstanceLocation), name), "additionalProperties", "absent")
		f.Got = brief(object[name])
		f.Fix = "remove the property " + quote(name)
		if near := source.Closest(name, missing); near != "" {
			f.Fix = fmt.Sprintf("rename the property %s to %s", quote(name), quote(near))
		}
		all = append(all, f)
	}
	return all
}

// refused explains that no value is admitted at all.
func (x *explainer) refused(e *jsonschema.ValidationError) fault {
	p := x.at(e)
	rule, expected, fix := p.holder, "absent", "remove it"
	name := ""
	if n := len(e.InstanceLocation); n > 0 {
		name = e.InstanceLocation[n-1]
	}
	at := p.node
	switch p.holder {
	case "properties", "patternProperties", "additionalProperties", "unevaluatedProperties":
		fix = "remove the property " + quote(name)
	case "items", "prefixItems", "unevaluatedItems":
		fix = "send fewer items"
	case "":
		rule = RuleSchema
	}
	if hidden := p.hiddenBy(); hidden != "" {
		rule = hidden
		at = p.keyword(rule)
		expected = map[string]string{exchange.RuleReadOnly: "absent from requests", exchange.RuleWriteOnly: "absent from responses"}[rule]
	}
	f := x.faultAt(at, e.InstanceLocation, rule, expected)
	f.Got, f.Fix = brief(x.valueAt(e.InstanceLocation)), fix
	return f
}

// badName explains propertyNames at the property.
func (x *explainer) badName(e *jsonschema.ValidationError, k *nameFault) fault {
	expected := "a property with another name"
	if causes := x.causes(e); len(causes) > 0 {
		expected = "a property whose name is " + causes[0].Expected
	}
	f := x.fault(e, append(slices.Clone(e.InstanceLocation), k.name), "propertyNames", expected)
	f.Got = quote(k.name)
	f.Fix = "rename or remove the property " + quote(k.name)
	return f
}
