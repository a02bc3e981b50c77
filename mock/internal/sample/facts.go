package sample

import (
	"math"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// demand is a schema that a value must fit, or with not must not fit; or, tagged, the
// only text that it may be.
type demand struct {
	view   schema.View
	not    bool
	tagged bool
	tag    string
}

func (d demand) holds(data any) bool {
	if d.tagged {
		return data == d.tag
	}
	return d.view.Valid(data) != d.not
}

// facts are what all schemas that speak about one value demand of it, put together.
// Facts are copied before a branch is taken; fork keeps the copies apart.
type facts struct {
	types schema.Types
	// spoken are the types about which some keyword speaks.
	spoken schema.Types
	// nodes are the schemas, in the order in which they were met; seen are the same.
	nodes []*source.Node
	seen  []schema.View
	// lists are the values of each enum and const, unlisted those to keep away from.
	lists    [][]*source.Node
	unlisted []*source.Node
	number   numberFacts
	text     textFacts
	array    arrayFacts
	object   objectFacts
	// watches are what must hold beside the facts.
	watches []watch
	// scopes are the parents of the schemas with unevaluatedProperties or
	// unevaluatedItems; scope 0 is none of them.
	scopes []int
}

// bound is a limit of numbers; open leaves out the limit itself.
type bound struct {
	text string
	at   decimal.Decimal
	open bool
}

type numberFacts struct {
	lo, hi    *bound
	multiples []string
	formats   []*format.Format
}

type textFacts struct {
	min, max             int
	patterns, noPatterns []*pattern.Pattern
	formats              []*format.Format
}

type arrayFacts struct {
	min, max int
	unique   bool
	// twins tells that two items must be equal.
	twins    bool
	rules    []itemRule
	contains []containsRule
	rest     []restRule // unevaluatedItems
	// placed are demands on single items.
	placed []placedDemand
}

// itemRule is prefixItems and items of one schema.
type itemRule struct {
	scope  int
	prefix []schema.View
	items  schema.View // zero for anything
}

type containsRule struct {
	scope    int
	view     schema.View
	min, max int
}

// restRule speaks about what no schema of the scope has spoken about.
type restRule struct {
	scope int
	view  schema.View
}

type placedDemand struct {
	index int
	demand
}

type objectFacts struct {
	min, max         int
	required, absent []string
	isRequired       map[string]bool // what required has, where that is much; nil for not looked up
	members          []memberRule
	patterns         []patternRule
	others           []othersRule
	rest             []restRule // unevaluatedProperties
	names            []demand
	dependents       []schema.Dependency
	// fresh are members of names that are to be made up.
	fresh []freshRule
}

// memberRule is one of properties.
type memberRule struct {
	scope int
	name  string
	demand
}

type patternRule struct {
	scope   int
	pattern *pattern.Pattern
	demand
}

// othersRule is additionalProperties, for the names that owner does not declare.
type othersRule struct {
	scope int
	owner *declared
	demand
}

// freshRule asks for a member with a name that is not there yet: one that matches
// pattern, that owner does not declare, or that fits a demand. Zero values ask nothing.
type freshRule struct {
	pattern *pattern.Pattern
	owner   *declared
	named   bool
	name    demand
	demand
}

// declared are the names that properties and patternProperties of one schema claim.
type declared struct {
	names    map[string]bool
	patterns []*pattern.Pattern
}

func (d *declared) has(name string) bool {
	if d.names[name] {
		return true
	}
	for _, p := range d.patterns {
		if p.MatchString(name) {
			return true
		}
	}
	return false
}

func newFacts(types schema.Types) facts {
	return facts{
		types:  types,
		text:   textFacts{max: math.MaxInt},
		array:  arrayFacts{max: math.MaxInt},
		object: objectFacts{max: math.MaxInt},
		scopes: []int{0},
	}
}

// fork gives a copy that can be added to without touching f.
func (f *facts) fork() facts {
	c := *f
	clip(&c.nodes)
	clip(&c.seen)
	clip(&c.lists)
	clip(&c.unlisted)
	clip(&c.number.multiples)
	clip(&c.number.formats)
	clip(&c.text.patterns)
	clip(&c.text.noPatterns)
	clip(&c.text.formats)
	clip(&c.array.rules)
	clip(&c.array.contains)
	clip(&c.array.rest)
	clip(&c.array.placed)
	clip(&c.object.required)
	c.object.isRequired = nil
	clip(&c.object.absent)
	clip(&c.object.members)
	clip(&c.object.patterns)
	clip(&c.object.others)
	clip(&c.object.rest)
	clip(&c.object.names)
	clip(&c.object.dependents)
	clip(&c.object.fresh)
	clip(&c.watches)
	clip(&c.scopes)
	return c
}

// within tells whether scope is outer or stands below it.
func (f *facts) within(scope, outer int) bool {
	for scope != outer {
		if scope == 0 {
			return false
		}
		scope = f.scopes[scope]
	}
	return true
}

// atLeast and atMost narrow the bounds of numbers.
func (n *numberFacts) atLeast(b bound) {
	if n.lo == nil || b.at.Cmp(n.lo.at) > 0 || b.at.Cmp(n.lo.at) == 0 && b.open {
		n.lo = &b
	}
}

func (n *numberFacts) atMost(b bound) {
	if n.hi == nil || b.at.Cmp(n.hi.at) < 0 || b.at.Cmp(n.hi.at) == 0 && b.open {
		n.hi = &b
	}
}

func newBound(text string, open bool) bound {
	d, _ := decimal.Parse(text)
	return bound{text, d, open}
}

// clip makes the next append copy.
func clip[T any](s *[]T) { *s = slices.Clip(*s) }

// node is where the facts begin.
func (f *facts) node() *source.Node {
	if len(f.nodes) == 0 {
		return nil
	}
	return f.nodes[0]
}
