package importer_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/importer"
)

// TestCredentialsLeftOut imports what browsers export, which leave credentials out: answers
// that an API gives to nobody without them are for requests that have them.
func TestCredentialsLeftOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api, recording := filepath.Join(dir, "api.yaml"), filepath.Join(dir, "a.har")
	write(t, api, `openapi: 3.1.0
info: {title: t, version: '1'}
security: [{token: []}]
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: ok}, '400': {description: bad}, '401': {description: who}, '404': {description: no}}
`)
	entry := func(path string, status int, more string) string {
		return fmt.Sprintf(`{"request": {"method": "GET", "url": "https://a.example%s", "headers": []}, "response": {"status": %d, "headers": [], "content": {}}%s}`, path, status, more)
	}
	entries := []string{
		entry("/orders/1", 200, ""),
		entry("/orders/2", 404, ""),
		entry("/orders/3", 401, ""), // asked for without any
		entry("/orders/x", 400, ""), // breaks the contract in another place too
		entry("/orders/4", 404, `, "_understudy": {"operation": "getOrder"}`), // the mock's own, which says what was sent
	}
	write(t, recording, `{"log": {"entries": [`+strings.Join(entries, ",")+`]}}`)
	c, err := contract.Load(t.Context(), api, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := importer.Import(t.Context(), importer.HAR, []string{recording}, []*contract.Contract{c}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"when: {path: {id: 1}}\n      respond: {status: 200}",
		"when: {path: {id: 2}}\n      respond: {status: 404}",
		"when: {path: {id: 3}, valid: false, violates: [security]}\n      respond: {status: 401}",
		"when: {path: {id: x}, valid: false, violates: [path]}\n      respond: {status: 400}",
		"when: {path: {id: 4}, valid: false, violates: [security]}\n      respond: {status: 404}",
	} {
		if !strings.Contains(string(r.Files[0].Data), want) {
			t.Errorf("nothing is\n%s", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", r.Files[0].Data)
	}
	want := "3 requests were recorded, this one first, without the credentials that the contract requires, which browsers leave out: the answers are for requests with them [import-changed]"
	if got := r.Findings.Error(); strings.Count(got, want) != 1 || len(r.Findings) != 1 {
		t.Errorf("got %s\nwant once %s", got, want)
	}
}
