package document

import (
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// The metaschemas of JSON Schema are at hand in every Set, as texts of the URIs at which
// json-schema.org publishes them: they are not fetched.

//go:embed metaschemas
var metaschemaFiles embed.FS

// metaschemas are the documents by host and path of their URIs, and by file. All Sets
// share them.
var metaschemas = sync.OnceValues(func() (byPath map[string]*document, byFile map[*source.File]*document) {
	byPath, byFile = map[string]*document{}, map[*source.File]*document{}
	err := fs.WalkDir(metaschemaFiles, "metaschemas", func(name string, entry fs.DirEntry, err error) error {
		path, isSchema := strings.CutSuffix(strings.TrimPrefix(name, "metaschemas"), ".json")
		if err != nil || !isSchema {
			return err
		}
		uri := &url.URL{Scheme: "https", Host: metaschemaHost, Path: path}
		if strings.HasPrefix(path, "/draft-0") {
			uri.Scheme = "http"
		}
		data, err := metaschemaFiles.ReadFile(name)
		if err != nil {
			return err
		}
		root, found := source.Parse(&source.File{Name: uri.String(), Data: data}, source.Options{})
		if root == nil {
			return found.Err()
		}
		d := &document{uri: uri, root: root, identified: true}
		byPath[path], byFile[root.File()] = d, d
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("a metaschema that is built in cannot be read: %v", err)) // never: they are constant
	}
	return byPath, byFile
})

const metaschemaHost = "json-schema.org"

// metaschema gives the document of a metaschema, nil for all other URIs.
func metaschema(uri *url.URL) *document {
	if uri.Host != metaschemaHost {
		return nil
	}
	byPath, _ := metaschemas()
	return byPath[uri.Path]
}

// documentOf gives the document in which n stands, nil for a node that was made.
func (s *Set) documentOf(n *source.Node) *document {
	f := n.File()
	d := s.byFile[f]
	if d == nil && f != nil {
		_, byFile := metaschemas()
		d = byFile[f]
	}
	return d
}
