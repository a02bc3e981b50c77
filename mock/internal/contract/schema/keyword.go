package schema

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// form tells what a keyword holds.
type form uint8

const (
	note     form = iota // nothing that decides about a value
	plain                // a value
	one                  // a schema
	list                 // schemas in a list
	named                // schemas by name
	peculiar             // something that a reader of its own understands
)

// keyword is what the engine knows about a word of a schema object.
type keyword struct {
	form form
	// inPlace tells that its schemas speak about the value itself, not about parts.
	inPlace bool
	// read checks a plain value and gives it in the form that the checker uses;
	// false for a value that the keyword cannot have.
	read func(*source.Node) (any, bool)
	// wants says what the value must be.
	wants string
	// peculiar reads what needs more than its own value.
	peculiar func(*reader, *source.Node)
}

// keywords is the vocabulary: JSON Schema 2020-12, what OpenAPI adds to it, and
// words of older drafts that people still write. It is filled by init, because
// the readers refer to it.
var keywords map[string]keyword

func init() {
	count := keyword{form: plain, read: readCount, wants: "a whole number from 0"}
	number := keyword{form: plain, read: readNumber, wants: "a number"}
	keywords = map[string]keyword{
		"type":              {form: peculiar, peculiar: (*reader).types},
		"enum":              {form: plain, read: readEnum, wants: "a list of values"},
		"const":             {form: plain, read: readAny},
		"multipleOf":        {form: plain, read: readDivisor, wants: "a number greater than 0"},
		"maximum":           number,
		"minimum":           number,
		"exclusiveMaximum":  {form: peculiar, peculiar: (*reader).exclusive},
		"exclusiveMinimum":  {form: peculiar, peculiar: (*reader).exclusive},
		"maxLength":         count,
		"minLength":         count,
		"pattern":           {form: peculiar, peculiar: (*reader).pattern},
		"format":            {form: peculiar, peculiar: (*reader).format},
		"maxItems":          count,
		"minItems":          count,
		"uniqueItems":       {form: plain, read: readBool, wants: "true or false"},
		"maxContains":       count,
		"minContains":       count,
		"maxProperties":     count,
		"minProperties":     count,
		"required":          {form: peculiar, peculiar: (*reader).required},
		"dependentRequired": {form: peculiar, peculiar: (*reader).dependentRequired},
		"dependencies":      {form: peculiar, peculiar: (*reader).dependencies},

		"$ref":                  {form: peculiar, inPlace: true, peculiar: (*reader).ref},
		"$dynamicRef":           {form: peculiar, inPlace: true, peculiar: (*reader).ref},
		"$recursiveRef":         {form: peculiar, inPlace: true, peculiar: (*reader).ref},
		"$dynamicAnchor":        {form: peculiar, peculiar: (*reader).dynamicAnchor},
		"allOf":                 {form: list, inPlace: true},
		"anyOf":                 {form: list, inPlace: true},
		"oneOf":                 {form: list, inPlace: true},
		"not":                   {form: one, inPlace: true},
		"if":                    {form: one, inPlace: true},
		"then":                  {form: one, inPlace: true},
		"else":                  {form: one, inPlace: true},
		"dependentSchemas":      {form: named, inPlace: true},
		"prefixItems":           {form: list},
		"items":                 {form: peculiar, peculiar: (*reader).items},
		"additionalItems":       {form: peculiar, peculiar: (*reader).additionalItems},
		"contains":              {form: one},
		"properties":            {form: named},
		"patternProperties":     {form: peculiar, peculiar: (*reader).patternProperties},
		"additionalProperties":  {form: one},
		"propertyNames":         {form: one},
		"unevaluatedItems":      {form: one},
		"unevaluatedProperties": {form: one},
		"discriminator":         {form: peculiar, inPlace: true, peculiar: (*reader).discriminator},
		"nullable":              {form: peculiar, peculiar: (*reader).nullable},
	}
	for _, word := range []string{
		"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "xml", "externalDocs",
		"contentEncoding", "contentMediaType", "contentSchema", "$id", "id", "$schema", "$comment", "$anchor",
		"$recursiveAnchor", "$vocabulary", "$defs", "definitions",
	} {
		keywords[word] = keyword{form: note}
	}
	knownKeywords = slices.Sorted(maps.Keys(keywords))
}

// knownKeywords are the names in keywords, for suggestions.
var knownKeywords []string

// isReference tells whether a keyword stands for the schema that it refers to.
func isReference(name string) bool {
	return name == "$ref" || name == "$dynamicRef" || name == "$recursiveRef"
}

// isExtension tells whether a member is one that the author made up on purpose.
func isExtension(name string) bool { return strings.HasPrefix(name, "x-") }

func readAny(n *source.Node) (any, bool) { return n, true }

func readEnum(n *source.Node) (any, bool) { return n, n.Kind == source.Array }

func readBool(n *source.Node) (any, bool) { return n.IsTrue(), n.Kind == source.Bool }

// bound is a number in a schema, as text and ready for comparing.
type bound struct {
	text string
	decimal.Decimal
}

func readNumber(n *source.Node) (any, bool) {
	if n.Kind != source.Number {
		return nil, false
	}
	d, ok := decimal.Parse(n.Text)
	return bound{n.Text, d}, ok
}

func readDivisor(n *source.Node) (any, bool) {
	b, ok := readNumber(n)
	return b, ok && b.(bound).Sign() > 0
}

// maxCount stands for all counts that no value can have.
const maxCount = math.MaxInt32

// readCount gives a count as int. 2.0 is a count (validation section 6.3.1).
func readCount(n *source.Node) (any, bool) {
	b, ok := readNumber(n)
	if !ok || b.(bound).Sign() < 0 || !b.(bound).IsInteger() {
		return nil, false
	}
	n64, ok := b.(bound).Int64()
	if !ok {
		return maxCount, true
	}
	return int(min(n64, maxCount)), true
}
