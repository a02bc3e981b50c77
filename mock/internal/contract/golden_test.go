package contract_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestDiagnostics holds the text of every finding about descriptions: each file
// in testdata/broken has one beside it that says what is told.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, "testdata/broken/unreadable-file.yaml") // the one that is not there
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			got := strings.ReplaceAll(told(t, file), root, "ROOT")
			testenv.Golden(t, golden, got)
			if code, _, _ := strings.Cut(filepath.Base(file), "."); !strings.Contains(got, "["+code+"]") {
				t.Errorf("no finding has the code %s that the file is named after", code)
			}
		})
	}
}

// told gives everything that loading a file and compiling its operations tells.
func told(t *testing.T, file string) string {
	t.Helper()
	c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: "testdata"}})
	if err != nil {
		return "refused\n\n" + err.Error() + "\n"
	}
	found := append(source.Diagnostics(nil), c.Warnings...)
	for _, op := range c.Operations {
		found = append(found, op.Findings()...)
	}
	found = append(found, c.Lint(t.Context())...)
	if len(found) == 0 {
		t.Fatal("nothing is told")
	}
	return "served\n\n" + found.Sort().Error() + "\n"
}
