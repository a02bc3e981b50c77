package schema

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
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

func (o *objectRules) valid(at int, r *run) bool {
	count := r.flat.Nodes[at].Count
	if count < o.min || count > o.max {
		return false
	}
	if !r.down() {
		return false
	}
	declared, ok := o.validDeclared(at, r)
	if ok && (o.patterns != nil || o.names != nil || o.others != nil && declared < count) {
		ok = o.validOthers(at, r)
	}
	r.up()
	return ok && (o.dependent == nil || o.validDependent(at, r))
}

func hasAll(f *jsonvalue.Flat, at int, names []string) bool {
	for _, name := range names {
		if f.Member(at, name) == 0 {
			return false
		}
	}
	return true
}

// validDeclared checks the properties that are declared or required, and counts
// the declared ones that are there.
func (o *objectRules) validDeclared(at int, r *run) (declared int, ok bool) {
	if r.flat.Nodes[at].Count < len(o.properties)/2 {
		if !hasAll(r.flat, at, o.required) {
			return 0, false
		}
		for i := range r.flat.Parts(at) {
			if c := o.byName[r.flat.Nodes[i].Name]; c != nil {
				declared++
				if !c.valid(i, r) {
					return declared, false
				}
			}
		}
		return declared, true
	}
	next, end := at+1, int(r.flat.Nodes[at].Next)
	for i := range o.properties {
		p := &o.properties[i]
		member := next // most send members in the order in which they are described
		if next == end || r.flat.Nodes[next].Name != p.name {
			member = r.flat.Member(at, p.name)
		}
		switch {
		case member > 0:
			declared++
			next = int(r.flat.Nodes[member].Next)
			if !p.valid(member, r) {
				return declared, false
			}
		case p.required:
			return declared, false
		}
	}
	return declared, hasAll(r.flat, at, o.undeclared)
}

// settle notes which of the properties are required.
func (o *objectRules) settle() {
	o.undeclared = slices.DeleteFunc(slices.Clone(o.required), func(name string) bool { return o.byName[name] != nil })
	for i := range o.properties {
		o.properties[i].required = slices.Contains(o.required, o.properties[i].name)
	}
}

// validOthers checks what depends on the names.
func (o *objectRules) validOthers(at int, r *run) bool {
	for member := range r.flat.Parts(at) {
		name := r.flat.Nodes[member].Name
		if o.names != nil && !r.asValue(name, func(at int) bool { return o.names.valid(at, r) }) {
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

func (o *objectRules) validDependent(at int, r *run) bool {
	for i := range o.dependent {
		d := &o.dependent[i]
		if r.flat.Member(at, d.property) == 0 {
			continue
		}
		if !hasAll(r.flat, at, d.required) || d.schema != nil && !d.schema.valid(at, r) {
			return false
		}
	}
	return true
}
