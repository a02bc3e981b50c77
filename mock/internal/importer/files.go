package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// input is one file that is imported.
type input struct {
	file *source.File
	root *source.Node
	// bodies is the folder of the files that its rules name; nil for none.
	bodies *os.Root
}

// inputs are the files of an import, in the order in which they count.
type inputs struct {
	list  []*input
	roots []*os.Root
	read  int // files
	bytes int64
	nodes int
}

func (in *inputs) close() {
	for _, root := range in.roots {
		_ = root.Close()
	}
}

// collect reads the files. A folder stands for the JSON files in it: those below its
// mappings folder where there is one, as WireMock has them.
func collect(kind Kind, paths []string) (*inputs, error) {
	in := &inputs{}
	if len(paths) == 0 {
		return nil, errors.New("no file is named")
	}
	for _, name := range paths {
		if err := in.add(kind, name); err != nil {
			in.close()
			return nil, err
		}
	}
	return in, nil
}

func (in *inputs) add(kind Kind, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return notImportable(name, err)
	}
	if !info.IsDir() {
		return in.file(name, in.root(bodiesOf(kind, filepath.Dir(name))))
	}
	folder := name
	if mappings := filepath.Join(name, "mappings"); kind == WireMock {
		if info, err := os.Stat(mappings); err == nil && info.IsDir() {
			folder = mappings
		}
	}
	bodies := in.root(bodiesOf(kind, folder))
	before := len(in.list)
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return notImportable(path, err)
		case d.IsDir() && d.Name() == "__files":
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular() || !isImportable(kind, path):
			return nil
		}
		return in.file(path, bodies)
	})
	if err == nil && len(in.list) == before {
		return notImportable(name, errors.New("there are no JSON files in it"))
	}
	return err
}

func isImportable(kind Kind, path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		return true
	case ".har":
		return kind == HAR
	}
	return false
}

// bodiesOf is the folder that files in a folder take bodies from: beside them, or
// WireMock's __files beside its mappings.
func bodiesOf(kind Kind, folder string) string {
	if kind != WireMock {
		return folder
	}
	for _, place := range []string{filepath.Join(folder, "__files"), filepath.Join(filepath.Dir(folder), "__files")} {
		if info, err := os.Stat(place); err == nil && info.IsDir() {
			return place
		}
	}
	return ""
}

func (in *inputs) root(folder string) *os.Root {
	if folder == "" {
		return nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil
	}
	in.roots = append(in.roots, root)
	return root
}

// file reads one file.
func (in *inputs) file(name string, bodies *os.Root) error {
	f, err := os.Open(name)
	if err != nil {
		return notImportable(name, err)
	}
	defer f.Close()
	data, err := in.all(f)
	if err != nil {
		return notImportable(name, err)
	}
	file := &source.File{Name: name, Data: data}
	if !isJSON(data) {
		// Parse reads YAML too, whose findings would speak of another language.
		var syntax *json.SyntaxError
		at := source.Span{File: file}
		message := "the file is no JSON"
		if err := json.Unmarshal(data, new(any)); errors.As(err, &syntax) {
			at.Off, at.Len = uint32(max(0, min(int(syntax.Offset)-1, len(data)))), 1
			message += ": " + err.Error()
		}
		return source.Diagnostics{{Code: CodeNotImportable, At: at, Message: message}}
	}
	root, found := source.Parse(file, source.Options{Lenient: true, MaxNodes: maxNodes})
	if err := found.Err(); err != nil {
		return err
	}
	if in.nodes += values(root); in.nodes > maxNodes {
		return notImportable(name, fmt.Errorf("the files together hold more than %d values", maxNodes))
	}
	in.list = append(in.list, &input{file, root, bodies})
	return nil
}

// maxNodes bounds the values of one file, and of all together: each takes some hundred
// bytes of memory until the import is over.
const maxNodes = 5_000_000

// values counts those of a tree.
func values(n *source.Node) int {
	all := 1
	for i := range n.Kids {
		all += values(&n.Kids[i])
	}
	return all
}

// all reads a file within the limits.
func (in *inputs) all(r io.Reader) ([]byte, error) {
	if in.read++; in.read > MaxFiles {
		return nil, fmt.Errorf("there are more than %d files", MaxFiles)
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFileSize+1))
	in.bytes += int64(len(data))
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxFileSize:
		return nil, fmt.Errorf("it is larger than %d MiB", MaxFileSize>>20)
	case in.bytes > MaxBytes:
		return nil, fmt.Errorf("the files together are larger than %d MiB", MaxBytes>>20)
	}
	return data, nil
}

// isJSON tells whether a text is one JSON value. Byte order marks are let pass.
func isJSON(data []byte) bool { return json.Valid(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) }

// body reads a file that a rule names, which must be below the folder for bodies.
func (in *inputs) body(from *os.Root, name string) ([]byte, error) {
	name = filepath.FromSlash(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
	if from == nil {
		return nil, errors.New("there is no folder for the files of bodies")
	}
	if slices.Contains(strings.Split(filepath.ToSlash(name), "/"), "..") {
		return nil, errors.New("it is outside of the folder")
	}
	f, err := from.Open(name)
	if err != nil {
		return nil, plainError(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	return in.all(f)
}

// plainError says what is wrong with a file without naming it again.
func plainError(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return err
}

func notImportable(name string, err error) error {
	var ds source.Diagnostics
	if errors.As(err, &ds) {
		return ds
	}
	return source.Diagnostics{{Code: CodeNotImportable, Message: fmt.Sprintf("cannot import %s: %v", name, plainError(err))}}
}
