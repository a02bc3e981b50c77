// Package document holds the files of one API description and follows the
// references between them.
//
// All files are read when the description is loaded, so that a snapshot does
// not change under a running server and every broken reference is told at once.
// Files are read only below the reference root and nothing is fetched over the
// network unless that was asked for.
package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codes of the findings of this package.
const (
	CodeUnreadable    source.Code = "unreadable-file"
	CodeRefUnresolved source.Code = "unresolved-reference"
	CodeRefOutside    source.Code = "reference-outside-root"
	CodeRefRemote     source.Code = "remote-reference"
	CodeRefCircular   source.Code = "circular-reference"
)

// Limits on what is read.
const (
	// MaxFileSize bounds one file, in bytes.
	MaxFileSize = 64 << 20
	// MaxFiles bounds the files of one description.
	MaxFiles = 20_000
	// MaxNodes bounds the values in one file.
	MaxNodes = 20_000_000
	// FetchTimeout bounds the fetch of one remote file.
	FetchTimeout = 15 * time.Second
)

// Options says what may be read. The zero value reads local files below the
// git root of the description, or below its folder where there is no git root.
type Options struct {
	// Root is the folder outside of which no reference is followed; "" picks it.
	Root string
	// AllowRemote lets references fetch http and https URLs.
	AllowRemote bool
	// Client fetches URLs; nil means a client with FetchTimeout.
	Client *http.Client
	// Documents are texts by the absolute URIs under which they are known. All of
	// them are part of the Set; for them nothing is fetched.
	Documents map[string][]byte
}

// Set is the files of one description. After Load returned it is immutable and
// safe for concurrent use.
type Set struct {
	// Main is the root of the file that was asked for.
	Main *source.Node

	opts   Options
	folder string           // of the main file, the working directory for messages
	loaded bool             // Load is done: nothing more is read
	failed map[string]error // why a URI could not be read
	root   *os.Root
	rooted string // absolute path of root

	byURI  map[string]*document       // by retrieval URI and by $id and $self
	byFile map[*source.File]*document // by the file of its nodes
	order  []*document
	found  source.Diagnostics
	refMu  sync.Mutex
	refs   map[*source.Node]*source.Node // cache of Follow, guarded by refMu
}

// document is one file: where it came from and its tree.
type document struct {
	uri  *url.URL // base URI of the root: $self, else where it was retrieved
	path string   // local path, "" for remote
	root *source.Node
	// identified tells whether a schema in it may carry $id or an anchor, in which
	// case references cannot be resolved by the file's URI and pointer alone.
	identified bool
	resources  map[string]*source.Node // by absolute URI of $id, within this file
}

// Load reads location (a path or an http or https URL) and every file that it
// refers to. The Set is nil when the main file cannot be read. The findings
// contain an error for each reference that leads nowhere.
func Load(ctx context.Context, location string, opts Options) (*Set, source.Diagnostics) {
	if opts.Client == nil {
		opts.Client = &http.Client{Timeout: FetchTimeout}
	}
	s := &Set{
		opts:   opts,
		byURI:  map[string]*document{},
		byFile: map[*source.File]*document{},
		refs:   map[*source.Node]*source.Node{},
		failed: map[string]error{},
	}
	uri, err := s.locate(location)
	if err == nil && uri.Scheme == "file" {
		s.root, err = os.OpenRoot(s.rooted)
	}
	if err != nil {
		return nil, source.Diagnostics{{Code: CodeUnreadable, Message: fmt.Sprintf("cannot read %s: %v", location, reason(err)), Hint: "check the path of the API description"}}
	}
	if s.root != nil {
		defer s.root.Close()
	}
	main, err := s.read(ctx, uri, true)
	if err != nil {
		return nil, append(s.found, source.Diagnostic{Code: CodeUnreadable, Message: fmt.Sprintf("cannot read %s: %v", location, reason(err)), Hint: "check the path of the API description"})
	}
	if main == nil {
		return nil, s.found.Sort()
	}
	s.Main = main.root
	for _, given := range slices.Sorted(maps.Keys(opts.Documents)) {
		if uri, err := url.Parse(given); err == nil {
			_, _ = s.read(ctx, uri, false) // cannot fail: the text is at hand
		}
	}
	// s.order grows while its documents are searched for references.
	for i := 0; i < len(s.order); i++ {
		s.scan(ctx, s.order[i])
	}
	s.loaded = true
	return s, s.found.Sort()
}

// Files lists the local paths of all files that were read, for watching.
func (s *Set) Files() []string {
	var paths []string
	for _, d := range s.order {
		if d.path != "" {
			paths = append(paths, d.path)
		}
	}
	return paths
}

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
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, err
	}
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

// refError is a reference that may not or cannot be followed.
type refError struct {
	code source.Code
	text string
	hint string
}

func (e *refError) Error() string { return e.text }

// read gives the document at a URI, reading it when it is new. A text that
// cannot be parsed gives nil and leaves its findings in s.found.
func (s *Set) read(ctx context.Context, uri *url.URL, main bool) (*document, error) {
	if d, ok := s.byURI[uri.String()]; ok {
		return d, nil
	}
	if len(s.order) >= MaxFiles {
		return nil, &refError{source.CodeTooLarge, fmt.Sprintf("the description has more than %d files", MaxFiles), ""}
	}
	var data []byte
	var err error
	name, local := uri.String(), ""
	given, known := s.opts.Documents[name]
	switch {
	case known:
		data = given
	case uri.Scheme == "file":
		local = filePath(uri)
		name = shownPath(local)
		data, err = s.readFile(local)
	case uri.Scheme == "http", uri.Scheme == "https":
		if !main && !s.opts.AllowRemote {
			return nil, &refError{CodeRefRemote, fmt.Sprintf("%s is not fetched", uri), "give --allow-remote-refs to allow it, or keep a copy beside the description"}
		}
		data, err = s.fetch(ctx, uri)
	default:
		return nil, &refError{CodeRefUnresolved, fmt.Sprintf("nothing is known by the URI %s", uri), ""}
	}
	if err != nil {
		return nil, err
	}
	file := &source.File{Name: name, Data: data}
	var root *source.Node
	if ext := strings.ToLower(path.Ext(uri.Path)); main || ext == ".json" || ext == ".yaml" || ext == ".yml" || ext == "" {
		var found source.Diagnostics
		root, found = source.Parse(file, source.Options{MaxNodes: MaxNodes, Lenient: true})
		s.found = append(s.found, found...)
	} else {
		text := source.New(nil, source.String, "", string(data))
		root = &text // a description kept in a .md file, say
	}
	d := &document{uri: uri, path: local, root: root}
	s.byURI[uri.String()] = d
	if root == nil {
		return nil, nil
	}
	s.byFile[root.File()] = d
	s.order = append(s.order, d)
	if self := root.Get("$self").Str(); self != "" {
		if u, err := uri.Parse(self); err == nil {
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
		s.identify(d, root, d.uri)
	}
	return d, nil
}

func (s *Set) readFile(local string) ([]byte, error) {
	rel, ok := below(s.rooted, local)
	if s.root == nil || !ok {
		return nil, &refError{CodeRefOutside, fmt.Sprintf("%s is outside of the reference root %s", shownPath(local), shownPath(s.rooted)), "widen it with --ref-root, or move the file below it"}
	}
	f, err := s.root.Open(rel)
	if err != nil {
		if strings.Contains(err.Error(), "escapes") {
			return nil, &refError{CodeRefOutside, fmt.Sprintf("%s leads outside of the reference root %s", shownPath(local), shownPath(s.rooted)), "widen it with --ref-root, or move the file below it"}
		}
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
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

// identify notes every schema resource (a subtree with $id) of a document.
func (s *Set) identify(d *document, n *source.Node, base *url.URL) {
	if id := n.Get("$id").Str(); id != "" {
		if u, err := base.Parse(id); err == nil {
			base = withoutFragment(u)
			d.resources[base.String()] = n
			if s.byURI[base.String()] == nil {
				s.byURI[base.String()] = d
			}
		}
	}
	for i := range n.Kids {
		if isData(&n.Kids[i]) {
			continue
		}
		s.identify(d, &n.Kids[i], base)
	}
}

func withoutFragment(u *url.URL) *url.URL {
	c := *u
	c.Fragment, c.RawFragment = "", ""
	return &c
}

// isData tells whether a member holds data of the API, in which "$ref" and
// "$id" are ordinary members. A schema's property may have any of these names.
func isData(n *source.Node) bool {
	switch n.Key {
	case "example", "enum", "const", "default", "value", "dataValue":
	case "examples":
		// A list in schemas, a map of example objects elsewhere.
		if n.Kind != source.Array {
			return false
		}
	default:
		return strings.HasPrefix(n.Key, "x-") && !namesChildren(n.Parent())
	}
	return !namesChildren(n.Parent())
}

// namesChildren tells whether the members of n are names that the author chose,
// not words of the specification.
func namesChildren(n *source.Node) bool {
	switch n.Key {
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "examples",
		"parameters", "responses", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "mediaTypes":
		return n.Parent() == nil || !namesChildren(n.Parent())
	}
	return false
}

// scan follows every reference of a document once, which reads the files it
// leads to, and reports those that lead nowhere.
func (s *Set) scan(ctx context.Context, d *document) {
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		for i := range n.Kids {
			kid := &n.Kids[i]
			if isData(kid) {
				continue
			}
			isRef := kid.Key == "$ref" || kid.Key == "$dynamicRef"
			if isRef && kid.Kind == source.String && !namesChildren(n) {
				target, err := s.resolve(ctx, n, kid.Text, 0)
				if err == nil && target.Has("$ref") && kid.Key == "$ref" {
					_, err = s.chase(ctx, n)
				}
				if err != nil {
					s.report(kid, err)
				}
				continue
			}
			walk(kid)
		}
	}
	walk(d.root)
}

func (s *Set) report(ref *source.Node, err error) {
	if !IsMetaschema(s.Base(ref.Parent()), ref.Text) {
		s.found = append(s.found, Unfollowed(ref, err))
	}
}

// Unfollowed gives the finding about a reference that Resolve refused.
func Unfollowed(ref *source.Node, err error) source.Diagnostic {
	d := source.Diagnostic{Code: CodeRefUnresolved, At: ref.At(), Message: fmt.Sprintf("the reference %q cannot be followed: %v", ref.Text, reason(err))}
	var re *refError
	if errors.As(err, &re) {
		d.Code, d.Hint = re.code, re.hint
	}
	return d
}

// IsMetaschema tells whether a reference leads to one of the schemas of JSON Schema
// itself. The schema engine knows them; they are not read.
func IsMetaschema(base *url.URL, ref string) bool {
	uri, err := base.Parse(ref)
	return err == nil && uri.Host == "json-schema.org" && metaschemaPath.MatchString(uri.Path)
}

var metaschemaPath = regexp.MustCompile(`^/(draft-0[467]/schema|draft/20(19-09|20-12)/(schema|meta/[a-z-]+))$`)

// Follow gives what n stands for: n itself, or the end of the chain of $ref that
// begins there. Siblings of $ref are the caller's to look at.
func (s *Set) Follow(n *source.Node) (*source.Node, error) {
	ref := n.Get("$ref")
	if !ref.Is(source.String) {
		return n, nil
	}
	s.refMu.Lock()
	defer s.refMu.Unlock()
	if target, ok := s.refs[n]; ok {
		return target, nil
	}
	target, err := s.chase(context.Background(), n)
	if err == nil {
		s.refs[n] = target
	}
	return target, err
}

// chase follows a chain of $ref to its end.
func (s *Set) chase(ctx context.Context, n *source.Node) (*source.Node, error) {
	target := n
	for ref, hops := n.Get("$ref"), 0; ref.Is(source.String); hops++ {
		if hops > maxHops {
			return nil, &refError{CodeRefCircular, "it leads back to itself", "one link of the circle must be a definition"}
		}
		next, err := s.resolve(ctx, target, ref.Text, 0)
		if err != nil {
			return nil, err
		}
		target, ref = next, next.Get("$ref")
	}
	return target, nil
}

// maxHops bounds a chain of references.
const maxHops = 64

// Resolve gives the value that a reference in n leads to, one step far. Only
// files that Load has read are looked at.
func (s *Set) Resolve(n *source.Node, ref string) (*source.Node, error) {
	return s.resolve(context.Background(), n, ref, 0)
}

// Base is the URI against which references in n are resolved: the nearest $id
// around it, else the file's (RFC 3986 section 5.1, JSON Schema core section 8.2).
func (s *Set) Base(n *source.Node) *url.URL {
	d := s.byFile[n.File()]
	if d == nil {
		return &url.URL{}
	}
	if !d.identified {
		return d.uri
	}
	var ids []string
	for at := n; at != nil; at = at.Parent() {
		if id := at.Get("$id").Str(); id != "" {
			ids = append(ids, id)
		}
	}
	base := d.uri
	for i := len(ids) - 1; i >= 0; i-- {
		if u, err := base.Parse(ids[i]); err == nil {
			base = withoutFragment(u)
		}
	}
	return base
}

func (s *Set) resolve(ctx context.Context, n *source.Node, ref string, hops int) (*source.Node, error) {
	if hops > maxHops {
		return nil, &refError{CodeRefCircular, "it goes round in a circle", "one link of the circle must be a definition"}
	}
	target, fragment, err := s.target(ctx, n, ref)
	if err != nil {
		return nil, err
	}
	if fragment == "" {
		return target, nil
	}
	if fragment[0] != '/' {
		if found := anchor(target, fragment, true); found != nil {
			return found, nil
		}
		return nil, &refError{CodeRefUnresolved, fmt.Sprintf("there is no $anchor %q", fragment), ""}
	}
	at, rest := target, fragment
	for rest != "" {
		token, more, deeper := strings.Cut(rest[1:], "/")
		next := at.Find("/" + token)
		if next == nil {
			// A pointer may lead through a reference.
			if via := at.Get("$ref").Str(); via != "" {
				if at, err = s.resolve(ctx, at, via, hops+1); err != nil {
					return nil, err
				}
				continue
			}
			var known []string
			for key := range at.Members() {
				known = append(known, key)
			}
			e := &refError{code: CodeRefUnresolved, text: fmt.Sprintf("there is no %q in %s", token, orRoot(at.Pointer()))}
			if best := source.Closest(token, known); best != "" {
				e.hint = fmt.Sprintf("did you mean %q?", best)
			}
			return nil, e
		}
		at = next
		if rest = ""; deeper { // the last token may be empty
			rest = "/" + more
		}
	}
	return at, nil
}

func orRoot(pointer string) string {
	if pointer == "" {
		return "the root"
	}
	return pointer
}

// target gives the root of the resource that a reference names, and its fragment.
func (s *Set) target(ctx context.Context, n *source.Node, ref string) (*source.Node, string, error) {
	if d := s.byFile[n.File()]; d != nil && !d.identified && strings.HasPrefix(ref, "#") {
		// Nearly every reference is one into its own file: no URI is needed for it.
		if fragment, err := url.PathUnescape(ref[1:]); err == nil {
			return d.root, fragment, nil
		}
	}
	uri, err := s.Base(n).Parse(ref)
	if err != nil {
		return nil, "", &refError{CodeRefUnresolved, "it is not a URI reference", "write it as file.yaml#/path/to/it"}
	}
	fragment := uri.Fragment
	uri = withoutFragment(uri)
	d := s.byURI[uri.String()]
	if d == nil && s.loaded {
		if err = s.failed[uri.String()]; err == nil {
			err = &refError{CodeRefUnresolved, fmt.Sprintf("nothing is known by the URI %s", uri), ""}
		}
		return nil, "", err
	}
	if d == nil {
		if s.root == nil && uri.Scheme == "file" && s.Main != nil && s.folder == "" {
			return nil, "", &refError{CodeRefOutside, "a remote description must not refer to local files", ""}
		}
		if d, err = s.read(ctx, uri, false); err != nil {
			s.failed[uri.String()] = err
			return nil, "", err
		}
	}
	if d == nil || d.root == nil {
		return nil, "", &refError{CodeRefUnresolved, fmt.Sprintf("%s could not be read", uri), ""}
	}
	if resource, ok := d.resources[uri.String()]; ok {
		return resource, fragment, nil
	}
	return d.root, fragment, nil
}

// anchor finds $anchor or $dynamicAnchor within one schema resource.
func anchor(n *source.Node, name string, top bool) *source.Node {
	if !top && n.Get("$id").Str() != "" {
		return nil
	}
	if n.Get("$anchor").Str() == name || n.Get("$dynamicAnchor").Str() == name {
		return n
	}
	for i := range n.Kids {
		if isData(&n.Kids[i]) {
			continue
		}
		if found := anchor(&n.Kids[i], name, false); found != nil {
			return found
		}
	}
	return nil
}
