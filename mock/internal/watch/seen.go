package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits on what is looked at below a folder.
const (
	// MaxFiles bounds the files of a Seen; further ones are not watched.
	MaxFiles = 100_000
	// maxDepth bounds how deep folders are nested.
	maxDepth = 64
)

// Seen is how files looked before they were read, so that a change made while they
// are read is not missed. It is not safe for concurrent use.
type Seen struct {
	folders []string
	inside  []string               // the folders and those below them
	files   map[string]fs.FileInfo // nil where there is no such file
}

// Look takes in every file below the folders, hidden ones excepted. Links to
// folders are followed.
func Look(folders ...string) *Seen {
	s := &Seen{folders: folders, files: map[string]fs.FileInfo{}}
	for _, folder := range folders {
		s.folder(folder, nil)
	}
	return s
}

// Add takes in a file, which need not exist, unless it was taken in before. It is
// to be called before the file is read.
func (s *Seen) Add(path string) {
	if _, known := s.files[path]; known || len(s.files) >= MaxFiles {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		info = nil
	}
	s.files[path] = info
}

// folder takes in a folder that is below the folders above.
func (s *Seen) folder(path string, above []fs.FileInfo) {
	info, err := os.Stat(path)
	inside := slices.ContainsFunc(above, func(outer fs.FileInfo) bool { return os.SameFile(outer, info) })
	if err != nil || inside || len(above) > maxDepth {
		return
	}
	s.inside = append(s.inside, path)
	entries, _ := os.ReadDir(path) // what cannot be read cannot be watched
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		below := filepath.Join(path, entry.Name())
		kind := entry.Type()
		if kind&fs.ModeSymlink != 0 {
			if to, err := os.Stat(below); err == nil {
				kind = to.Mode().Type()
			}
		}
		if kind.IsDir() {
			s.folder(below, append(above[:len(above):len(above)], info))
		} else {
			s.Add(below)
		}
	}
}

// lookForFolders takes in folders that have come or gone since. Their files are left
// alone: they are a change.
func (s *Seen) lookForFolders() { s.inside = Look(s.folders...).inside }

// Changed tells whether a file differs from what was seen, has come or has gone.
func (s *Seen) Changed() bool {
	now := Look(s.folders...)
	for path := range s.files {
		now.Add(path)
	}
	if len(now.files) != len(s.files) {
		return true
	}
	for path, before := range s.files {
		if !same(before, now.files[path]) {
			return true
		}
	}
	return false
}

func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}
