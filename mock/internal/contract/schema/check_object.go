package schema

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// objectRules are the rules for objects.
type objectRules struct {
	min, max int
	// required are all that must be there, undeclared those of them that are not
	// among the properties.
	required, undeclared []string
	properties           []property
	// byName finds properties, for objects with fewer members than are declared.
	byName    map[string]*checker
	patterns  []patternRule
	others    *checker // additionalProperties
	names     *checker // propertyNames
	dependent []dependentRule
}

type property struct {
	name     string
	required bool
	*checker
}

type patternRule struct {
	*pattern.Pattern
	*checker
}

// dependentRule counts where the property is there.
type dependentRule struct {
	property string
	required []string
	schema   *checker
}

func (o *objectRules) valid(v map[string]any, r *run) bool {
	if len(v) < o.min || len(v) > o.max {
		return false
	}
	if !r.down() {
		return false
	}
	declared, ok := o.validDeclared(v, r)
	if ok && (o.patterns != nil || o.names != nil || o.others != nil && declared < len(v)) {
		ok = o.validOthers(v, r)
	}
	r.up()
	return ok && (o.dependent == nil || o.validDependent(v, r))
}

func hasAll(v map[string]any, names []string) bool {
	for _, name := range names {
		if _, ok := v[name]; !ok {
			return false
		}
	}
	return true
}

// validDeclared checks the properties that are declared or required, and counts
// the declared ones that are there.
func (o *objectRules) validDeclared(v map[string]any, r *run) (declared int, ok bool) {
	if len(v) < len(o.properties)/2 {
		if !hasAll(v, o.required) {
			return 0, false
		}
		for name, member := range v {
			if c := o.byName[name]; c != nil {
				declared++
				if !c.valid(member, r) {
					return declared, false
				}
			}
		}
		return declared, true
	}
	for i := range o.properties {
		p := &o.properties[i]
		member, there := v[p.name]
		switch {
		case there:
			declared++
			if !p.valid(member, r) {
				return declared, false
			}
		case p.required:
			return declared, false
		}
	}
	return declared, hasAll(v, o.undeclared)
}

// settle notes which of the properties are required.
func (o *objectRules) settle() {
	o.undeclared = slices.DeleteFunc(slices.Clone(o.required), func(name string) bool { return o.byName[name] != nil })
	for i := range o.properties {
		o.properties[i].required = slices.Contains(o.required, o.properties[i].name)
	}
}

// validOthers checks what depends on the names.
func (o *objectRules) validOthers(v map[string]any, r *run) bool {
	for name, member := range v {
		if o.names != nil && !o.names.valid(name, r) {
			return false
		}
		known := o.byName[name] != nil
		for i := range o.patterns {
			if o.patterns[i].MatchString(name) {
				known = true
				if !o.patterns[i].valid(member, r) {
					return false
				}
			}
		}
		if !known && o.others != nil && !o.others.valid(member, r) {
			return false
		}
	}
	return true
}

func (o *objectRules) validDependent(v map[string]any, r *run) bool {
	for i := range o.dependent {
		d := &o.dependent[i]
		if _, ok := v[d.property]; !ok {
			continue
		}
		if !hasAll(v, d.required) || d.schema != nil && !d.schema.valid(v, r) {
			return false
		}
	}
	return true
}
