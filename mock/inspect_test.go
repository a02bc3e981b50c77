package mock_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// warnings is a slog.Handler that hands over the warnings.
type warnings struct {
	slog.Handler
	all chan string
}

func (w warnings) Enabled(context.Context, slog.Level) bool { return true }

func (w warnings) Handle(_ context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return nil
	}
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += "\n  " + a.Key + ": " + a.Value.String()
		return true
	})
	w.all <- text
	return nil
}

// inspected is a description of which two things are told, and more in the place of "# more".
const inspected = `
openapi: 3.1.0
info: {title: Inspected, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: integer}, example: one}}}
        "404": {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Never"}}}}
        "409": {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Never"}}}}
# more
components: {schemas: {Never: {type: integer, minimum: 2, maximum: 1}}}
`

// TestServeTellsOfBodies holds that a started mock logs what it cannot send, once, and
// after Reload what is new. That it ends with the mock is for goleak to see.
func TestServeTellsOfBodies(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "api.yaml")
	write := func(more string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(strings.Replace(inspected, "# more", more, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# more")
	log := warnings{all: make(chan string)}
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}, Listen: "127.0.0.1:0", Logger: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	first := []string{
		`the example does not fit its schema and is passed over: body must be an integer, got "one"
  code: example-does-not-conform
  at: FILE:9:97
  hint: write an integer
  related: the rule stands here (FILE:9:78)`,
		`no value fits: the bounds leave no number
  code: unsatisfiable-schema
  at: FILE:13:24
  hint: mend the schema; where a value does fit, write it as an example
  related: needed for the body of status 404 of a as application/json and in one more place (FILE:10:44)`,
	}
	for _, want := range first {
		if diff := cmp.Diff(want, strings.ReplaceAll(<-log.all, file, "FILE")); diff != "" {
			t.Error(diff)
		}
	}
	write(`        "422": {description: no, content: {application/json: {schema: {type: string, maxLength: 1}, example: ab}}}`)
	if err := m.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-log.all; !strings.Contains(got, file+":12:110") {
		t.Errorf("after a reload: %s", got)
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCheckTellsOfBodies(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(inspected), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := mock.Check(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, f := range r.Findings {
		told[f.Code]++
	}
	if told["example-does-not-conform"] != 1 || told["unsatisfiable-schema"] != 1 {
		t.Errorf("%v", told)
	}
}
