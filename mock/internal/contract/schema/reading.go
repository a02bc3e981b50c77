package schema

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codes of the findings about schemas.
const (
	// CodeKeywordIgnored: a keyword is written in a way that means nothing.
	CodeKeywordIgnored source.Code = "keyword-ignored"
	// CodeUnknownKeyword: no version of JSON Schema or OpenAPI knows the keyword.
	CodeUnknownKeyword source.Code = "unknown-keyword"
	// CodeUnknownFormat: the format is not one of those that are checked.
	CodeUnknownFormat source.Code = "unknown-format"
	// CodePatternNotEnforced: the pattern is no regular expression of ECMA-262.
	CodePatternNotEnforced source.Code = "pattern-not-enforced"
	// CodeUnknownDialect: $schema names a dialect that is not known.
	CodeUnknownDialect source.Code = "unknown-dialect"
	// CodeUnusableSchema: the schema could not be compiled.
	CodeUnusableSchema source.Code = "unusable-schema"
)

// word is a keyword of a schema as the engine takes it: with the name and the
// meaning that JSON Schema 2020-12 gives it.
type word struct {
	name string
	// at is where the contract says it.
	at *source.Node
	// arg is the plain value in the form that suits the keyword.
	arg any
	// subs are the schemas that it holds.
	subs []sub
	// unlessNull tells that it does not speak about null, see reader.nullable.
	unlessNull bool
}

// sub is a schema below a keyword, with its name where it has one.
type sub struct {
	key  string
	node *source.Node
}

// reading is a schema object as one dialect reads it, before it is linked to
// others. It is immutable once it was made.
type reading struct {
	node *source.Node
	// verdict is set for true and false in place of a schema.
	verdict *bool
	words   []word
	// found are warnings about what is not enforced, and errors about references.
	found               source.Diagnostics
	readOnly, writeOnly bool
	// heirs are the schemas that build on it, nil for none.
	heirs *heirs
}

// word gives the keyword of that name, nil for none.
func (r *reading) word(name string) *word {
	for i := range r.words {
		if r.words[i].name == name {
			return &r.words[i]
		}
	}
	return nil
}

// reader makes a reading.
type reader struct {
	*reading
	manner
	c *Compiler
	// unlessNull is set when nullable admits null beside what combines schemas.
	unlessNull bool
}

// manner is how a schema object is read; see Compiler.mannerOf.
type manner struct {
	// refAlone: what stands beside $ref is ignored (OpenAPI 3.0, drafts up to 7).
	refAlone bool
	// openAPI30: nullable counts and type may be file.
	openAPI30 bool
	// dialect is that of a metaschema of the description's own, nil for none.
	dialect *dialect
}

// read gives the reading of the schema at n. The caller holds c.mu.
func (c *Compiler) read(n *source.Node) *reading {
	if r, ok := c.readings[n]; ok {
		return r
	}
	r := &reader{reading: &reading{node: n}, c: c}
	c.readings[n] = r.reading
	switch n.Kind {
	case source.Bool:
		verdict := n.IsTrue()
		r.verdict = &verdict
	case source.Object:
		r.object()
	default:
		r.warn(CodeKeywordIgnored, n, fmt.Sprintf("a schema is expected here, not %s: it is not enforced", article(n.Kind.String())), "")
	}
	return r.reading
}

// object reads the members in the order in which they are written.
func (r *reader) object() {
	n := r.node
	r.manner = r.c.mannerOf(r)
	r.unlessNull = r.admitsNull()
	if r.refAlone && n.Get("$ref").Is(source.String) {
		r.ref(n.Get("$ref"))
		r.siblings()
		return
	}
	r.readOnly, r.writeOnly = n.Get("readOnly").IsTrue(), n.Get("writeOnly").IsTrue()
	for _, member := range members(n) {
		r.member(member.Key, member)
	}
	r.settle()
}

// members gives the members of an object. Of those with the same name the last
// counts, as in most JSON readers.
func members(n *source.Node) []*source.Node {
	all := make([]*source.Node, 0, len(n.Kids))
	at := make(map[string]int, len(n.Kids))
	for name, member := range n.Members() {
		if i, again := at[name]; again {
			all[i] = member
			continue
		}
		at[name] = len(all)
		all = append(all, member)
	}
	return all
}

func (r *reader) member(name string, at *source.Node) {
	k, ok := keywords[name]
	switch {
	case !ok:
		r.unknown(name, at)
	case !r.dialect.has(name):
		r.ignore(at, "is in no vocabulary of the dialect that $schema names", "")
	case k.form == peculiar:
		k.peculiar(r, at)
	case k.form == plain:
		arg, ok := k.read(at)
		if !ok {
			r.ignore(at, "must be "+k.wants, "")
			return
		}
		r.add(word{name: name, at: at, arg: arg})
	case k.form != note:
		r.schemas(name, at, k.form)
	}
}

func (r *reader) add(w word) {
	if keywords[w.name].inPlace && r.unlessNull {
		switch w.name {
		case "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "discriminator":
			w.unlessNull = true
		}
	}
	r.words = append(r.words, w)
}

// schemas adds a keyword that holds schemas.
func (r *reader) schemas(name string, at *source.Node, f form) {
	w := word{name: name, at: at}
	switch {
	case f == one:
		w.subs = []sub{{node: at}}
	case f == list && at.Kind == source.Array && len(at.Kids) > 0:
		for _, item := range at.Items() {
			w.subs = append(w.subs, sub{node: item})
		}
	case f == named && at.Kind == source.Object:
		for _, member := range members(at) {
			w.subs = append(w.subs, sub{key: member.Key, node: member})
		}
	case f == list:
		r.ignore(at, "must be a list of at least one schema", "")
		return
	default:
		r.ignore(at, "must be an object of schemas", "")
		return
	}
	r.add(w)
}

// ignore notes that a keyword's value is not one that it can have.
func (r *reader) ignore(at *source.Node, problem, hint string) {
	r.warn(CodeKeywordIgnored, at, fmt.Sprintf("%s is not enforced: it %s", at.Key, problem), hint)
}

func (r *reader) unknown(name string, at *source.Node) {
	if isExtension(name) || r.dialect != nil {
		return
	}
	hint := ""
	if near := source.Closest(name, knownKeywords); near != "" && len(name) > 3 { // short words resemble many
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	r.found = append(r.found, source.Diagnostic{Code: CodeUnknownKeyword, Severity: source.Warning, At: at.KeyAt(), Hint: hint, Message: fmt.Sprintf("%q is no keyword of a schema: it is not enforced", name)})
}

func (r *reader) warn(code source.Code, at *source.Node, message, hint string) {
	r.found = append(r.found, source.Diagnostic{Code: code, Severity: source.Warning, At: at.At(), Message: message, Hint: hint})
}

// siblings tells of keywords beside a $ref that hides them.
func (r *reader) siblings() {
	for name, member := range r.node.Members() {
		k, ok := keywords[name]
		hides := (name == "readOnly" || name == "writeOnly") && member.IsTrue()
		if ok && (hides || k.form != note && name != "$ref" && name != "nullable") {
			r.warn(CodeKeywordIgnored, member, fmt.Sprintf("%s is not enforced: this version ignores what stands beside $ref", name), "put $ref and this into the list of an allOf")
		}
	}
}

// settle drops what means nothing without another keyword, or instead of it.
func (r *reader) settle() {
	chosen := ""
	if d := r.word("discriminator"); d != nil {
		chosen = d.arg.(*choice).keyword
	}
	r.words = slices.DeleteFunc(r.words, func(w word) bool {
		switch w.name {
		case "minContains", "maxContains":
			return !r.node.Has("contains")
		case "then", "else":
			return !r.node.Has("if")
		case "minimum":
			return r.node.Get("exclusiveMinimum").IsTrue()
		case "maximum":
			return r.node.Get("exclusiveMaximum").IsTrue()
		}
		return w.name == chosen
	})
}
