package param_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// This file turns parameter objects in YAML into decoders and text into inputs.

// load reads a YAML or JSON text as the file of a description.
func load(t testing.TB, text string) *document.Set {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	docs, found := document.Load(context.Background(), file, document.Options{Root: filepath.Dir(file)})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return docs
}

// dialect is the one that the description's own version asks for.
func dialect(docs *document.Set) schema.Dialect {
	if strings.HasPrefix(docs.Main.Get("openapi").Scalar(), "3.0") {
		return schema.OpenAPI30
	}
	return schema.Draft202012
}

// decoders compiles the parameter objects of a description that has nothing but
// the members openapi, parameters (a list) and what they refer to.
func decoders(t testing.TB, text string) ([]*param.Decoder, source.Diagnostics) {
	t.Helper()
	docs := load(t, text)
	c := schema.NewCompiler(docs, dialect(docs))
	var all []*param.Decoder
	var found source.Diagnostics
	for _, n := range docs.Main.Get("parameters").Items() {
		d, ds := param.Compile(specOf(n), c, schema.Request)
		all, found = append(all, d), append(found, ds...)
	}
	param.Bind(all)
	return all, found
}

// decoder compiles one parameter object, written as a flow mapping.
func decoder(t testing.TB, object string) *param.Decoder {
	t.Helper()
	all, _ := decoders(t, "openapi: 3.1.0\nparameters:\n- "+object+"\n")
	return all[0]
}

// specOf reads a parameter object and fills in the defaults.
func specOf(n *source.Node) param.Spec {
	s := param.Spec{
		In:              exchange.Location(n.Get("in").Str()),
		Name:            n.Get("name").Str(),
		Style:           n.Get("style").Str(),
		Required:        n.Get("required").IsTrue(),
		AllowReserved:   n.Get("allowReserved").IsTrue(),
		AllowEmptyValue: n.Get("allowEmptyValue").IsTrue(),
		Schema:          n.Get("schema"),
		Node:            n,
	}
	if s.Style == "" {
		s.Style = map[exchange.Location]string{exchange.Path: "simple", exchange.Header: "simple", exchange.Query: "form", exchange.Cookie: "form"}[s.In]
	}
	s.Explode = s.Style == "form" || s.Style == "cookie"
	if explode := n.Get("explode"); explode != nil {
		s.Explode = explode.IsTrue()
	}
	for mediaType, content := range n.Get("content").Members() {
		s.MediaType, s.Schema = mediaType, content.Get("schema")
	}
	return s
}

// inputOf puts text where the parameter is looked for: a path value, a query, a
// header's value or a Cookie header.
func inputOf(in exchange.Location, name, text string) *param.Input {
	switch in {
	case exchange.Path:
		return &param.Input{Path: param.PathText(text)}
	case exchange.Query:
		return &param.Input{Query: queryOf(text)}
	case exchange.Header:
		return &param.Input{Header: http.Header{http.CanonicalHeaderKey(name): {text}}}
	}
	return &param.Input{Cookies: cookiesOf(text)}
}

func queryOf(raw string) (pairs []param.Pair) {
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		pairs = append(pairs, param.Pair{Name: name, RawValue: value})
	}
	return pairs
}

func cookiesOf(raw string) (pairs []param.Pair) {
	for part := range strings.SplitSeq(raw, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
			pairs = append(pairs, param.Pair{Name: name, RawValue: value})
		}
	}
	return pairs
}

// jsonOf writes a decoded value as JSON: numbers keep their text, so that what is
// compared is exact.
func jsonOf(t testing.TB, value any) string {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// brief writes violations as "pointer rule" joined by commas.
func brief(violations []exchange.Violation) string {
	var all []string
	for _, v := range violations {
		all = append(all, strings.TrimSpace(v.Pointer+" "+v.Rule))
	}
	return strings.Join(all, ", ")
}

func newCompiler(docs *document.Set) *schema.Compiler {
	return schema.NewCompiler(docs, dialect(docs))
}
