package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// corpus gives the descriptions in the folder of real ones, and skips without it.
func corpus(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("UNDERSTUDY_CORPUS")
	if folder == "" {
		folder = "../../../../shared/corpus"
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no folder of real descriptions: set UNDERSTUDY_CORPUS")
	}
	files := []string{"github.json", "digitalocean/specification/DigitalOcean-public.v2.yaml", "docker-engine.yaml", "figma.yaml", "museum.yaml", "petstore.yaml"}
	for i := range files {
		files[i] = filepath.Join(folder, files[i])
	}
	for _, pattern := range []string{"v2.0/json/*.json", "v2.0/yaml/*.yaml", "v2.0/*/petstore-separate/spec/swagger.*", "v3.0/*", "v3.1/*", "v3.2/*"} {
		more, err := filepath.Glob(filepath.Join(folder, "oai-examples/examples", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	return files
}

func TestCorpusIsServed(t *testing.T) {
	t.Parallel()
	for _, file := range corpus(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: filepath.Dir(filepath.Dir(file))}})
			if err != nil {
				t.Fatal(err)
			}
			warnings := c.Warnings
			n := len(warnings)
			for _, op := range c.Operations {
				f := op.Findings()
				n += len(f)
				if n < 10 {
					warnings = append(warnings, f...)
				}
				url, _, _ := strings.Cut(sample.URL(op), "?")
				if m := c.Route(op.Method, url, false); m.Op == nil {
					t.Errorf("%s %s does not route", op.Method, url)
				}
			}
			t.Log(len(c.Operations), n)
			if testing.Verbose() {
				t.Log("\n" + warnings[:min(5, len(warnings))].Error())
			}
		})
	}
}
