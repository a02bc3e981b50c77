// Package document holds the files of one API description and follows the
// references between them.
//
// All files are read when the description is loaded, so that a snapshot does
// not change under a running server and every broken reference is told at once.
// Files are read only below the reference root and nothing is fetched over the
// network unless that was asked for.
package document

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
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
	MaxNodes = 5_000_000
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
	// Reading is called with the path of each local file before it is read, also
	// where there is none; nil is not called.
	Reading func(path string)
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
		return nil, source.Diagnostics{{Code: CodeUnreadable, Message: fmt.Sprintf("cannot read %s: %v", location, reason(err)), Hint: pathHint(location, err)}}
	}
	if s.root != nil {
		defer s.root.Close()
	}
	main, err := s.read(ctx, uri, true)
	if err != nil {
		return nil, append(s.found, source.Diagnostic{Code: CodeUnreadable, Message: fmt.Sprintf("cannot read %s: %v", location, reason(err)), Hint: pathHint(location, err)})
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

// Unfollowed gives the finding about a reference that Resolve refused.
func Unfollowed(ref *source.Node, err error) source.Diagnostic {
	d := source.Diagnostic{Code: CodeRefUnresolved, At: ref.At(), Message: fmt.Sprintf("the reference %q cannot be followed: %v", ref.Text, reason(err))}
	var re *refError
	if errors.As(err, &re) {
		d.Code, d.Hint = re.code, re.hint
	}
	return d
}
