package schema

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// typeNames are the words of the type keyword.
var typeNames = []string{"null", "boolean", "integer", "number", "string", "array", "object"}

// types reads type: a word, a list of words, or the null of YAML for "null".
func (r *reader) types(at *source.Node) {
	var all Types
	switch at.Kind {
	case source.Array:
		for _, item := range at.Items() {
			t, ok := r.oneType(item)
			if !ok {
				return
			}
			all |= t
		}
	default:
		t, ok := r.oneType(at)
		if !ok {
			return
		}
		all = t
	}
	if all == 0 {
		r.ignore(at, "is an empty list", "")
		return
	}
	if r.openAPI30 && r.isNullable() {
		all |= TypeNull
	}
	if all != AnyType {
		r.add(word{name: "type", at: at, arg: all})
	}
}

func (r *reader) oneType(at *source.Node) (Types, bool) {
	switch {
	case at.Kind == source.Null:
		return TypeNull, true
	case at.Kind != source.String:
		r.warn(CodeKeywordIgnored, at, "type is not enforced: it must be the name of a type or a list of them", "")
		return 0, false
	case at.Text == "file" && r.openAPI30:
		return AnyType, true
	}
	if t := typeNamed(at.Text); t != AnyType && at.Text != "file" {
		return t, true
	}
	r.warn(CodeKeywordIgnored, at, fmt.Sprintf("type is not enforced: there is no type %q", at.Text), source.DidYouMean(at.Text, typeNames))
	return 0, false
}

// isNullable tells whether OpenAPI 3.0's nullable, or the x-nullable that stands
// for it in Swagger 2.0, is set.
func (r *reader) isNullable() bool {
	return r.node.Get("nullable").IsTrue() || r.node.Get("x-nullable").IsTrue()
}

// nullable has a say in types, and in admitsNull.
func (r *reader) nullable(at *source.Node) {
	switch {
	case at.Kind != source.Bool:
		r.ignore(at, "must be true or false", "")
	case !r.openAPI30 && at.IsTrue():
		r.ignore(at, "is a word of OpenAPI 3.0", `add "null" to the list of types`)
	}
}

// admitsNull tells whether nullable stands beside $ref, allOf, anyOf or oneOf
// where no type is given. By the letter (OpenAPI 3.0.3 proposal 2019-10-31) it
// then means nothing; everybody who writes it means that null is admitted, and
// most tools read it so. enum and const still have to admit null as well.
func (r *reader) admitsNull() bool {
	return r.openAPI30 && r.isNullable() && !r.node.Has("type")
}

// exclusive reads exclusiveMinimum and exclusiveMaximum: a number, or the true of
// OpenAPI 3.0 and draft 4 that makes the bound beside it exclusive.
func (r *reader) exclusive(at *source.Node) {
	if arg, ok := readNumber(at); ok {
		r.add(word{name: at.Key, at: at, arg: arg})
		return
	}
	beside := map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}[at.Key]
	switch {
	case at.Kind != source.Bool:
		r.ignore(at, "must be a number", "")
	case at.IsTrue():
		if limit := r.node.Get(beside); limit != nil {
			if arg, ok := readNumber(limit); ok {
				r.add(word{name: at.Key, at: at, arg: arg})
			}
			return
		}
		r.ignore(at, fmt.Sprintf("needs a %s beside it", beside), "")
	}
}

func (r *reader) pattern(at *source.Node) {
	if at.Kind != source.String {
		r.ignore(at, "must be a string", "")
		return
	}
	if p := r.compilePattern(at.Text, at.At()); p != nil {
		r.add(word{name: "pattern", at: at, arg: p})
	}
}

// compilePattern gives nil for what is no pattern, with a warning.
func (r *reader) compilePattern(expr string, at source.Span) *pattern.Pattern {
	if p, ok := r.c.patterns[expr]; ok {
		return p
	}
	p, err := pattern.Compile(expr)
	if err != nil {
		r.found = append(r.found, source.Diagnostic{Code: CodePatternNotEnforced, Severity: source.Warning, At: at, Message: fmt.Sprintf("the pattern %s is not enforced: %v", shorten(expr), err)})
		return nil
	}
	r.c.patterns[expr] = p
	return p
}

// format reads format. That it may be an annotation only is said for the whole
// Compiler.
func (r *reader) format(at *source.Node) {
	switch {
	case at.Kind != source.String:
		r.ignore(at, "must be a string", "")
		return
	case !r.c.assertFormats && !r.dialect.assertsFormats():
		return
	}
	f := format.Lookup(at.Text)
	if f == nil {
		hint := ""
		if near := source.Closest(at.Text, format.Names()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.warn(CodeUnknownFormat, at, fmt.Sprintf("the format %q is not known: it is not enforced", at.Text), hint)
		return
	}
	r.add(word{name: "format", at: at, arg: f})
}

// ref reads the keywords that refer to another schema.
func (r *reader) ref(at *source.Node) {
	if at.Kind != source.String {
		r.ignore(at, "must be a string", "")
		return
	}
	target, err := r.c.docs.Resolve(r.node, at.Text)
	if err != nil {
		r.found = append(r.found, document.Unfollowed(at, err))
		return
	}
	w := word{name: at.Key, at: at, subs: []sub{{node: target}}}
	// It depends on the way here only if its target, as it stands, says so too.
	_, anchor, _ := strings.Cut(at.Text, "#")
	switch {
	case at.Key == "$dynamicRef" && anchor != "" && target.Get("$dynamicAnchor").Str() == anchor:
		w.arg = anchorName(anchor)
	case at.Key == "$recursiveRef" && target.Get("$recursiveAnchor").IsTrue():
		w.arg = anchorName("")
	}
	r.add(w)
}

// items reads items: one schema, or the list of schemas of older drafts and of
// Swagger 2.0 descriptions.
func (r *reader) items(at *source.Node) {
	switch {
	case at.Kind != source.Array:
		r.schemas("items", at, one)
	case !r.node.Has("prefixItems") && len(at.Kids) > 0:
		r.schemas("prefixItems", at, list)
	}
}

// additionalItems speaks about the items behind a list of schemas.
func (r *reader) additionalItems(at *source.Node) {
	if r.node.Get("items").Is(source.Array) {
		r.schemas("items", at, one)
	}
}

// patternProperties compiles the patterns. One that cannot be compiled may match
// any name, so no name counts as additional.
func (r *reader) patternProperties(at *source.Node) {
	if at.Kind != source.Object {
		r.ignore(at, "must be an object of schemas", "")
		return
	}
	w := word{name: "patternProperties", at: at}
	var patterns []*pattern.Pattern
	unknown := false
	for _, member := range members(at) {
		p := r.compilePattern(member.Key, member.KeyAt())
		if p == nil {
			unknown = true
			continue
		}
		patterns = append(patterns, p)
		w.subs = append(w.subs, sub{key: member.Key, node: member})
	}
	if unknown && at.Get("") == nil {
		patterns = append(patterns, matchAll)
		w.subs = append(w.subs, sub{node: everything})
	}
	w.arg = patterns
	r.add(w)
}

var matchAll, _ = pattern.Compile("")

// everything is the schema true.
var everything = &source.Node{Kind: source.Bool, Text: "true"}
