package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/importer"
)

// TestBodiesOutside holds that a rule never makes an import read a file outside of the
// folder for bodies.
func TestBodiesOutside(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../secret.json", "a/../../secret.json", "..\\secret.json", "link.json", "folder/secret.json", "/../secret.json", "ABSOLUTE", "deep"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			secret := filepath.Join(dir, "secret.json")
			write(t, secret, `{"code": "s3cret"}`)
			write(t, filepath.Join(dir, "wm", "__files", "deep", "a.json"), `{"code": "a"}`)
			for link, to := range map[string]string{"link.json": secret, "folder": dir} {
				if err := os.Symlink(to, filepath.Join(dir, "wm", "__files", link)); err != nil {
					t.Fatal(err)
				}
			}
			named := strings.ReplaceAll(name, "ABSOLUTE", secret)
			write(t, filepath.Join(dir, "wm", "mappings", "a.json"), fmt.Sprintf(`{"request": {"method": "GET", "urlPath": "/v1/orders/1"}, "response": {"status": 404, "bodyFileName": %q}}`, named))
			r, err := importer.Import(t.Context(), importer.WireMock, []string{filepath.Join(dir, "wm")}, shop(t), importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Files {
				if strings.Contains(string(f.Data), "s3cret") {
					t.Errorf("the file was read:\n%s", f.Data)
				}
			}
			if r.LeftOut != 1 || r.Findings[0].Code != importer.CodePartLeftOut {
				t.Errorf("it was not told: %v", r.Findings)
			}
		})
	}
}

// TestTooManyRules holds the bound on rules.
func TestTooManyRules(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.json")
	write(t, file, `{"mappings": [{}`+strings.Repeat(",{}", importer.MaxRules)+`]}`)
	_, err := importer.Import(t.Context(), importer.WireMock, []string{file}, shop(t), importer.Options{})
	if err == nil || !strings.Contains(err.Error(), "there are more than 10000 rules") {
		t.Errorf("got %v", err)
	}
}

// TestNames holds that stubs have names of a bounded length which are theirs alone,
// however long and alike those of the rules are.
func TestNames(t *testing.T) {
	t.Parallel()
	var rules []string
	add := func(name string) {
		rules = append(rules, fmt.Sprintf(`{"name": %q, "request": {"method": "GET", "urlPath": "/v1/orders/%d"}, "response": {"status": 404}}`, name, len(rules)))
	}
	add("same (2)")
	add(strings.Repeat("ä", 200_000))
	for range 1000 {
		add("same")
	}
	file := filepath.Join(t.TempDir(), "a.json")
	write(t, file, `{"mappings": [`+strings.Join(rules, ",")+`]}`)
	r, err := importer.Import(t.Context(), importer.WireMock, []string{file}, shop(t), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := string(r.Files[0].Data)
	for _, name := range []string{"same", "same (2)", "same (1000)", "same (2) (2)", strconv.Quote(strings.Repeat("ä", 80))} {
		if got := strings.Count(text, "- name: "+name+"\n"); got != 1 {
			t.Errorf("%.30q stands there %d times", name, got)
		}
	}
}

// TestNestedTooDeep holds that a file of brackets is refused.
func TestNestedTooDeep(t *testing.T) {
	t.Parallel()
	for _, kind := range importer.Kinds() {
		file := filepath.Join(t.TempDir(), "a.json")
		write(t, file, strings.Repeat("[", 5000)+strings.Repeat("]", 5000))
		if _, err := importer.Import(t.Context(), importer.Kind(kind), []string{file}, shop(t), importer.Options{}); err == nil || !strings.Contains(err.Error(), "[too-large]") {
			t.Errorf("%s: got %v", kind, err)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
