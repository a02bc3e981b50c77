package scenario

import (
	"bytes"
	"encoding/json"

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
	root.Defs = definitions()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		panic(err) // a mistake in the tables, which every test would show
	}
	return b.Bytes()
}

// definitions are the parts of the format to which others refer, by name.
func definitions() members {
	return members{
		{"operation", operationSchema()},
		{"status", statusSchema()},
		{"stub", objectSchema(stubObject)},
		{"when", objectSchema(whenObject)},
		{"condition", conditionSchema()},
		{"matcher", matcherSchema()},
		{"response", objectSchema(respondObject)},
		{"onlyResponse", onlyResponseSchema()},
		{"delay", delaySchema()},
		{"duration", durationSchema()},
		{"distribution", objectSchema(delayObject)},
		{"lognormal", objectSchema(lognormalObject)},
		{"dribble", objectSchema(dribbleObject)},
		{"callback", objectSchema(callbackObject)},
		{"webhook", objectSchema(webhookObject)},
		{"provider", objectSchema(providerObject)},
		{"providerCall", objectSchema(providerCallObject)},
		{"state", objectSchema(stateObject)},
	}
}

// jsonSchema is a schema as far as the format needs it. Zero members are left out.
type jsonSchema struct {
	Dialect              string        `json:"$schema,omitempty"`
	Ref                  string        `json:"$ref,omitempty"`
	Title                string        `json:"title,omitempty"`
	Description          string        `json:"description,omitempty"`
	Type                 any           `json:"type,omitempty"` // a name, or a list of them
	Default              any           `json:"default,omitempty"`
	Const                any           `json:"const,omitempty"`
	Enum                 []any         `json:"enum,omitempty"`
	Pattern              string        `json:"pattern,omitempty"`
	MinLength            int           `json:"minLength,omitempty"`
	MaxLength            int           `json:"maxLength,omitempty"`
	Minimum              *int          `json:"minimum,omitempty"`
	Maximum              *int          `json:"maximum,omitempty"`
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
	s := &jsonSchema{Description: f.doc, Type: typesOf(f.kinds), Default: f.preset}
	if f.without != "" {
		s.Description += " Without it: " + f.without + "."
	}
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
