package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/understudy-mock/understudy/mock"
)

// coverageExtensions say by the name of a file in which format coverage is written.
var coverageExtensions = map[string]mock.Format{
	".json": mock.JSON, ".html": mock.HTML, ".md": mock.Markdown, ".xml": mock.JUnit, ".txt": mock.Text,
}

// checkCoverageFile refuses a file for coverage that could not be written at the end.
func checkCoverageFile(flag, name string) error {
	if name == "" {
		return nil
	}
	if _, ok := coverageExtensions[filepath.Ext(name)]; !ok {
		var known []string
		for extension := range coverageExtensions {
			known = append(known, extension)
		}
		slices.Sort(known)
		return refuse(flag, fmt.Sprintf(" is %q", name), "use a name that ends in "+orList(known))
	}
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return refuse(flag, fmt.Sprintf(" is %q", name), "there is no folder "+filepath.Dir(name))
	}
	file, err := createCoverage(name)
	if err != nil {
		return refuse(flag, fmt.Sprintf(" is %q", name), fmt.Sprintf("nothing can be written there: %v", err))
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// createCoverage makes the file that is to take the place of name.
func createCoverage(name string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
}

// saveCoverage writes what a mock has covered. A file of that name is replaced at once,
// so that nobody reads half a report.
func saveCoverage(name string, c *mock.Coverage) error {
	file, err := createCoverage(name)
	if err != nil {
		return fmt.Errorf("coverage cannot be written: %w", err)
	}
	err = writeCoverage(file, c, coverageExtensions[filepath.Ext(name)], mock.CoverageMinimums{})
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("coverage cannot be written: %w", err)
	}
	return nil
}
