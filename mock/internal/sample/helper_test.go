package sample_test

import (
	"context"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// address is where the schemas of tests are said to come from.
const address = "http://schemas.example/schema.json"

// compile compiles the text of a schema, which may refer to its own parts.
func compile(t testing.TB, text string, dialect schema.Dialect, dir schema.Direction) (*schema.Schema, error) {
	t.Helper()
	docs, found := document.Load(context.Background(), address, document.Options{Documents: map[string][]byte{address: []byte(text)}})
	if docs == nil {
		return nil, found
	}
	return schema.NewCompiler(docs, dialect).Compile(docs.Main, dir)
}

// write gives a tree as JSON.
func write(n *source.Node) string { return string(n.AppendJSON(nil)) }
