package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestLimitsOfDrafts holds that a request for a stub is looked for among maxDrafts: of
// media types that differ in nothing that a condition could be solved for, the first one and
// then all from the first one on are tried.
func TestLimitsOfDrafts(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n  /a:\n    post:\n      operationId: post\n      requestBody:\n        required: true\n        content:\n")
	for i := range maxDrafts + 10 {
		fmt.Fprintf(&text, "          application/vnd.n%d+json: {schema: {const: %d}}\n", i, i)
	}
	text.WriteString("      responses: {\"200\": {description: ok}, \"404\": {description: no}}\n")
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	api, err := contract.Load(t.Context(), file, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n, fits := range map[int]bool{0: true, maxDrafts - 2: true, maxDrafts - 1: false, maxDrafts + 5: false} {
		dir := t.TempDir()
		stub := fmt.Sprintf("operations:\n  post:\n    - when: {body: {greaterThan: -1}, expr: 'body * 1 == %d'}\n      respond: {status: 404}\n", n)
		if err := os.WriteFile(filepath.Join(dir, "test.yaml"), []byte(stub), 0o600); err != nil {
			t.Fatal(err)
		}
		set, err := Load([]string{dir}, []*contract.Contract{api}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := set.Scenario("test").Stubs(api.Operation("post"))[0].Draft(time.Now()); (err == nil) != fits {
			t.Errorf("the body of the request is %d: %v", n, err)
		}
	}
}

// TestLimitsOfComparing holds with how many earlier stubs one is compared that has a
// condition in common with them.
func TestLimitsOfComparing(t *testing.T) {
	t.Parallel()
	for before, told := range map[int]bool{maxCompared - 1: true, maxCompared: false} {
		var text strings.Builder
		text.WriteString("operations:\n  getOrder:\n")
		for i := range before {
			fmt.Fprintf(&text, "    - {when: {expr: 'path.id * 7 > 30', headers: {X-%d: {startsWith: a}}}, respond: {status: 404}}\n", i)
		}
		text.WriteString("    - {name: wide, when: {expr: 'path.id * 7 > 30'}, respond: {status: 404}}\n")
		text.WriteString("    - {name: late, when: {expr: 'path.id * 7 > 30', headers: {X-Late: {startsWith: a}}}, respond: {status: 404}}\n")
		set, found := tryLoad(t, text.String())
		got := false
		for _, d := range found {
			got = got || d.Code == CodeUnreachable && strings.Contains(d.Message, `"late" can never answer`)
		}
		if set != nil {
			for _, d := range set.Warnings {
				got = got || d.Code == CodeUnreachable
			}
		}
		if got != told {
			t.Errorf("behind %d stubs: %v", before, found)
		}
	}
}

// TestLimitsOfAlternatives holds how many alternatives of two stubs are compared with each
// other.
func TestLimitsOfAlternatives(t *testing.T) {
	t.Parallel()
	for n, told := range map[int]bool{2_000: true, 2_500: false} {
		var values strings.Builder
		for i := range n {
			fmt.Fprintf(&values, "v%d, ", i)
		}
		_, found := tryLoad(t, fmt.Sprintf(`operations:
  getOrder:
    - {name: wide, when: {headers: {X-A: {oneOf: [%s more]}}}, respond: {status: 404}}
    - {name: late, when: {headers: {X-A: {oneOf: [%s v0]}}}, respond: {status: 404}}
`, values.String(), values.String()))
		got := false
		for _, d := range found {
			got = got || d.Code == CodeUnreachable
		}
		if got != told {
			t.Errorf("of %d alternatives: %v", n, found)
		}
	}
}
