package contract_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// FuzzLoad: no text makes loading, compiling or asking panic, and what is refused
// is refused with a reason.
func FuzzLoad(f *testing.F) {
	f.Add(describe("GET /a/{b}", "POST /c"))
	f.Add("swagger: '2.0'\nbasePath: /x\npaths: {/a: {get: {parameters: [{name: q, in: query, type: array, collectionFormat: tsv}], responses: {200: {schema: {type: file}}}}}}\n")
	f.Add("openapi: 3.0.3\nservers: [{url: '{a}/{b}', variables: {a: {default: x}}}]\nsecurity: [{k: []}]\npaths: {/a: {parameters: [{$ref: '#/x'}], get: {responses: {4XX: {$ref: '#/y'}}}}}\n")
	for _, file := range []string{"unusable-schema", "ambiguous-path", "not-readable", "unknown-security-scheme"} {
		text, err := os.ReadFile("testdata/broken/" + file + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(folder, "api.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: folder}})
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		for _, op := range c.Operations {
			_ = op.Findings()
			_ = op.Challenges()
			m := c.Route(op.Method, sample.URL(op), true)
			if m.Op == nil {
				continue
			}
			ex := &exchange.Exchange{Request: exchange.Request{Method: op.Method, Path: "/", RawQuery: "a=1&b%zz", HasBody: true, Body: []byte(`{"a": [1]}`)}}
			m.Op.Validate(ex, &m)
			_ = op.ValidateResponse(200, nil, []byte("1"))
		}
	})
}
