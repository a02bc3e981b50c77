package sample_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestFindings holds the texts of the findings: each description in testdata/findings
// has a file beside it that says what is told of it.
func TestFindings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/findings/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c := loadContract(t, file)
			found := sample.Findings(t.Context(), c)
			if filepath.Base(file) == "schemas-not-tried.yaml" {
				if len(found) > 0 {
					t.Errorf("told before the bound is reached: %v", found)
				}
				found = sample.FindingsWithin(t.Context(), c, 5000)
			}
			testenv.Golden(t, strings.TrimSuffix(file, ".yaml")+".golden", found.Error()+"\n")
			if found.Errors() > 0 {
				t.Error("what is served all the same is a warning")
			}
		})
	}
}

func TestFindingsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found := sample.Findings(ctx, loadContract(t, "testdata/findings/unsatisfiable-schema.yaml")); len(found) > 0 {
		t.Error(found)
	}
}
