package contract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestManyVariables refuses a path of more than 32.
func TestManyVariables(t *testing.T) {
	t.Parallel()
	for n, fits := range map[int]bool{32: true, 33: false} {
		var path, parameters strings.Builder
		for i := range n {
			fmt.Fprintf(&path, "/{v%d}", i)
			fmt.Fprintf(&parameters, "{name: v%d, in: path, required: true, schema: {type: string}}, ", i)
		}
		file := filepath.Join(t.TempDir(), "api.yaml")
		text := fmt.Sprintf("openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n  %s: {get: {parameters: [%s], responses: {\"200\": {description: ok}}}}\n", path.String(), parameters.String())
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := contract.Load(t.Context(), file, contract.Options{}); (err == nil) != fits || err != nil && !strings.Contains(err.Error(), "[bad-path]") {
			t.Errorf("%d variables: %v", n, err)
		}
	}
}

// TestManyServerVariables expands servers whose variables stand for more URLs than anybody could
// write down: the test ends, because the rest of a URL is expanded once and not for each value.
func TestManyServerVariables(t *testing.T) {
	t.Parallel()
	path, variables := strings.Builder{}, strings.Builder{}
	for i := range 40 {
		fmt.Fprintf(&path, "/{v%d}", i)
		fmt.Fprintf(&variables, `v%d: {default: a, enum: [a, b, c, d]}, `, i)
	}
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "`+path.String()+`", variables: {`+variables.String()+`}}]
paths: {/x: {get: {responses: {"200": {description: ok}}}}}
`, contract.Options{})
	if c.Route("GET", strings.Repeat("/a", 40)+"/x", false).Op == nil {
		t.Error("the first base path is not served")
	}
}

// TestManyBases holds that variables of servers make no more than 32 base paths of them.
func TestManyBases(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "/{a}/{b}", variables: {a: {default: "0", enum: ["0", "1", "2", "3", "4", "5", "6", "7"]}, b: {default: "0", enum: ["0", "1", "2", "3", "4", "5", "6", "7"]}}}]
paths: {/x: {get: {responses: {"200": {description: ok}}}}}
`, contract.Options{})
	served := 0
	for a := range 8 {
		for b := range 8 {
			if c.Route("GET", fmt.Sprintf("/%d/%d/x", a, b), false).Op != nil {
				served++
			}
		}
	}
	if served != 32 {
		t.Errorf("%d base paths are served", served)
	}
}
