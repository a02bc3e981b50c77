package schema

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// simple explains an error that is about one keyword and the value itself.
func (x *explainer) simple(e *jsonschema.ValidationError) fault {
	value := x.valueAt(e.InstanceLocation)
	rule, expected, got := x.describe(e, value)
	f := x.fault(e, e.InstanceLocation, rule, expected)
	if f.Got = got; got == "" {
		f.Got = brief(value)
	}
	f.Fix = "send " + expected
	switch e.ErrorKind.(type) {
	case *kind.Enum:
		f.Fix = "send one of the listed values"
	case *kind.UniqueItems:
		f.Fix = "remove the repeated items"
	case *kind.Not:
		f.Fix = "send something else"
	case *tagFault:
		x.explainTag(&f, e.ErrorKind.(*tagFault))
	}
	return f
}

// describe gives the broken keyword and what it expects; got is empty where the
// value says it all.
func (x *explainer) describe(e *jsonschema.ValidationError, value any) (rule, expected, got string) {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return "type", typePhrase(k.Want), ""
	case *kind.Const:
		return "const", brief(k.Want), ""
	case *kind.Enum:
		return "enum", oneOf(briefs(k.Want)), ""
	case *kind.Format:
		return "format", x.formatPhrase(e), ""
	case *kind.Pattern:
		return "pattern", "a string that matches " + shorten(k.Want), ""
	case *kind.MinLength:
		return "minLength", "a string of at least " + source.Count(k.Want, "character"), lengthOf(value)
	case *kind.MaxLength:
		return "maxLength", "a string of at most " + source.Count(k.Want, "character"), lengthOf(value)
	case *kind.MinItems:
		return "minItems", "an array of at least " + source.Count(k.Want, "item"), source.Count(k.Got, "item")
	case *kind.MaxItems:
		return "maxItems", "an array of at most " + source.Count(k.Want, "item"), source.Count(k.Got, "item")
	case *kind.UniqueItems:
		return "uniqueItems", "an array without repeated items", x.repeated(value, k.Duplicates)
	case *kind.Contains:
		return "contains", "an array with at least 1 item fitting contains", "none such"
	case *kind.MinContains:
		return "minContains", fmt.Sprintf("an array with at least %s fitting contains", source.Count(k.Want, "item")), source.Count(len(k.Got), "such item")
	case *kind.MaxContains:
		return "maxContains", fmt.Sprintf("an array with at most %s fitting contains", source.Count(k.Want, "item")), source.Count(len(k.Got), "such item")
	case *kind.MinProperties:
		return "minProperties", "an object with at least " + source.Count(k.Want, "property"), source.Count(k.Got, "property")
	case *kind.MaxProperties:
		return "maxProperties", "an object with at most " + source.Count(k.Want, "property"), source.Count(k.Got, "property")
	case *kind.Not:
		return "not", x.notPhrase(e), ""
	case *kind.RefCycle:
		return "$ref", "checked by a schema that does not refer back to itself", ""
	case *tagFault:
		return "discriminator", oneOf(quotes(k.known)), ""
	}
	return x.describeNumber(e)
}

func (x *explainer) describeNumber(e *jsonschema.ValidationError) (rule, expected, got string) {
	switch k := e.ErrorKind.(type) {
	case *kind.Minimum:
		return "minimum", "a number of at least " + x.bound(e, "minimum", k.Want), ""
	case *kind.Maximum:
		return "maximum", "a number of at most " + x.bound(e, "maximum", k.Want), ""
	case *kind.ExclusiveMinimum:
		return "exclusiveMinimum", "a number greater than " + x.bound(e, "exclusiveMinimum", k.Want), ""
	case *kind.ExclusiveMaximum:
		return "exclusiveMaximum", "a number less than " + x.bound(e, "exclusiveMaximum", k.Want), ""
	case *kind.MultipleOf:
		return "multipleOf", "a multiple of " + x.bound(e, "multipleOf", k.Want), ""
	}
	return RuleSchema, "a value that fits the schema", ""
}

// bound gives a limit as the contract writes it.
func (x *explainer) bound(e *jsonschema.ValidationError, keyword string, want *big.Rat) string {
	if w := x.at(e).word(keyword); w != nil {
		if b, ok := w.arg.(bound); ok {
			return shorten(b.text)
		}
	}
	return want.RatString()
}

func (x *explainer) formatPhrase(e *jsonschema.ValidationError) string {
	w := x.at(e).word("format")
	if w == nil {
		return "a value of the format"
	}
	return w.format().Phrase()
}

func (x *explainer) repeated(value any, at [2]int) string {
	items, _ := value.([]any)
	if at[1] >= len(items) {
		return "repeated items"
	}
	return fmt.Sprintf("%s at %d and %d", brief(items[at[1]]), at[0], at[1])
}

// notPhrase says what must not be, as far as that is simple.
func (x *explainer) notPhrase(e *jsonschema.ValidationError) string {
	not := x.at(e).keyword("not")
	switch {
	case not.Has("const"):
		return "anything but " + brief(not.Get("const").Value())
	case not.Get("enum").Is(source.Array):
		return "anything but " + either(briefs(not.Get("enum").Value().([]any)))
	case not.Get("type").Is(source.String):
		return "anything but " + article(not.Get("type").Text)
	case not.Get("required").Is(source.Array) && len(not.Get("required").Kids) == 1 && len(not.Kids) == 1:
		return "an object without property " + quote(not.Get("required").Kids[0].Text)
	}
	return "a value that does not fit the schema of not"
}

// explainTag tells of a missing tag at the object, of a wrong one at the tag.
func (x *explainer) explainTag(f *fault, k *tagFault) {
	if k.missing {
		f.Expected = fmt.Sprintf("an object with property %s, %s", quote(k.property), f.Expected)
		f.Got = "an object without it"
		f.Fix = "add the property " + quote(k.property)
		f.missing = k.property
		return
	}
	f.tokens = append(f.tokens[:len(f.tokens):len(f.tokens)], k.property)
	f.Pointer += "/" + source.EscapePointer(k.property)
	f.Got = brief(k.got)
	f.Fix = "send one of the listed values"
}

// typePhrase says which types are admitted.
func typePhrase(names []string) string {
	phrases := make([]string, 0, len(names))
	for _, name := range names {
		phrases = append(phrases, article(name))
	}
	// null reads best at the end.
	slices.SortStableFunc(phrases, func(a, b string) int { return strings.Compare(nullLast(a), nullLast(b)) })
	return either(phrases)
}

func nullLast(phrase string) string {
	if phrase == "null" {
		return "1"
	}
	return "0"
}

func lengthOf(value any) string {
	s, ok := value.(string)
	if !ok {
		return brief(value)
	}
	return fmt.Sprintf("%s (%s)", quote(s), source.Count(utf8.RuneCountInString(s), "character"))
}

func briefs(values []any) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = brief(v)
	}
	return all
}

func quotes(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = quote(name)
	}
	return all
}
