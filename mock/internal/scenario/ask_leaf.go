package scenario

import (
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// leaf finds a value that all matchers accept and that the contract admits.
func (a *asking) leaf(list []matcher, made *source.Node, s *schema.Shape) (*source.Node, error) {
	var off, typed *source.Node // those that the contract does not admit
	for n := range a.candidates(list, made, s) {
		if !a.accepts(all(list), n) {
			continue
		}
		if a.valid(s, n) {
			return n, nil
		}
		if off == nil {
			off = n
		}
		if typed == nil && hasType(s, n) {
			typed = n
		}
	}
	if typed != nil { // an invalid request may be what is asked for
		off = typed
	}
	if off != nil {
		return off, nil
	}
	if a.accepts(all(list), nil) {
		return nil, nil
	}
	return nil, fmt.Errorf("no value was found that is %s", all(list))
}

// hasType tells whether a number is of the kind that the contract wants.
func hasType(s *schema.Shape, n *source.Node) bool {
	if s == nil || s.Types.Has(schema.TypeNumber) || !s.Types.Has(schema.TypeInteger) {
		return true
	}
	_, err := strconv.Atoi(n.Text)
	return err == nil
}

// candidates gives values that may do, likely ones first.
func (a *asking) candidates(list []matcher, made *source.Node, s *schema.Shape) iter.Seq[*source.Node] {
	return func(yield func(*source.Node) bool) {
		if made != nil && !yield(made) {
			return
		}
		if s != nil && s.Source != nil {
			for _, key := range []string{"enum", "examples"} {
				for _, n := range s.Source.Get(key).Items() {
					if !yield(n) {
						return
					}
				}
			}
			for _, key := range []string{"example", "default", "const"} {
				if n := s.Source.Get(key); n != nil && !yield(n) {
					return
				}
			}
			if n := a.generate(s.Source, list); n != nil && !yield(n) {
				return
			}
		}
		if a.variant == 0 { // others are to be seen as well
			if n := a.generate(nil, list); n != nil && !yield(n) {
				return
			}
		}
		for _, text := range a.textsNear(list) {
			for _, kind := range []source.Kind{source.Number, source.String} {
				n := source.New(nil, source.String, "", text)
				if _, ok := reread(&n, kind); ok {
					if n = retyped(&n, kind); !yield(&n) {
						return
					}
				}
			}
		}
		if n := a.generate(nil, list); n != nil && !yield(n) {
			return
		}
		_ = yield(a.any(s))
	}
}

// textsNear gives texts that are near to what the matchers name.
func (a *asking) textsNear(list []matcher) []string {
	var texts []string
	filler := ""
	if a.variant > 0 {
		filler = fmt.Sprintf("-%d-", a.variant)
	}
	start, middle, end := "", "", ""
	for _, m := range list {
		switch m := m.(type) {
		case *textTest:
			switch m.what {
			case textStartsWith:
				start = m.written
			case textEndsWith:
				end = m.written
			default:
				middle += m.written
			}
		case *magnitude:
			texts = append(texts, m.near()...)
		case *moment:
			for _, d := range []time.Duration{24 * time.Hour, time.Second} {
				if !m.after {
					d = -d
				}
				texts = append(texts, m.limit.Add(d).Format(time.RFC3339), m.limit.Add(d).Format(time.DateOnly))
			}
		}
	}
	texts = append(texts, start+filler+middle+end, start+middle+end)
	for _, m := range list {
		if m, ok := m.(*textTest); ok {
			texts = append(texts, m.written)
		}
	}
	return texts
}

// near gives numbers on the side of the limit that is wanted.
func (m *magnitude) near() []string {
	var texts []string
	limit, err := strconv.ParseFloat(m.written, 64)
	if err != nil {
		return nil // a number that no float64 is near to
	}
	for _, step := range []float64{1, 0.5, 0.01, 10, 1000} {
		if !m.greater {
			step = -step
		}
		texts = append(texts, string(appendFloat(nil, limit+step)))
	}
	return texts
}

// generate makes a value of a schema of the contract, nil for anything, that says what
// the matchers say too. It gives nil where none is found.
func (a *asking) generate(of *source.Node, list []matcher) *source.Node {
	var parts []source.Node
	if of != nil {
		parts = append(parts, of.Clone().Renamed(""))
	}
	for _, m := range list {
		if n, ok := a.says(m); ok {
			parts = append(parts, n)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	root := source.New(of, source.Object, "", "", source.New(of, source.Array, "allOf", "", parts...))
	compiled, err := a.op.Contract().RequestSchema(source.Link(&root))
	if err != nil {
		return nil
	}
	n, err := sample.Value(compiled, sample.Options{Dynamic: a.variant > 1, Seed: a.variant})
	if err != nil {
		return nil
	}
	return n
}

// says gives a schema of what a matcher says, in keywords that every version of OpenAPI
// has; ok is false where there are none for it.
func (a *asking) says(m matcher) (source.Node, bool) {
	switch m := m.(type) {
	case *equalTo:
		return newObject(newList("enum", m.node.Clone().Renamed(""))), true
	case *textTest:
		expr := regexp.QuoteMeta(m.written)
		switch m.what {
		case textStartsWith:
			expr = "^" + expr
		case textEndsWith:
			expr += "$"
		}
		return newObject(newText("type", "string"), newText("pattern", expr)), true
	case *contains:
		if m.part != nil {
			return a.says(m.part)
		}
		return newObject(newText("type", "array"), source.New(nil, source.Number, "minItems", "1")), true
	case *pattern:
		return newObject(newText("type", "string"), newText("pattern", "^(?:"+m.written+")$")), true
	case *magnitude:
		key := "maximum"
		if m.greater {
			key = "minimum"
		}
		limit := newObject(newList("enum", source.New(nil, source.Number, "", m.written)))
		return newObject(newText("type", "number"), source.New(nil, source.Number, key, m.written), limit.Renamed("not")), isNumberText(m.written)
	case not:
		inner, ok := a.says(m.matcher)
		return newObject(inner.Renamed("not")), ok
	case *conforms:
		if n := a.op.Contract().NamedSchema(m.name); n != nil {
			return n.Clone().Renamed(""), true
		}
	case anyOf:
		return a.saysAll("anyOf", m)
	case all:
		return a.saysAll("allOf", m)
	case subset:
		return a.saysMembers(m), true
	case elements:
		size := fmt.Sprint(len(m))
		return newObject(newText("type", "array"), source.New(nil, source.Number, "minItems", size), source.New(nil, source.Number, "maxItems", size)), true
	}
	return source.Node{}, false
}

func (a *asking) saysAll(key string, list []matcher) (source.Node, bool) {
	var kids []source.Node
	for _, m := range list {
		if n, ok := a.says(m); ok {
			kids = append(kids, n.Renamed(""))
		} else if key == "anyOf" {
			return source.Node{}, false
		}
	}
	return newObject(newList(key, kids...)), len(kids) > 0
}

func (a *asking) saysMembers(m subset) source.Node {
	var properties, required []source.Node
	for i := range m {
		if m[i].matcher.match(operand{}) {
			continue // need not be there
		}
		required = append(required, source.New(nil, source.String, "", m[i].name))
		if n, ok := a.says(m[i].matcher); ok {
			properties = append(properties, n.Renamed(m[i].name))
		}
	}
	schema := []source.Node{newText("type", "object")}
	if len(required) > 0 {
		schema = append(schema, newList("required", required...))
	}
	if len(properties) > 0 {
		schema = append(schema, source.New(nil, source.Object, "properties", "", properties...))
	}
	return newObject(schema...)
}

func isNumberText(text string) bool {
	n := source.New(nil, source.String, "", text)
	_, ok := reread(&n, source.Number)
	return ok
}

func newObject(members ...source.Node) source.Node {
	return source.New(nil, source.Object, "", "", members...)
}

func newList(key string, items ...source.Node) source.Node {
	return source.New(nil, source.Array, key, "", items...)
}

func newText(key, text string) source.Node { return source.New(nil, source.String, key, text) }
