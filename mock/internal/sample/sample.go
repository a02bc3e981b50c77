// Package sample makes data that conforms to the schemas of a contract: bodies,
// response headers, and requests. What it gives was accepted by the contract engine;
// what cannot be made is an *Unsatisfiable that says so with the contract's place.
//
// # How a value is made
//
// For each place of the value, from the root down, all schemas that speak about it are
// put together into facts (expand.go): references and allOf at once, one branch of each
// anyOf and oneOf after the other. A value is built that fits the facts, and checked
// against the schemas. What facts cannot express (not, if, the other branches of oneOf,
// dependentSchemas) is watched: where it is broken, the facts are made narrower and the
// value is built again (watch.go, deny.go). The schema's own examples and default come
// first wherever they fit, at every level.
//
// # Determinism
//
// A value depends on the schema, the options and nothing else. Every place has dice of
// its own, seeded with the JSON pointer, so that a property more in the contract does
// not change the others.
//
// # Bounds
//
// The work for one value is counted in steps and bounded by MaxSteps, whatever the
// schema. Once half of them are used, only what is required is made.
package sample

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Limits on one value. A schema that only larger values fit is unsatisfiable.
const (
	// MaxSteps bounds the attempts at parts of a value.
	MaxSteps = 100_000
	// MaxItems bounds the items of an array.
	MaxItems = 10_000
	// MaxText bounds the characters of a string.
	MaxText = 100_000
	// MaxBody bounds an encoded value, in bytes.
	MaxBody = 1 << 20
	// MaxDepth bounds nested arrays and objects.
	MaxDepth = 64
)

// Options says which of the conforming values is made.
type Options struct {
	// Seed varies the texts and numbers, and with Dynamic all else.
	Seed uint64
	// Dynamic varies the lengths of arrays, which optional members are there and which
	// branches are taken. Otherwise the shape is always the same: the declared members
	// of the upper levels, one item in arrays, the first branch that can be satisfied.
	Dynamic bool
	// Status is the status with which a body of a response is sent; problem details tell it.
	// 0 is for the response's own, which a range and default do not have.
	Status int

	// cost takes the steps that are used, nil for nobody.
	cost *int
}

// Unsatisfiable tells that no value was found that fits a schema.
type Unsatisfiable struct {
	// At is the part of the schema that stands in the way.
	At source.Span
	// Pointer is the place in the value for which nothing was found.
	Pointer string
	// Reason says why, without a full stop.
	Reason string
	// Limited tells that there may be a value beyond the limits of this package.
	Limited bool
}

// Error gives the reason and the places.
func (u *Unsatisfiable) Error() string {
	where := "the value"
	if u.Pointer != "" {
		where = u.Pointer
	}
	text := fmt.Sprintf("the schema cannot be satisfied: %s: %s", where, u.Reason)
	if u.At.File != nil {
		text += " (" + u.At.String() + ")"
	}
	return text
}

// Value makes a value that fits the schema. Its members are in the order in which
// the schema declares them; its numbers are text. The tree is the caller's.
func Value(s *schema.Schema, o Options) (*source.Node, error) {
	v, err := build(s, o, task{types: schema.AnyType})
	if err != nil {
		return nil, err
	}
	return source.Link(&v.node), nil
}

// task narrows what is made beyond what the schema says.
type task struct {
	// types are those that the value may have.
	types schema.Types
	// name is what the value is called, for plausible texts.
	name string
	// chars is what all strings in it must match, nil for no limit.
	chars *pattern.Pattern
	// salt gives other values for the same seed, and at random if it is not 0.
	salt uint64
	// problem is the status that the value is the problem details of, 0 for none.
	problem int
}

// attempts are the manners in which a value is tried: as asked for; as small as can
// be; and at random.
const attempts = 6

// build makes a value and lets the engine have the last word.
func build(s *schema.Schema, o Options, t task) (made value, err error) {
	defer func() {
		if p := recover(); p != nil {
			made, err = value{}, fmt.Errorf("sample: %v", p) // a fault of ours is no reason to end the server
		}
	}()
	g := newGenerator(o, t)
	if o.cost != nil {
		defer func() { *o.cost += g.used }()
	}
	root := s.View()
	for attempt := range attempts {
		g.tight = attempt == 1
		g.dynamic = o.Dynamic || attempt > 1 || t.salt > 0
		p := g.root(attempt)
		var v value
		var ok bool
		g.share(3, func() { v, ok = g.solve(p, []demand{{view: root}}) })
		if ok && s.Valid(v.data) {
			return v, nil
		}
		if ok {
			g.fail(p, root.Node(), "nothing was found that fits the whole schema")
		}
	}
	return value{}, g.unsatisfiable(root)
}

func (g *generator) unsatisfiable(root schema.View) *Unsatisfiable {
	u := &Unsatisfiable{At: root.Node().At(), Reason: "nothing was found that fits"}
	if f := g.failed; f != nil {
		u.Pointer, u.Reason, u.Limited = f.place.pointer(), f.reason, f.limited
		if f.node.File() != nil {
			u.At = f.node.At()
		}
	}
	if g.exhausted {
		u.Reason += fmt.Sprintf("; the search ended after %d steps", g.used)
		u.Limited = true
	}
	return u
}
