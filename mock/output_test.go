package mock

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

// fullDisk is a file for which there is no room from a byte on.
type fullDisk struct {
	outputFile
	room int
	sync bool // it is found out late
}

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.sync || len(p) <= f.room {
		return f.outputFile.Write(p)
	}
	n, _ := f.outputFile.Write(p[:f.room])
	return n, syscall.ENOSPC
}

func (f *fullDisk) Sync() error {
	if f.sync {
		return syscall.ENOSPC
	}
	return f.outputFile.Sync()
}

// TestFullDisk holds that a disk which is full leaves all files as they were, and nothing
// else.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"at once": false, "late": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			old := []author.File{{Path: "a.yaml", Data: []byte("old a")}, {Path: "sub/b.yaml", Data: []byte("old b")}}
			if _, _, err := writeFiles(dir, old, false); err != nil {
				t.Fatal(err)
			}
			made := 0
			o := output{replace: func(string) bool { return true }, open: func(root *os.Root, name string) (outputFile, error) {
				file, err := createIn(root, name)
				if made++; made < 2 || err != nil {
					return file, err
				}
				return &fullDisk{file, 3, late}, nil
			}}
			written, _, err := o.write(dir, []author.File{{Path: "a.yaml", Data: []byte("new a")}, {Path: "sub/b.yaml", Data: []byte("new b")}, {Path: "c.yaml", Data: []byte("new c")}})
			if !errors.Is(err, syscall.ENOSPC) || len(written) > 0 {
				t.Errorf("%v, written %v", err, written)
			}
			var there []string
			_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
				if !d.IsDir() {
					there = append(there, path)
				}
				return nil
			})
			if len(there) != 2 {
				t.Errorf("there are %v", there)
			}
			for _, f := range old {
				if text, err := os.ReadFile(filepath.Join(dir, f.Path)); err != nil || string(text) != string(f.Data) {
					t.Errorf("%s: %q, %v", f.Path, text, err)
				}
			}
		})
	}
}
