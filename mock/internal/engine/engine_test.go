package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// loadAPI loads a description from its text.
func loadAPI(t *testing.T, text string) *contract.Contract {
	t.Helper()
	api, err := contract.Load(t.Context(), write(t, t.TempDir(), "api.yaml", text), contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// loadSnapshot loads a description and its scenarios, texts by their names.
func loadSnapshot(t *testing.T, api string, scenarios map[string]string) *Snapshot {
	t.Helper()
	folder := t.TempDir()
	for name, text := range scenarios {
		write(t, folder, name+".yaml", text)
	}
	apis := []*contract.Contract{loadAPI(t, api)}
	set, err := scenario.Load([]string{folder}, apis, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return NewSnapshot(apis, set)
}

// write gives the path of the file that it has written.
func write(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
