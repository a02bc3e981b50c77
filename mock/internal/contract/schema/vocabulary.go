package schema

import (
	"strconv"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/message"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
)

// Keywords of our own in the data for jsonschema.
const (
	keyNotNull = "understudy:notNull" // a schema that null need not fit
	keyNames   = "understudy:names"   // propertyNames, with locations that can be relied upon
	keyChoice  = "understudy:choice"  // a discriminator
	keyFormat  = "understudy:format"  // format, after which the other keywords still count
	keyMin     = "understudy:minLength"
	keyMax     = "understudy:maxLength" // lengths, which stand-ins tell
)

// vocabulary teaches jsonschema our keywords.
func vocabulary() *jsonschema.Vocabulary {
	return &jsonschema.Vocabulary{
		URL: "understudy:vocabulary",
		Subschemas: []jsonschema.SchemaPath{
			{jsonschema.Prop(keyNotNull)},
			{jsonschema.Prop(keyNames)},
			{jsonschema.Prop(keyChoice), jsonschema.Prop("plain")},
			{jsonschema.Prop(keyChoice), jsonschema.Prop("cases"), jsonschema.AllItem{}},
		},
		Compile: compileVocabulary,
	}
}

// extension holds our keywords of one schema; nil for those that it lacks.
type extension struct {
	notNull, names *jsonschema.Schema
	choice         *choiceRule
	format         *format.Format
	min, max       length
}

// length bounds the characters of a string; the zero value does not.
type length struct {
	given bool
	bound int
}

func compileVocabulary(ctx *jsonschema.CompilerContext, obj map[string]any) (jsonschema.SchemaExt, error) {
	var e extension
	if _, ok := obj[keyNotNull]; ok {
		e.notNull = ctx.Enqueue([]string{keyNotNull})
	}
	if _, ok := obj[keyNames]; ok {
		e.names = ctx.Enqueue([]string{keyNames})
	}
	if data, ok := obj[keyChoice].(map[string]any); ok {
		e.choice = newChoiceRule(ctx, data)
	}
	e.format, _ = obj[keyFormat].(*format.Format)
	e.min.bound, e.min.given = obj[keyMin].(int)
	e.max.bound, e.max.given = obj[keyMax].(int)
	if e == (extension{}) {
		return nil, nil
	}
	return &e, nil
}

// Validate implements jsonschema.SchemaExt.
func (e *extension) Validate(ctx *jsonschema.ValidatorContext, value any) {
	if e.notNull != nil && value != nil {
		add(ctx, ctx.Validate(e.notNull, value, nil))
	}
	if members, ok := value.(map[string]any); ok && e.names != nil {
		for name := range members {
			// The name is given the location of its member.
			if err := ctx.Validate(e.names, name, []string{name}); err != nil {
				ctx.AddErrors([]*jsonschema.ValidationError{err.(*jsonschema.ValidationError)}, &nameFault{name: name})
			}
		}
	}
	if e.choice != nil {
		e.choice.validate(ctx, value)
	}
	if e.format != nil && !fits(e.format, value) {
		ctx.AddError(&kind.Format{Got: value, Want: e.format.Name, Err: errFormat})
	}
	if text, ok := value.(string); ok && (e.min.given || e.max.given) {
		e.validateLength(ctx, text)
	}
}

func (e *extension) validateLength(ctx *jsonschema.ValidatorContext, text string) {
	n := utf8.RuneCountInString(text)
	if standsIn(text) {
		n = measuredBy(text)
	}
	if e.min.given && n < e.min.bound {
		ctx.AddError(&kind.MinLength{Got: n, Want: e.min.bound})
	}
	if e.max.given && n > e.max.bound {
		ctx.AddError(&kind.MaxLength{Got: n, Want: e.max.bound})
	}
}

func add(ctx *jsonschema.ValidatorContext, err error) {
	if err != nil {
		ctx.AddErr(err)
	}
}

// nameFault says that the name of a member breaks propertyNames. Its causes speak
// about the name.
type nameFault struct {
	noText
	name string
}

// KeywordPath implements jsonschema.ErrorKind.
func (*nameFault) KeywordPath() []string { return []string{"propertyNames"} }

// tagFault says that an object's tag selects no branch.
type tagFault struct {
	noText
	*choice
	got     any
	missing bool
}

// KeywordPath implements jsonschema.ErrorKind.
func (*tagFault) KeywordPath() []string { return []string{"discriminator"} }

// noText has the method of jsonschema.ErrorKind that gives a text, which nobody
// asks for here.
type noText struct{}

func (noText) LocalizedString(*message.Printer) string { return "" }

// choiceRule is chooser in terms of jsonschema.
type choiceRule struct {
	*choice
	plain *jsonschema.Schema
	cases []*jsonschema.Schema
}

func newChoiceRule(ctx *jsonschema.CompilerContext, data map[string]any) *choiceRule {
	rule := &choiceRule{choice: data["word"].(*word).arg.(*choice), plain: ctx.Enqueue([]string{keyChoice, "plain"})}
	for i := range data["cases"].([]any) {
		rule.cases = append(rule.cases, ctx.Enqueue([]string{keyChoice, "cases", strconv.Itoa(i)}))
	}
	return rule
}

func (c *choiceRule) validate(ctx *jsonschema.ValidatorContext, value any) {
	object, ok := value.(map[string]any)
	tag, there := object[c.property]
	text, isText := tag.(string)
	if !ok || there && !isText {
		add(ctx, ctx.Validate(c.plain, value, nil))
		return
	}
	selected, known := c.choice.cases[text]
	switch {
	case there && known && len(selected) == 1:
		add(ctx, ctx.Validate(c.cases[selected[0]], value, nil))
	case there && known:
		c.validateSome(ctx, value, selected)
	case c.open:
		add(ctx, ctx.Validate(c.plain, value, nil))
	default:
		ctx.AddError(&tagFault{choice: c.choice, got: tag, missing: !there})
	}
}

// validateSome applies oneOf or anyOf to the branches that share a tag.
func (c *choiceRule) validateSome(ctx *jsonschema.ValidatorContext, value any, selected []int) {
	var matched []int
	var failed []*jsonschema.ValidationError
	for _, i := range selected {
		if err := ctx.Validate(c.cases[i], value, nil); err != nil {
			failed = append(failed, err.(*jsonschema.ValidationError))
			continue
		}
		matched = append(matched, i)
	}
	switch {
	case len(matched) == 0 && c.keyword == "oneOf":
		ctx.AddErrors(failed, &kind.OneOf{})
	case len(matched) == 0:
		ctx.AddErrors(failed, &kind.AnyOf{})
	case len(matched) > 1 && c.keyword == "oneOf":
		ctx.AddError(&kind.OneOf{Subschemas: matched})
	}
}
