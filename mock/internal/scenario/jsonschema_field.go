package scenario

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// refTo refers to one of the $defs.
func refTo(name string) *jsonSchema { return &jsonSchema{Ref: "#/$defs/" + name} }

// The ways in which a field or a matcher says more of its value than its kinds.

// is gives the value the schema of one of the $defs.
func is(name string) func(*jsonSchema) {
	return func(s *jsonSchema) { s.Type, s.Ref = nil, refTo(name).Ref }
}

// holds gives the members or items of the value the schema of one of the $defs.
func holds(name string) func(*jsonSchema) { return holdsEach(refTo(name)) }

// holdsScalars is for mappings and lists of plain values.
func holdsScalars() func(*jsonSchema) { return holdsEach(&jsonSchema{Type: typesOf(isScalar)}) }

func holdsEach(each *jsonSchema) func(*jsonSchema) {
	return func(s *jsonSchema) {
		if s.admits("object") {
			s.AdditionalProperties = each
		}
		if s.admits("array") {
			s.Items = each
		}
	}
}

// atLeastOne is for values that must not be empty.
func atLeastOne(more func(*jsonSchema)) func(*jsonSchema) {
	return func(s *jsonSchema) {
		if more != nil {
			more(s)
		}
		if s.admits("object") {
			s.MinProperties = 1
		}
		if s.admits("array") {
			s.MinItems = 1
		}
		if s.admits("string") {
			s.MinLength = 1
		}
	}
}

// wholeNumber is for whole numbers; two equal bounds are none.
func wholeNumber(least, most int) func(*jsonSchema) {
	return func(s *jsonSchema) {
		s.Type = "integer"
		if least != most {
			s.Minimum, s.Maximum = &least, &most
		}
	}
}

func (s *jsonSchema) admits(name string) bool {
	switch t := s.Type.(type) {
	case string:
		return t == name
	case []string:
		return slices.Contains(t, name)
	}
	return s.Ref == "" && s.AnyOf == nil
}

// typesOf gives the value of type for kinds, nil for any kind.
func typesOf(k kinds) any {
	if k == isAny {
		return nil
	}
	var names []string
	for _, kind := range []source.Kind{source.Bool, source.Number, source.String, source.Array, source.Object, source.Null} {
		if k.has(kind) {
			names = append(names, kind.String())
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return names
}
