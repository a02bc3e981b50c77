package mock

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

// writeFiles writes the files that are not there yet. kept counts those that are
// there with the same content. Where others are in the way and overwrite is not set,
// nothing is written and the error is an *ExistsError.
//
// All are written beside their places first and moved there then, so that an error, such
// as a full disk, leaves what was there as it was, and nobody ever reads half a file.
func writeFiles(dir string, files []author.File, overwrite bool) (written []string, kept int, err error) {
	o := output{replace: func(string) bool { return overwrite }, open: createIn}
	return o.write(dir, files)
}

// output writes files.
type output struct {
	// replace tells whether a file may take the place of one that is there.
	replace func(path string) bool
	// open makes a file that is not there.
	open func(root *os.Root, name string) (outputFile, error)
}

type outputFile interface {
	io.WriteCloser
	Sync() error
}

func createIn(root *os.Root, name string) (outputFile, error) {
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (o *output) write(dir string, files []author.File) (written []string, kept int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, 0, err
	}
	defer root.Close()
	files, kept, err = o.wanted(root, dir, files)
	if err != nil {
		return nil, kept, err
	}
	var beside []string
	defer func() {
		for _, name := range beside {
			_ = root.Remove(name) // those that were not moved
		}
	}()
	failed := func(f author.File, err error) error {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir, filepath.FromSlash(f.Path)), err)
	}
	for _, f := range files {
		name := path.Join(path.Dir(f.Path), "."+path.Base(f.Path)+"."+rand.Text()[:8]) // hidden files are no scenarios
		beside = append(beside, name)
		if err := o.writeBeside(root, name, f.Data); err != nil {
			return nil, kept, failed(f, err)
		}
	}
	for i, f := range slices.Backward(files) { // bodies stand behind the scenarios that name them
		if err := o.move(root, beside[i], f.Path); err != nil {
			return written, kept, failed(f, err)
		}
		written = append(written, f.Path)
	}
	slices.Reverse(written)
	return written, kept, nil
}

// wanted leaves out the files that are there with the same content.
func (o *output) wanted(root *os.Root, dir string, files []author.File) (wanted []author.File, kept int, err error) {
	inTheWay := &ExistsError{}
	for _, f := range files {
		same, err := holds(root, f)
		switch {
		case err == nil && same:
			kept++
			continue
		case err == nil && !o.replace(f.Path):
			inTheWay.Files = append(inTheWay.Files, filepath.Join(dir, filepath.FromSlash(f.Path)))
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, 0, err
		}
		wanted = append(wanted, f)
	}
	if len(inTheWay.Files) > 0 {
		return nil, kept, inTheWay
	}
	return wanted, kept, nil
}

// holds tells whether a file is there as it is to be written. One of another length is not
// read.
func holds(root *os.Root, f author.File) (bool, error) {
	info, err := root.Stat(f.Path)
	if err != nil || info.Size() != int64(len(f.Data)) {
		return false, err
	}
	there, err := root.ReadFile(f.Path)
	return bytes.Equal(there, f.Data), err
}

func (o *output) writeBeside(root *os.Root, name string, data []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	file, err := o.open(root, name)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync() // some file systems find out only then that there is no room
	}
	return errors.Join(err, file.Close())
}

// move puts a file into its place. One that came in between stays where it may not be
// replaced.
func (o *output) move(root *os.Root, from, to string) error {
	if !o.replace(to) {
		if _, err := root.Lstat(to); err == nil {
			return fs.ErrExist
		}
	}
	return root.Rename(from, to)
}
