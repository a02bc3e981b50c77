package mock_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const module = "github.com/understudy-mock/understudy"

// layout is who may import what of ours. A package below an entry belongs to it.
var layout = map[string][]string{
	"mock/internal/source":       {},
	"mock/internal/exchange":     {"mock/internal/source"},
	"mock/internal/callback":     {"mock/internal/source", "mock/internal/exchange"},
	"mock/internal/contract":     {"mock/internal/source", "mock/internal/exchange"},
	"mock/internal/sample":       {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract"},
	"mock/internal/scenario":     {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/sample"},
	"mock/internal/state":        {},
	"mock/internal/state/shared": {"mock/internal/state"},
	"mock/internal/watch":        {},
	"mock/internal/engine":       {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/sample", "mock/internal/scenario", "mock/internal/state"},
	"mock/internal/journal":      {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/scenario", "mock/internal/state"},
	"mock/internal/admin":        {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/sample", "mock/internal/scenario", "mock/internal/state", "mock/internal/engine", "mock/internal/journal", "mock/internal/report"},
	"mock/internal/coverage":     {"mock/internal/exchange", "mock/internal/contract", "mock/internal/scenario"},
	"mock/internal/upstream":     {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/sample", "mock/internal/scenario"},
	"mock/internal/importer":     {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/scenario"},
	"mock/internal/metrics":      {},
	"mock/internal/report":       {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/scenario", "mock/internal/journal", "mock/internal/coverage", "mock/internal/upstream"},
	"mock": {"mock/internal/source", "mock/internal/exchange", "mock/internal/contract", "mock/internal/sample", "mock/internal/scenario",
		"mock/internal/state", "mock/internal/state/shared", "mock/internal/watch", "mock/internal/callback", "mock/internal/engine", "mock/internal/journal", "mock/internal/coverage", "mock/internal/metrics", "mock/internal/admin", "mock/internal/report", "mock/internal/upstream", "mock/internal/importer"},
	"mock/mocktest":  {"mock"},
	"cmd/understudy": {"mock", "internal/pacing"},
	"examples":       {"mock", "mock/mocktest"},

	"internal/page":    {},
	"internal/testenv": {"internal/page"}, // for tests alone
	"internal/pacing":  {},
	"internal/load":    {"mock", "internal/page", "internal/pacing"},
	"internal/fuzz":    {},
	"internal/release": {},
}

// alone says which package keeps a dependency to itself.
var alone = map[string]string{
	"gopkg.in/yaml.v3":                      "mock/internal/source",
	"github.com/getkin/kin-openapi":         "mock/internal/contract",
	"github.com/santhosh-tekuri/jsonschema": "mock/internal/contract",
	"github.com/dlclark/regexp2":            "mock/internal/contract",
	"github.com/brianvoe/gofakeit":          "mock/internal/sample",
	"github.com/expr-lang/expr":             "mock/internal/scenario",
	"github.com/fsnotify/fsnotify":          "mock/internal/watch",
	"github.com/gorilla/mux":                "mock/internal/admin",
	"github.com/prometheus/client_golang":   "mock/internal/metrics",
	"github.com/redis/go-redis":             "mock/internal/state/shared",
	"github.com/spf13":                      "cmd/understudy",
}

type listed struct {
	ImportPath string
	Imports    []string
}

// TestLayout holds the layout: what is not named there is not imported, and a dependency stays with the one package that wraps it.
func TestLayout(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		owner := owning(name)
		if owner == "" {
			t.Errorf("%s is not in the layout", name)
			continue
		}
		for _, imported := range p.Imports {
			if own, ok := strings.CutPrefix(imported, module+"/"); ok {
				if to := owning(own); to != owner && !slices.Contains(layout[owner], to) {
					t.Errorf("%s must not import %s", name, own)
				}
				continue
			}
			for dependency, keeper := range alone {
				if (imported == dependency || strings.HasPrefix(imported, dependency+"/")) && owner != keeper {
					t.Errorf("%s imports %s, which is for %s alone", name, imported, keeper)
				}
			}
		}
	}
}

// TestArchitecturePage holds the table of packages in docs/architecture.md to the layout.
func TestArchitecturePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| .+ \\| ?(.*) \\|$").FindAllStringSubmatch(string(page), -1)
	told := map[string][]string{}
	for _, row := range rows {
		told[row[1]] = []string{}
		if row[2] == "all of these" {
			for _, earlier := range rows[:slices.IndexFunc(rows, func(r []string) bool { return r[1] == row[1] })] {
				told[row[1]] = append(told[row[1]], earlier[1])
			}
			continue
		}
		for name := range strings.SplitSeq(row[2], ", ") {
			if name = strings.TrimSpace(name); strings.HasPrefix(name, "mock") || strings.HasPrefix(name, "internal/") {
				told[row[1]] = append(told[row[1]], name)
			} else if name != "" {
				told[row[1]] = append(told[row[1]], "mock/internal/"+name)
			}
		}
	}
	if diff := cmp.Diff(layout, told, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("the layout (-) and the page (+) differ:\n%s", diff)
	}
}

// owning gives the entry of the layout that a package belongs to.
func owning(name string) string {
	best := ""
	for entry := range layout {
		if (name == entry || strings.HasPrefix(name, entry+"/") && entry != "mock") && len(entry) > len(best) {
			best = entry
		}
	}
	return best
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < len(layout) {
		t.Fatalf("go list found %d packages, the layout has %d", len(all), len(layout))
	}
	return all
}
