package schema

import (
	"iter"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// View is a compiled schema taken apart, for those who make values instead of
// checking them: its keywords in the meaning that the engine gives them, whatever
// the dialect, with references followed and readOnly and writeOnly seen to. Views
// of one schema in one context are equal. The zero View is none.
type View struct{ o *object }

// View gives the schema's root.
func (s *Schema) View() View { return View{s.root} }

// Neutral gives the View of a schema for values that are in no message: readOnly and
// writeOnly say nothing there. The error is that of Compile.
func (c *Compiler) Neutral(n *source.Node) (View, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root := c.root(n, Response, true)
	fresh := c.fresh
	c.fresh = nil
	c.build(fresh)
	if found := c.finish(root); len(found) > 0 {
		return View{}, found.Sort()
	}
	return View{root}, nil
}

// SchemaOf gives the schema that a View of this Compiler shows, in its own context.
func (c *Compiler) SchemaOf(v View) *Schema { return c.schemaOf(v.o) }

// IsZero tells whether the View is none.
func (v View) IsZero() bool { return v.o == nil }

// Node is where the contract says it.
func (v View) Node() *source.Node { return v.o.node }

// Verdict gives the answer of a schema that admits everything or nothing; decided
// is false for all others.
func (v View) Verdict() (admits, decided bool) {
	switch {
	case v.o.forbidden:
		return false, true
	case v.o.verdict != nil:
		return *v.o.verdict, true
	}
	return len(v.o.words) == 0, len(v.o.words) == 0
}

// Valid tells whether the value fits.
func (v View) Valid(value any) bool {
	return v.o.target().fits(value)
}

// Words iterates over the keywords that count, in the order of the contract.
func (v View) Words() iter.Seq[Word] {
	return func(yield func(Word) bool) {
		if v.o.forbidden || v.o.verdict != nil {
			return
		}
		for i := range v.o.words {
			if !yield(Word{v.o, i}) {
				return
			}
		}
	}
}

// Word gives the keyword of that name; ok is false where it does not count.
func (v View) Word(name string) (w Word, ok bool) {
	for w := range v.Words() {
		if w.Name() == name {
			return w, true
		}
	}
	return Word{}, false
}

// Word is a keyword of a View, with the name that JSON Schema 2020-12 gives it. A
// method about its value is to be called only for the keywords that it names.
type Word struct {
	o *object
	i int
}

func (w Word) word() *word { return &w.o.words[w.i] }

// Name is the keyword.
func (w Word) Name() string { return w.word().name }

// At is where the contract says it.
func (w Word) At() *source.Node { return w.word().at }

// UnlessNull tells that the keyword does not speak about null.
func (w Word) UnlessNull() bool { return w.word().unlessNull }

// Types is the value of type.
func (w Word) Types() Types { return w.word().arg.(Types) }

// Count is the value of a keyword about lengths and counts; math.MaxInt for a
// limit that no value can exceed.
func (w Word) Count() int { return w.word().limit() }

// Number is the text of multipleOf and of a bound.
func (w Word) Number() string { return w.word().arg.(bound).text }

// IsTrue is the value of uniqueItems.
func (w Word) IsTrue() bool { return w.word().arg.(bool) }

// Listed are the values of enum, or the one of const.
func (w Word) Listed() []*source.Node {
	n := w.word().arg.(*source.Node)
	if w.Name() == "const" {
		return []*source.Node{n}
	}
	all := make([]*source.Node, len(n.Kids))
	for i := range n.Kids {
		all[i] = &n.Kids[i]
	}
	return all
}

// Patterns are the expression of pattern, or those of patternProperties parallel
// to its schemas.
func (w Word) Patterns() []*pattern.Pattern {
	if w.Name() == "pattern" {
		return []*pattern.Pattern{w.word().pattern()}
	}
	return w.word().patterns()
}

// Format is the value of format.
func (w Word) Format() *format.Format { return w.word().format() }

// Required are the names in required that count in this direction.
func (w Word) Required() []string { return w.o.demanded(w.word().arg.([]requirement)) }

// Dependency says which properties must stand beside Property.
type Dependency struct {
	Property string
	Required []string
}

// Dependencies is the value of dependentRequired.
func (w Word) Dependencies() []Dependency {
	var all []Dependency
	for _, d := range w.word().arg.([]dependency) {
		all = append(all, Dependency{d.property, w.o.demanded(d.names)})
	}
	return all
}

// Len is the number of schemas that the keyword holds.
func (w Word) Len() int { return len(w.o.links[w.i]) }

// Sub gives the schema at index i, with its name where it has one.
func (w Word) Sub(i int) (key string, sub View) {
	return w.word().subs[i].key, View{w.o.links[w.i][i]}
}

// Subs gives all schemas that the keyword holds.
func (w Word) Subs() []View {
	all := make([]View, w.Len())
	for i, o := range w.o.links[w.i] {
		all[i] = View{o}
	}
	return all
}

// Choice is the value of discriminator.
type Choice struct {
	// Property holds the tag.
	Property string
	// Branches is how many of the word's schemas stand in oneOf or anyOf; schemas
	// that only the mapping names come behind them.
	Branches int
	// Exclusive tells oneOf from anyOf.
	Exclusive bool
	// Open tells that objects with an unknown tag, or none, are judged by the plain
	// oneOf or anyOf; otherwise none is valid.
	Open bool
	// Tags are those that select a branch, those that are told to people first.
	Tags []Tag
}

// Tag is a value of the property with the schemas that it selects.
type Tag struct {
	Text  string
	Cases []int
}

// Choice is the value of discriminator.
func (w Word) Choice() Choice {
	c := w.word().arg.(*choice)
	out := Choice{Property: c.property, Branches: c.branches, Exclusive: c.keyword == "oneOf", Open: c.open}
	told := make(map[string]bool, len(c.tags))
	for _, list := range [][]string{c.known, c.tags} {
		for _, tag := range list {
			if cases := c.cases[tag]; len(cases) > 0 && !told[tag] {
				told[tag] = true
				out.Tags = append(out.Tags, Tag{tag, cases})
			}
		}
	}
	return out
}
