package document

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Text gives the text of a file that was read, by its local path or its URL; ok is
// false for one that was not.
func (s *Set) Text(location string) (data []byte, ok bool) {
	for _, d := range s.order {
		if file := d.root.File(); file != nil && (d.path == location || d.path == "" && d.uri.String() == location) {
			return file.Data, true
		}
	}
	return nil, false
}

// Span gives the place at a 1-based line and column of a file that was read, by
// its local path or its URL.
func (s *Set) Span(location string, line, col int) (source.Span, bool) {
	for _, d := range s.order {
		if file := d.root.File(); file != nil && (d.path == location || d.uri.String() == location) {
			return file.SpanAt(line, col), true
		}
	}
	return source.Span{}, false
}

// MainLocation is the local path of the main file, or its URL.
func (s *Set) MainLocation() string {
	if d := s.order[0]; d.path == "" {
		return d.uri.String()
	}
	return s.order[0].path
}

// locate turns what the user typed into a URI and picks the root.
func (s *Set) locate(location string) (*url.URL, error) {
	if strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://") {
		return url.Parse(location)
	}
	abs, err := filepath.Abs(location)
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		if info, there := os.Stat(abs); there == nil && !info.Mode().IsRegular() {
			err = errNotRegular // a link such as /dev/stdin leads to no name
		}
		return nil, err
	}
	abs = real
	s.folder = filepath.Dir(abs)
	if s.rooted = s.opts.Root; s.rooted == "" {
		s.rooted = gitRoot(s.folder)
	}
	if s.rooted, err = filepath.Abs(s.rooted); err != nil {
		return nil, err
	}
	if s.rooted, err = filepath.EvalSymlinks(s.rooted); err != nil {
		return nil, err
	}
	if _, ok := below(s.rooted, abs); !ok {
		return nil, fmt.Errorf("it is outside of the reference root %s", s.rooted)
	}
	return fileURI(abs), nil
}

var errNotRegular = errors.New("it is no regular file; write the description into one")

// gitRoot gives the nearest folder upwards that holds .git, else the folder itself.
func gitRoot(folder string) string {
	for dir := folder; ; {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return folder
		}
		dir = parent
	}
}

func fileURI(abs string) *url.URL {
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // a Windows drive
	}
	return &url.URL{Scheme: "file", Path: p}
}

func filePath(u *url.URL) string {
	p := u.Path
	if len(p) > 2 && p[0] == '/' && p[2] == ':' {
		p = p[1:]
	}
	return filepath.FromSlash(p)
}

// below gives the slash path of abs relative to root.
func below(root, abs string) (string, bool) {
	rel, err := filepath.Rel(root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return rel, true
}

// reason drops the operation and path that Go puts before the cause.
func reason(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		if errors.Is(err, os.ErrNotExist) {
			return errors.New("no such file")
		}
		return pathError.Err
	}
	return err
}

// maxNames bounds the files among which one is looked for that was meant.
const maxNames = 1000

// pathHint says what to do about a description that cannot be read: where there is no such
// file, the description beside it that has nearly its name is named.
func pathHint(location string, err error) string {
	const hint = "check the path of the API description"
	if !errors.Is(err, os.ErrNotExist) {
		return hint
	}
	if file, base, ok := strings.Cut(location, "="); ok {
		return fmt.Sprintf("a base path begins with a slash: %s=/%s", file, base)
	}
	folder, err := os.Open(filepath.Dir(location))
	if err != nil {
		return hint
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(maxNames) // what there is of them
	names = slices.DeleteFunc(names, func(name string) bool {
		switch filepath.Ext(name) {
		case ".yaml", ".yml", ".json":
			return name == filepath.Base(location)
		}
		return true
	})
	slices.Sort(names)
	if best := source.Closest(filepath.Base(location), names); best != "" {
		return "did you mean " + filepath.Join(filepath.Dir(location), best) + "?"
	}
	return hint
}

// shownPath is relative to the working directory for files below it.
func shownPath(abs string) string {
	wd, err := os.Getwd()
	if err != nil {
		return abs
	}
	if real, err := filepath.EvalSymlinks(wd); err == nil {
		wd = real
	}
	if rel, ok := below(wd, abs); ok {
		return filepath.ToSlash(rel)
	}
	return abs
}
