package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// read gives the document at a URI, reading it when it is new. A text that
// cannot be parsed gives nil and leaves its findings in s.found.
func (s *Set) read(ctx context.Context, uri *url.URL, main bool) (*document, error) {
	if d, ok := s.byURI[uri.String()]; ok {
		return d, nil
	}
	if len(s.order) >= MaxFiles {
		return nil, &refError{source.CodeTooLarge, fmt.Sprintf("the description has more than %d files", MaxFiles), ""}
	}
	file, local, err := s.text(ctx, uri, main)
	if err != nil {
		return nil, err
	}
	var root *source.Node
	if ext := strings.ToLower(path.Ext(uri.Path)); main || ext == ".json" || ext == ".yaml" || ext == ".yml" || ext == "" {
		var found source.Diagnostics
		root, found = source.Parse(file, source.Options{MaxNodes: MaxNodes, Lenient: true})
		s.found = append(s.found, found...)
	} else {
		text := source.New(nil, source.String, "", string(file.Data))
		root = &text // a description kept in a .md file, say
	}
	d := &document{uri: uri, path: local, root: root}
	s.byURI[uri.String()] = d
	if root == nil {
		return nil, nil
	}
	s.byFile[root.File()] = d
	s.order = append(s.order, d)
	s.name(d, file.Data)
	return d, nil
}

// text gives the text at a URI, and its path where it is a file of this machine.
func (s *Set) text(ctx context.Context, uri *url.URL, main bool) (file *source.File, local string, err error) {
	file = &source.File{Name: uri.String()}
	given, known := s.opts.Documents[file.Name]
	switch {
	case known:
		file.Data = given
	case uri.Scheme == "file":
		local = filePath(uri)
		file.Name = shownPath(local)
		file.Data, err = s.readFile(local)
	case uri.Scheme == "http", uri.Scheme == "https":
		if !main && !s.opts.AllowRemote {
			return nil, "", &refError{CodeRefRemote, fmt.Sprintf("%s is not fetched", uri), "give --allow-remote-refs to allow it, or keep a copy beside the description"}
		}
		file.Data, err = s.fetch(ctx, uri)
	default:
		return nil, "", &refError{CodeRefUnresolved, fmt.Sprintf("nothing is known by the URI %s", uri), ""}
	}
	return file, local, err
}

// name notes the URIs by which a document and its parts call themselves.
func (s *Set) name(d *document, data []byte) {
	if self := d.root.Get("$self").Str(); self != "" {
		if u, err := d.uri.Parse(self); err == nil {
			u.Fragment = ""
			d.uri = u
			s.byURI[u.String()] = d
		}
	}
	d.identified = slices.ContainsFunc([]string{"$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"}, func(word string) bool {
		return bytes.Contains(data, []byte(word))
	})
	if d.identified {
		d.resources = map[string]*source.Node{}
		s.identify(d, d.root, d.uri)
	}
}

func (s *Set) readFile(local string) ([]byte, error) {
	rel, ok := below(s.rooted, local)
	if s.root == nil || !ok {
		return nil, &refError{CodeRefOutside, fmt.Sprintf("%s is outside of the reference root %s", shownPath(local), shownPath(s.rooted)), "widen it with --ref-root, or move the file below it"}
	}
	if s.opts.Reading != nil {
		s.opts.Reading(local)
	}
	info, err := s.root.Stat(rel) // before it is opened: the other end of a pipe may never come
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	var f *os.File
	if err == nil {
		f, err = s.root.Open(rel)
	}
	if err != nil {
		if strings.Contains(err.Error(), "escapes") {
			return nil, &refError{CodeRefOutside, fmt.Sprintf("%s leads outside of the reference root %s", shownPath(local), shownPath(s.rooted)), "widen it with --ref-root, or move the file below it"}
		}
		return nil, err
	}
	defer f.Close()
	if info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	return readLimited(f, info.Size())
}

// readLimited reads all of r, of which size bytes are expected.
func readLimited(r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), MaxFileSize)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(r, MaxFileSize+1)); err != nil {
		return nil, err
	}
	if b.Len() > MaxFileSize {
		return nil, fmt.Errorf("it is larger than %d MiB", MaxFileSize>>20)
	}
	return b.Bytes(), nil
}

func (s *Set) fetch(ctx context.Context, uri *url.URL) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, FetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, uri.String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := s.opts.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %s", res.Status)
	}
	return readLimited(res.Body, res.ContentLength)
}
