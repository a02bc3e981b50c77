package mock

import (
	"bytes"
	"errors"
	"fmt"
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
func writeFiles(dir string, files []author.File, overwrite bool) (written []string, kept int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, 0, err
	}
	defer root.Close()
	files = slices.Clone(files)
	inTheWay := &ExistsError{}
	for i := 0; i < len(files); i++ {
		there, err := root.ReadFile(files[i].Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err == nil && bytes.Equal(there, files[i].Data):
			kept++
			files = slices.Delete(files, i, i+1)
			i--
		case err != nil:
			return nil, 0, err
		default:
			inTheWay.Files = append(inTheWay.Files, filepath.Join(dir, filepath.FromSlash(files[i].Path)))
		}
	}
	if len(inTheWay.Files) > 0 && !overwrite {
		return nil, kept, inTheWay
	}
	for _, f := range files {
		if err := writeFile(root, f, overwrite); err != nil {
			return written, kept, fmt.Errorf("cannot write %s: %w", filepath.Join(dir, filepath.FromSlash(f.Path)), err)
		}
		written = append(written, f.Path)
	}
	return written, kept, nil
}

func writeFile(root *os.Root, f author.File, overwrite bool) error {
	if dir := path.Dir(f.Path); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL // also not one that came in between
	if overwrite {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := root.OpenFile(f.Path, flags, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(f.Data)
	return errors.Join(err, file.Close())
}
