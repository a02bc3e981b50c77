package testenv

import (
	"os"
	"path/filepath"
	"testing"
)

// Corpus gives the folder of real descriptions, which are no part of the repository: the
// one that UNDERSTUDY_CORPUS names, else shared/corpus beside the repository. It need not
// be there.
func Corpus(t testing.TB) string {
	t.Helper()
	if folder := os.Getenv("UNDERSTUDY_CORPUS"); folder != "" {
		return folder
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "..", "shared", "corpus")
		}
		if root == filepath.Dir(root) {
			t.Fatal("the test does not run in the repository")
		}
		root = filepath.Dir(root)
	}
}

// Descriptions lists the files of the Corpus that are descriptions of APIs, and skips the
// test where it is not there.
func Descriptions(t testing.TB) []string {
	t.Helper()
	folder := Corpus(t)
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
