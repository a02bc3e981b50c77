package testenv

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// SchemaSuite gives the folder of JSON Schema's own test suite, which JSON_SCHEMA_TEST_SUITE
// names, and skips the test where nothing does.
func SchemaSuite(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("JSON_SCHEMA_TEST_SUITE")
	if folder == "" {
		t.Skip("JSON_SCHEMA_TEST_SUITE does not name the folder of the suite")
	}
	return folder
}

// SchemaSuiteRemotes reads the schemas that the suite expects at a server, by their URLs.
func SchemaSuiteRemotes(t testing.TB) map[string][]byte {
	t.Helper()
	folder := filepath.Join(SchemaSuite(t), "remotes")
	remotes := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		remotes["http://localhost:1234/"+filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return remotes
}
