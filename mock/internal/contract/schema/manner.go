package schema

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// mannerOf tells how the schema object of r is read: by the $schema of the
// resource in which it stands, else as the Compiler's dialect has it.
func (c *Compiler) mannerOf(r *reader) manner {
	usual := manner{refAlone: c.dialect == OpenAPI30, openAPI30: c.dialect == OpenAPI30}
	if !c.namesDialects(r.node.File()) {
		return usual
	}
	at := dialectAt(r.node)
	if at == nil {
		return usual
	}
	if m, ok := standardManner(at.Text); ok {
		return m
	}
	if meta, err := c.docs.Resolve(r.node, strings.TrimSuffix(at.Text, "#")); err == nil {
		m := c.mannerOfOwn(meta)
		if m.dialect.unknown != "" {
			r.found = append(r.found, unsupported(at, m.dialect.unknown))
		}
		return m
	}
	if at.Parent() == r.node {
		r.warn(CodeUnknownDialect, at, fmt.Sprintf("the dialect %s is not known: the schema is read as JSON Schema 2020-12", at.Text), "")
	}
	return manner{}
}

// standardManner gives the manner of a dialect that JSON Schema or OpenAPI has published.
func standardManner(uri string) (m manner, ok bool) {
	uri = strings.TrimSuffix(uri, "#")
	switch trimmed := strings.TrimPrefix(strings.TrimPrefix(uri, "http://"), "https://"); {
	case strings.HasPrefix(trimmed, "json-schema.org/draft-0"):
		return manner{refAlone: true}, true
	case strings.HasPrefix(trimmed, "spec.openapis.org/oas/3.0"):
		return manner{refAlone: true, openAPI30: true}, true
	case trimmed == "json-schema.org/draft/2020-12/schema", trimmed == "json-schema.org/draft/2019-09/schema", trimmed == "json-schema.org/schema", strings.HasPrefix(trimmed, "spec.openapis.org/oas/3."):
		return manner{}, true
	}
	return manner{}, false
}

// namesDialects tells whether a file speaks of $schema or jsonSchemaDialect at
// all; most do not, and then nobody needs to look for it.
func (c *Compiler) namesDialects(f *source.File) bool {
	if f == nil {
		return false
	}
	names, ok := c.dialects[f]
	if !ok {
		names = bytes.Contains(f.Data, []byte("$schema")) || bytes.Contains(f.Data, []byte("jsonSchemaDialect"))
		c.dialects[f] = names
	}
	return names
}

// dialectAt gives the $schema that counts for n: that of the nearest schema
// resource around it (core section 8.1.1), or the description's jsonSchemaDialect.
// A $schema at the root of a description is there for editors.
func dialectAt(n *source.Node) *source.Node {
	for ; n != nil; n = n.Parent() {
		root := n.Parent() == nil
		keyword := "$schema"
		if root && (n.Has("openapi") || n.Has("swagger")) {
			keyword = "jsonSchemaDialect"
		}
		if at := n.Get(keyword); at.Is(source.String) && (root || n.Has("$id") || n.Has("id")) {
			return at
		}
	}
	return nil
}
