package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// The metaschemas of JSON Schema are at hand in every Set, by the URIs at which
// json-schema.org publishes them: they are not fetched. jsonschema has them built in, and
// shows them to a vocabulary when it compiles them.

const metaschemaHost = "json-schema.org"

// entries are the metaschemas that refer to all others.
var entries = []string{
	"http://json-schema.org/draft-04/schema",
	"http://json-schema.org/draft-06/schema",
	"http://json-schema.org/draft-07/schema",
	"https://json-schema.org/draft/2019-09/schema",
	"https://json-schema.org/draft/2020-12/schema",
	"https://json-schema.org/draft/2020-12/meta/format-assertion",
}

// metaschemas are the documents by host and path of their URIs, and by file. All Sets
// share them.
var metaschemas = sync.OnceValues(func() (byPath map[string]*document, byFile map[*source.File]*document) {
	byPath, byFile = map[string]*document{}, map[*source.File]*document{}
	take := func(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
		id, ok := schema["$id"].(string)
		if !ok {
			id, ok = schema["$schema"].(string) // draft-04 as jsonschema has it, which describes itself
		}
		uri, err := url.Parse(id)
		if err != nil || !ok || uri.Host != metaschemaHost || byPath[uri.Path] != nil {
			return nil, err // a part of one
		}
		data, err := json.Marshal(schema)
		if err != nil {
			return nil, err
		}
		data = bytes.ReplaceAll(data, []byte(`"uriref"`), []byte(`"uri-reference"`)) // as draft-04 has it there
		uri = withoutFragment(uri)
		root, found := source.Parse(&source.File{Name: uri.String(), Data: data}, source.Options{})
		if root == nil {
			return nil, found.Err()
		}
		d := &document{uri: uri, root: root, identified: true}
		byPath[uri.Path], byFile[root.File()] = d, d
		return nil, nil
	}
	compiler := jsonschema.NewCompiler()
	compiler.RegisterVocabulary(&jsonschema.Vocabulary{URL: "urn:understudy:metaschemas", Compile: take})
	compiler.AssertVocabs()
	for _, uri := range entries {
		if _, err := compiler.Compile(uri); err != nil {
			panic(fmt.Sprintf("a metaschema that is built in cannot be read: %v", err)) // never: they are constant
		}
	}
	return byPath, byFile
})

// metaschema gives the document of a metaschema, nil for all other URIs.
func metaschema(uri *url.URL) *document {
	if uri.Host != metaschemaHost {
		return nil
	}
	byPath, _ := metaschemas()
	return byPath[uri.Path]
}

// documentOf gives the document in which n stands, nil for a node that was made.
func (s *Set) documentOf(n *source.Node) *document {
	f := n.File()
	d := s.byFile[f]
	if d == nil && f != nil {
		_, byFile := metaschemas()
		d = byFile[f]
	}
	return d
}
