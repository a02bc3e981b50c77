package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/understudy-mock/understudy/mock"
)

// explainLoad says what to do where a command was given no description and there is
// none where it looks; else it gives err. A description that is there under another name is
// named.
func explainLoad(err error, command string, specs []string) error {
	if len(specs) > 0 {
		return err
	}
	if _, statErr := os.Stat(mock.DefaultSpec); !errors.Is(statErr, fs.ErrNotExist) {
		return err
	}
	found := descriptions(".")
	if len(found) == 0 {
		found = []string{"path/to/openapi.yaml"}
	}
	text := fmt.Sprintf("there is no %s here, and no other description was named", mock.DefaultSpec)
	for _, name := range found {
		text += fmt.Sprintf("\n  understudy %s %s", command, name)
	}
	return errors.New(text)
}

// What descriptions looks at: the first files of a folder, and the beginning of each.
const (
	maxLookedAt = 1000
	maxHead     = 4096
	maxShown    = 3
)

// describes is what a file has in it that is an OpenAPI description.
var describes = regexp.MustCompile(`(?m)(?:^|[{,]\s*)["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.`)

// descriptions are the first files in a folder that look like OpenAPI descriptions.
func descriptions(folder string) []string {
	dir, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(maxLookedAt) // what there is of them
	slices.Sort(names)
	var found []string
	for _, name := range names {
		switch filepath.Ext(name) {
		case ".yaml", ".yml", ".json":
			if describes.Match(head(filepath.Join(folder, name))) && len(found) < maxShown {
				found = append(found, name)
			}
		}
	}
	return found
}

// head is the beginning of a regular file, nothing of any other.
func head(name string) []byte {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	text := make([]byte, maxHead)
	n, _ := f.Read(text)
	return text[:n]
}
