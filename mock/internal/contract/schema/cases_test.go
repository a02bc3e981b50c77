package schema_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestCases runs testdata/cases/*.yaml. Each file names its dialect (3.0, 3.1 or
// both) and has cases:
//
//	name: what is shown
//	schema: the schema
//	direction: response, where it is not request
//	accept: values that fit
//	reject: values that do not, each with the violations it must give, written
//	  "POINTER RULE: expected EXPECTED, got GOT; FIX"
//	warn: the messages of Unenforced
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		docs, found := document.Load(context.Background(), file, document.Options{})
		if docs == nil || found.Errors() > 0 && docs.Main.Get("broken") == nil {
			t.Fatal(found)
		}
		for _, dialect := range dialects(t, docs.Main) {
			c := schema.NewCompiler(docs, dialect)
			for _, n := range docs.Main.Get("cases").Items() {
				name := fmt.Sprintf("%s/%s/%s", strings.TrimSuffix(filepath.Base(file), ".yaml"), n.Get("name").Str(), dialect)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					runCase(t, c, n)
				})
			}
		}
	}
}

func dialects(t *testing.T, root *source.Node) []schema.Dialect {
	t.Helper()
	switch root.Get("dialect").Text {
	case "3.0":
		return []schema.Dialect{schema.OpenAPI30}
	case "3.1":
		return []schema.Dialect{schema.Draft202012}
	case "both":
		return []schema.Dialect{schema.OpenAPI30, schema.Draft202012}
	}
	t.Fatal("the file must name its dialect")
	return nil
}

func runCase(t *testing.T, c *schema.Compiler, n *source.Node) {
	for key := range n.Members() {
		if !strings.Contains(" name schema direction accept reject warn ", " "+key+" ") {
			t.Fatalf("unknown word %q in the case", key)
		}
	}
	dir := schema.Request
	if n.Get("direction").Str() == "response" {
		dir = schema.Response
	}
	var warnings []string
	for _, d := range c.Unenforced(n.Get("schema")) {
		text := d.Message
		if d.Hint != "" {
			text += " (" + d.Hint + ")"
		}
		warnings = append(warnings, string(d.Code)+": "+text)
	}
	if diff := cmp.Diff(texts(n.Get("warn")), warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	s, err := c.Compile(n.Get("schema"), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range n.Get("accept").Items() {
		if got := describe(s.Validate(value.Value())); got != nil {
			t.Errorf("%s is refused: %s", value.AppendJSON(nil), strings.Join(got, "\n"))
		}
		agree(t, s, value.Value())
	}
	for _, reject := range n.Get("reject").Items() {
		value := reject.Get("value")
		got := describe(s.Validate(value.Value()))
		if diff := cmp.Diff(texts(reject.Get("want")), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", value.AppendJSON(nil), diff)
		}
		agree(t, s, value.Value())
	}
}

func agree(t *testing.T, s *schema.Schema, value any) {
	t.Helper()
	fast, authority, err := s.Opinions(value)
	if err != nil || fast != authority {
		t.Errorf("%v: the quick checker says %v, jsonschema %v, %v", value, fast, authority, err)
	}
}

func texts(n *source.Node) []string {
	var all []string
	for _, item := range n.Items() {
		all = append(all, item.Text)
	}
	return all
}

func describe(violations []exchange.Violation) []string {
	var all []string
	for _, v := range violations {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s: expected %s, got %s; %s", v.Pointer, v.Rule, v.Expected, v.Got, v.Fix)))
	}
	return all
}
