package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// MaxFileSize bounds a scenario file and a body file, in bytes.
const MaxFileSize = 16 << 20

// maxFolders bounds how deep folders are nested.
const maxFolders = 64

// folder is a folder of scenario files. Nothing outside of it is read, also not
// through symbolic links.
type folder struct {
	name string // as the user wrote it, with slashes
	root *os.Root
}

// file is one scenario file that was read.
type file struct {
	name   string  // of the scenario
	path   string  // below the folder, with slashes
	folder *folder // nil for a scenario that stands in none
	src    *source.File
	root   *source.Node
	spec   scenarioSpec
	broken bool // something in the spec could not be read

	scenario *Scenario
	machines []*machine
	// toldHosts is set once it was told that no call of the file is ever sent.
	toldHosts bool
}

func openFolder(name string) (*folder, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &folder{name: filepath.ToSlash(name), root: root}, nil
}

// shown is the name under which a file of the folder is shown.
func (f *folder) shown(below string) string { return path.Join(f.name, below) }

// isScenarioFile tells whether the name is one of a scenario file. Hidden files
// are editors' and Kubernetes' own.
func isScenarioFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return !strings.HasPrefix(path.Base(name), ".")
	}
	return false
}

// walk calls found for every scenario file below dir, in name order. Links to
// folders are followed, except back into a folder that is being read.
func (f *folder) walk(dir string, above []fs.FileInfo, found func(below string, err error)) {
	entries, err := fs.ReadDir(f.root.FS(), dir)
	if err != nil {
		found(dir, err)
		return
	}
	for _, entry := range entries {
		below := path.Join(dir, entry.Name())
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		info, err := f.root.Stat(below)
		switch {
		case err != nil:
			if isScenarioFile(below) || errors.Is(err, fs.ErrPermission) {
				found(below, err)
			}
		case info.IsDir():
			inside := slices.ContainsFunc(above, func(outer fs.FileInfo) bool { return os.SameFile(outer, info) })
			if !inside && len(above) < maxFolders {
				f.walk(below, append(above, info), found)
			}
		case isScenarioFile(below):
			found(below, nil)
		}
	}
}

// ReadFiles reads the scenario files below a folder as texts that stand in none. They
// are named by their paths in it. A folder that is not there has none.
func ReadFiles(name string) ([]*source.File, error) {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	l := newLoader(nil)
	defer l.close()
	l.readFolder(name)
	var list []*source.File
	for _, f := range l.files {
		list = append(list, &source.File{Name: f.path, Data: f.src.Data})
	}
	return list, l.list.Err()
}

var errTooLarge = fmt.Errorf("it is larger than %d MiB", MaxFileSize>>20)

// readFile reads a file below root, up to MaxFileSize.
func readFile(root *os.Root, name string) ([]byte, error) {
	// Before it is opened: a named pipe would be waited for without end.
	if info, err := root.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err == nil && len(data) > MaxFileSize {
		err = errTooLarge
	}
	return data, err
}

// leadsOutside tells the error of a path that leaves its root. The package os
// has no value for it.
func leadsOutside(err error) bool { return err != nil && strings.Contains(err.Error(), "escapes") }

// reason is the cause of an error without the path, which is shown beside it.
func reason(err error) string {
	var pathError *fs.PathError
	switch {
	case leadsOutside(err):
		return "it leads outside of the folder"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.As(err, &pathError):
		return pathError.Err.Error()
	}
	return err.Error()
}

var scenarioName = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

// nameOf gives the scenario's name for a path below its folder.
func nameOf(below string) string { return strings.TrimSuffix(below, path.Ext(below)) }
