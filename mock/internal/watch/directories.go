package watch

import (
	"os"
	"path/filepath"
)

// maxLinks bounds the links that are followed on the way to one file.
const maxLinks = 40

// directories are the folders in which something happens when a file of s
// changes: the file's own, because editors replace files by renaming, and those of
// every link on the way to it, because Kubernetes swaps a link to the folder. The
// paths have no links in them.
func (s *Seen) directories() map[string]bool {
	d := &directories{found: map[string]bool{}, real: map[string]string{}}
	for _, folder := range s.folders {
		if folder, err := filepath.Abs(folder); err == nil {
			d.found[d.resolve(filepath.Dir(folder), 0)] = true // it may be made anew
		}
	}
	for _, folder := range s.inside {
		d.found[d.resolve(folder, 0)] = true
	}
	for path := range s.files {
		d.resolve(path, 0)
	}
	return d.found
}

type directories struct {
	found map[string]bool
	real  map[string]string // by path
}

// resolve gives the path without links. It notes the folder that a file is in, the
// folder of every link, and where the way ends early, the last folder there is.
func (d *directories) resolve(path string, links int) string {
	path, err := filepath.Abs(path)
	if known, ok := d.real[path]; ok || err != nil || links > maxLinks {
		return known
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	parent = d.resolve(parent, links)
	real := filepath.Join(parent, filepath.Base(path))
	info, err := os.Lstat(real)
	switch {
	case err != nil:
		if exists(parent) {
			d.found[parent] = true
		}
	case info.Mode()&os.ModeSymlink != 0:
		d.found[parent] = true
		if to, err := os.Readlink(real); err == nil {
			if !filepath.IsAbs(to) {
				to = filepath.Join(parent, to)
			}
			real = d.resolve(to, links+1)
		}
	case !info.IsDir():
		d.found[parent] = true
	}
	d.real[path] = real
	return real
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
