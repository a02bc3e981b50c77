package schema

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// A $schema may name a metaschema of the description's own. Of that it counts which
// vocabularies it has (core section 8.1.2): the other keywords are annotations. What it
// demands of schemas itself does not count, because a keyword that is ill written is told
// and left out in any dialect.

// dialect is what a metaschema of the description's own makes of schemas.
type dialect struct {
	// vocabularies are the names of those that there are; nil for all.
	vocabularies map[string]bool
	// unknown is a vocabulary that must be known and is not, "" for none.
	unknown string
}

// Vocabularies by the last part of their URIs. Keywords that are in none of them count in
// every dialect.
const (
	vocabularyApplicator  = "applicator"
	vocabularyUnevaluated = "unevaluated"
	vocabularyValidation  = "validation"
	vocabularyOpenAPI     = "base"
	formatAssertion       = "format-assertion"
)

// vocabularyOf gives the vocabulary of a keyword, "" for those that always count.
func vocabularyOf(keyword string) string {
	switch keyword {
	case "unevaluatedItems", "unevaluatedProperties":
		return vocabularyUnevaluated
	case "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies", "prefixItems", "items", "additionalItems", "contains",
		"properties", "patternProperties", "additionalProperties", "propertyNames":
		return vocabularyApplicator
	case "type", "enum", "const", "multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
		"maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired":
		return vocabularyValidation
	case "discriminator":
		return vocabularyOpenAPI
	}
	return ""
}

// mannerOfOwn gives the manner of schemas whose $schema names the metaschema at meta.
func (c *Compiler) mannerOfOwn(meta *source.Node) manner {
	if known, ok := c.own[meta]; ok {
		return known
	}
	m := c.mannerBelow(meta)
	m.dialect = &dialect{}
	if list := meta.Get("$vocabulary"); list.Is(source.Object) && !m.refAlone { // drafts up to 7 have no vocabularies
		m.dialect.read(list)
	}
	c.own[meta] = m
	return m
}

// mannerBelow gives the manner of the draft on which a metaschema builds.
func (c *Compiler) mannerBelow(meta *source.Node) manner {
	for range maxHops {
		uri := meta.Get("$schema").Str()
		if m, ok := standardManner(uri); ok {
			return m
		}
		next, err := c.docs.Resolve(meta, uri)
		if uri == "" || err != nil || next == meta {
			break
		}
		meta = next
	}
	return manner{}
}

// read takes over a $vocabulary.
func (d *dialect) read(list *source.Node) {
	d.vocabularies = map[string]bool{}
	for uri, needed := range list.Members() {
		name, known := knownVocabulary(uri)
		switch {
		case known:
			d.vocabularies[name] = true
			if name == vocabularyApplicator && strings.Contains(uri, "2019-09") { // they were one
				d.vocabularies[vocabularyUnevaluated] = true
			}
		case needed.IsTrue() && d.unknown == "":
			d.unknown = uri
		}
	}
}

// knownVocabulary gives the name of a vocabulary that is understood.
func knownVocabulary(uri string) (name string, ok bool) {
	for _, prefix := range []string{"https://json-schema.org/draft/2020-12/vocab/", "https://json-schema.org/draft/2019-09/vocab/"} {
		if name, ok := strings.CutPrefix(uri, prefix); ok {
			switch name {
			case "core", vocabularyApplicator, vocabularyUnevaluated, vocabularyValidation, "meta-data", "format", "format-annotation", formatAssertion, "content":
				return name, true
			}
		}
	}
	return vocabularyOpenAPI, strings.HasPrefix(uri, "https://spec.openapis.org/oas/3.") && strings.HasSuffix(uri, "/vocab/base")
}

// has tells whether a keyword counts.
func (d *dialect) has(keyword string) bool {
	if d == nil || d.vocabularies == nil {
		return true
	}
	vocabulary := vocabularyOf(keyword)
	return vocabulary == "" || d.vocabularies[vocabulary]
}

// assertsFormats tells whether format is no mere annotation.
func (d *dialect) assertsFormats() bool { return d != nil && d.vocabularies[formatAssertion] }

// unsupported is the finding that a vocabulary is not known, at the $schema that wants it.
func unsupported(at *source.Node, vocabulary string) source.Diagnostic {
	return source.Diagnostic{Code: CodeUnusableSchema, At: at.At(), Message: fmt.Sprintf("the schema cannot be compiled: its dialect %s needs the vocabulary %s, which is not known", at.Text, vocabulary)}
}
