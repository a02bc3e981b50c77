package mock_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// wallClock is where a time leaves Go's time.Time, which compares by a clock that nobody
// sets, and why it does not matter there that the system's clock can be set.
var wallClock = map[string]string{
	"mock/internal/admin/wiremock.go":             "shown",
	"mock/internal/importer/wiremock_template.go": "a name in a template",
	"mock/internal/journal/losses.go":             "compared with the time of day that a client gives",
	"mock/internal/journal/tally.go":              "tells only whose counts are given up first",
	"mock/internal/coverage/session.go":           "tells only whose counts are given up first",
	"mock/internal/journal/carried.go":            "shown by other replicas",
	"mock/internal/state/journal.go":              "a position in the order of the server's clock, which all replicas share",
	"mock/internal/state/shared/journal.go":       "finds out how far the clock is off the server's",
	"mock/internal/state/shared/keys.go":          "shown by other replicas; the server ends times by its own clock",
	"mock/internal/state/shared/sessions.go":      "tells only when the place of a session that has ended is given up",
}

// TestWallClock keeps times from being compared by a clock that can be set: they end and
// begin by time.Time, which carries another. Where one is made a number, it loses that.
func TestWallClock(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, folder := range []string{"mock", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../")
			ast.Inspect(file, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok || !slices.Contains([]string{"Unix", "UnixNano", "UnixMilli", "UnixMicro"}, s.Sel.Name) {
					return true
				}
				if seen[name] = true; wallClock[name] == "" {
					t.Errorf("%s takes a time apart with %s: compare times with Before, After and Sub, or say under wallClock why it does not matter", name, s.Sel.Name)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range wallClock {
		if !seen[name] && name != "mock/internal/importer/wiremock_template.go" { // it has the word alone
			t.Errorf("%s takes no time apart any more", name)
		}
	}
}

// TestActivationsOverAClockChange starts a mock whose kept activation says by the clock
// that it was made in the future: the clock was set back while the mock did not run. It
// ends after the time for which it was asked, and not when the clock is there again. One
// that is over by the clock is over.
func TestActivationsOverAClockChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, test := range map[string]struct {
			since   time.Duration // from now
			asked   time.Duration
			remains time.Duration
		}{
			"as it was":        {-time.Minute, 3 * time.Minute, 2 * time.Minute},
			"set back a year":  {365 * 24 * time.Hour, 3 * time.Minute, 3 * time.Minute},
			"set forth a year": {-365 * 24 * time.Hour, 3 * time.Minute, 0},
		} {
			data := t.TempDir()
			now := time.Now()
			for file, text := range map[string]string{
				"scenarios/outage.yaml": "operations: {getOrder: 404}\n",
				"active.json":           fmt.Sprintf(`[{"scenario": "outage", "by": "ann", "since": %q, "until": %q}]`, now.Add(test.since).Format(time.RFC3339Nano), now.Add(test.since+test.asked).Format(time.RFC3339Nano)),
			} {
				path := filepath.Join(data, filepath.FromSlash(file))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			m := newMock(t, mock.Options{Data: data}, nil)
			if test.remains > 0 {
				time.Sleep(test.remains - time.Second)
				if status := statusOf(m, "GET", "/orders/1"); status != 404 {
					t.Errorf("%s: shortly before the end: %d", name, status)
				}
				time.Sleep(2 * time.Second)
			}
			synctest.Wait()
			if status := statusOf(m, "GET", "/orders/1"); status != 200 {
				t.Errorf("%s: behind the end: %d", name, status)
			}
			if err := m.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}
