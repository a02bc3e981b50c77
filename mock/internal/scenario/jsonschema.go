package scenario

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// JSONSchema gives the JSON Schema (draft 2020-12) of scenario files, for editors
// and other tools: indented, with a line feed at the end. It is made from the
// tables that read the files. A file that it admits may still have findings, one
// that it refuses always has.
//
// For contracts it has their operations by name too, for editors to complete. It
// admits others all the same, so that it does no harm once the contract has changed.
//
// It keeps to keywords that mean the same in draft 7, which is what most editors
// understand.
func JSONSchema(apis ...*contract.Contract) []byte {
	root := objectSchema(scenarioObject)
	nameOperations(root, apis)
	root.Dialect = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "Understudy scenario"
	root.Description = "What the operations of an API answer while the scenario is active."
	root.Defs = members{
		{"operation", operationSchema()},
		{"status", statusSchema()},
		{"stub", objectSchema(stubObject)},
		{"when", objectSchema(whenObject)},
		{"condition", conditionSchema()},
		{"matcher", matcherSchema()},
		{"response", objectSchema(respondObject)},
		{"onlyResponse", onlyResponseSchema()},
		{"delay", delaySchema()},
		{"distribution", objectSchema(delayObject)},
		{"lognormal", objectSchema(lognormalObject)},
		{"dribble", objectSchema(dribbleObject)},
		{"callback", objectSchema(callbackObject)},
		{"webhook", objectSchema(webhookObject)},
		{"provider", objectSchema(providerObject)},
		{"providerCall", objectSchema(providerCallObject)},
		{"state", objectSchema(stateObject)},
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		panic(err) // a mistake in the tables, which every test would show
	}
	return b.Bytes()
}

// jsonSchema is a schema as far as the format needs it. Zero members are left out.
type jsonSchema struct {
	Dialect              string        `json:"$schema,omitempty"`
	Ref                  string        `json:"$ref,omitempty"`
	Title                string        `json:"title,omitempty"`
	Description          string        `json:"description,omitempty"`
	Type                 any           `json:"type,omitempty"` // a name, or a list of them
	Const                any           `json:"const,omitempty"`
	Enum                 []any         `json:"enum,omitempty"`
	Pattern              string        `json:"pattern,omitempty"`
	MinLength            int           `json:"minLength,omitempty"`
	MaxLength            int           `json:"maxLength,omitempty"`
	Minimum              int           `json:"minimum,omitempty"`
	Maximum              int           `json:"maximum,omitempty"`
	ExclusiveMinimum     *int          `json:"exclusiveMinimum,omitempty"`
	Items                *jsonSchema   `json:"items,omitempty"`
	MinItems             int           `json:"minItems,omitempty"`
	MaxItems             int           `json:"maxItems,omitempty"`
	UniqueItems          bool          `json:"uniqueItems,omitempty"`
	Properties           members       `json:"properties,omitempty"`
	PropertyNames        *jsonSchema   `json:"propertyNames,omitempty"`
	AdditionalProperties any           `json:"additionalProperties,omitempty"` // false, or a *jsonSchema
	Required             []string      `json:"required,omitempty"`
	MinProperties        int           `json:"minProperties,omitempty"`
	MaxProperties        int           `json:"maxProperties,omitempty"`
	AnyOf                []*jsonSchema `json:"anyOf,omitempty"`
	AllOf                []*jsonSchema `json:"allOf,omitempty"`
	Not                  *jsonSchema   `json:"not,omitempty"`
	If                   *jsonSchema   `json:"if,omitempty"`
	Then                 *jsonSchema   `json:"then,omitempty"`
	Else                 *jsonSchema   `json:"else,omitempty"`
	Examples             []any         `json:"examples,omitempty"`
	Defs                 members       `json:"$defs,omitempty"`
}

// members are schemas by name, in the order in which they are shown. A nil schema
// is false: there must be no such member.
type members []namedSchema

type namedSchema struct {
	name   string
	schema *jsonSchema
}

// MarshalJSON writes an object with the members in their order.
func (m members) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, each := range m {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(source.AppendJSONString(b, each.name), ':')
		text := []byte("false")
		if each.schema != nil {
			var err error
			if text, err = json.Marshal(each.schema); err != nil {
				return nil, err
			}
		}
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

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
			s.Minimum, s.Maximum = least, most
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

// objectSchema gives the schema of one object of the format.
func objectSchema[T any](o *object[T]) *jsonSchema {
	s := &jsonSchema{Type: "object", AdditionalProperties: false}
	for i := range o.fields {
		f := &o.fields[i]
		s.Properties = append(s.Properties, namedSchema{f.name, f.valueSchema()})
	}
	if o.schema != nil {
		o.schema(s)
	}
	return s
}

func (f *field[T]) valueSchema() *jsonSchema {
	s := &jsonSchema{Description: f.doc, Type: typesOf(f.kinds)}
	if f.words != nil {
		s.Type, s.Enum = nil, wordValues(f.words, f.kinds)
		if f.kinds.has(source.Array) {
			each := &jsonSchema{Enum: s.Enum}
			s.Enum, s.AnyOf = nil, []*jsonSchema{each, {Type: "array", Items: each}}
		}
	}
	if f.schema != nil {
		f.schema(s)
	}
	return s
}

// wordValues lists words as values: true and false also without quotes.
func wordValues(words []string, k kinds) []any {
	var list []any
	for _, word := range words {
		if k.has(source.Bool) && (word == "true" || word == "false") {
			list = append(list, word == "true")
		}
	}
	for _, word := range words {
		list = append(list, word)
	}
	return list
}

// operationSchema is one entry under operations.
func operationSchema() *jsonSchema {
	return &jsonSchema{
		Description: "A status, which is the shortest form of a stub; a stub; or a list of stubs, of which the first whose conditions hold answers.",
		AnyOf:       []*jsonSchema{refTo("status"), refTo("stub"), {Type: "array", MinItems: 1, Items: refTo("stub")}},
	}
}

// statusSchema is a status as contract.ParseStatus reads it.
func statusSchema() *jsonSchema {
	return &jsonSchema{
		Description: "A number from 200 to 599, a range such as 4XX, or default.",
		AnyOf: []*jsonSchema{
			{Type: "integer", Minimum: 200, Maximum: 599},
			{Type: "string", Pattern: "^([2-5][0-9][0-9]|[2-5][xX][xX]|[dD][eE][fF][aA][uU][lL][tT])$"},
		},
		Examples: []any{404, "4XX", "default"},
	}
}

// conditionSchema is a plain value or a matcher, at any depth of a body. What is
// a matcher is told by its keys, as isMatcher does; the words stand among the
// properties for editors to complete.
func conditionSchema() *jsonSchema {
	s := &jsonSchema{
		Description: "A plain value, which means equalTo; a matcher; or in mappings and lists a condition for each member.",
		If:          &jsonSchema{Type: "object", MinProperties: 1, PropertyNames: &jsonSchema{Enum: wordValues(matcherNames(), isText)}},
		Then:        refTo("matcher"),
		Else:        &jsonSchema{AdditionalProperties: refTo("condition"), Items: refTo("condition")},
	}
	for i := range matcherWords {
		s.Properties = append(s.Properties, namedSchema{matcherWords[i].name, &jsonSchema{Description: matcherWords[i].doc}})
	}
	return s
}

func matcherSchema() *jsonSchema {
	s := &jsonSchema{Description: "All of its words must hold.", Type: "object", AdditionalProperties: false, MinProperties: 1}
	var folding []string
	for i := range matcherWords {
		word := &matcherWords[i]
		value := &jsonSchema{Description: word.doc, Type: typesOf(word.kinds)}
		if word.schema != nil {
			word.schema(value)
		}
		s.Properties = append(s.Properties, namedSchema{word.name, value})
		if word.folds {
			folding = append(folding, word.name)
		}
	}
	s.Properties = append(s.Properties, namedSchema{caseInsensitive, &jsonSchema{
		Description: "Whether upper and lower case are the same, beside " + strings.Join(folding, ", ") + ".", Type: "boolean",
	}})
	s.If, s.Then = &jsonSchema{Required: []string{caseInsensitive}}, &jsonSchema{MinProperties: 2}
	return s
}

// onlyResponseSchema is an answer that stands in no list of answers.
func onlyResponseSchema() *jsonSchema {
	return &jsonSchema{AllOf: []*jsonSchema{refTo("response"), {Properties: members{{"times", nil}}}}}
}

// oneBodySchema lets a response state one body, as oneBody does.
func oneBodySchema(s *jsonSchema) {
	known := func(keyword string) bool {
		return slices.ContainsFunc(s.Properties, func(m namedSchema) bool { return m.name == keyword })
	}
	for _, keyword := range slices.DeleteFunc(slices.Clone(bodyKeywords), func(keyword string) bool { return !known(keyword) }) {
		rule := &jsonSchema{If: &jsonSchema{Required: []string{keyword}}, Then: &jsonSchema{}}
		for _, other := range bodyKeywords {
			beside := keyword == "merge" && other == "example" || keyword == "example" && other == "merge"
			if other != keyword && !beside && known(other) {
				rule.Then.Properties = append(rule.Then.Properties, namedSchema{other, nil})
			}
		}
		s.AllOf = append(s.AllOf, rule)
	}
}
