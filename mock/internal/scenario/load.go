package scenario

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Options says how scenario files are read. The zero value is ready to use.
type Options struct {
	// Seed varies generated bodies, as it does those of the contract's own answers.
	Seed uint64
	// Hosts are where callbacks and webhooks may go, so that those which are never sent
	// are told; nil tells nothing.
	Hosts Hosts
	// Aliases are further names for operations, which scenario files may call them by.
	Aliases map[string]*contract.Operation
}

// Hosts says where calls may go.
type Hosts interface {
	// Empty tells whether nothing is sent anywhere.
	Empty() bool
	// Admits gives an error, for people, where nothing is sent to a URL.
	Admits(u *url.URL) error
}

// Load reads the scenario files below the folders and proves them against the
// contracts. The error is a source.Diagnostics with all findings of all files;
// warnings alone are no error and become the Set's.
func Load(folders []string, apis []*contract.Contract, opts Options) (*Set, error) {
	l := newLoader(apis)
	l.opts, l.names.aliases = opts, opts.Aliases
	defer l.close()
	for _, name := range folders {
		l.readFolder(name)
	}
	return l.finish()
}

// LoadFiles is Load for texts that stand in no folder: each is a scenario named
// after its file, and none may name other files.
func LoadFiles(files []*source.File, apis []*contract.Contract, opts Options) (*Set, error) {
	l := newLoader(apis)
	l.opts, l.names.aliases = opts, opts.Aliases
	for _, f := range files {
		l.files = append(l.files, &file{name: nameOf(f.Name), path: f.Name, src: f})
	}
	return l.finish()
}

// finish decodes, compiles and proves the files that were read.
func (l *loader) finish() (*Set, error) {
	l.leaveOutBodies()
	l.nameFiles()
	for _, f := range l.files {
		l.decodeFile(f)
		l.compileFile(f)
	}
	l.proveTogether()
	l.list = l.list.Sort()
	if err := l.list.Err(); err != nil {
		return nil, err
	}
	l.set.Warnings = l.list
	slices.Sort(l.set.Files)
	l.set.Files = slices.Compact(l.set.Files)
	return l.set, nil
}

// loader puts a Set together.
type loader struct {
	findings
	opts    Options
	names   *names
	set     *Set
	folders []*folder
	files   []*file

	// Compiled once for all files.
	schemas      map[*source.Node]*schema.Schema
	shapes       map[*source.Node]*schema.Shape
	environments map[*contract.Operation][]*environment
	// generable tells of which responses the headers can be generated.
	generable map[*contract.Response]bool
	bodies    map[bodyKey]generatedBody
	headers   map[string]http.Header // of answers, by their text
	comparing int                    // the work that was spent to compare stubs, see maxImplied
}

func newLoader(apis []*contract.Contract) *loader {
	return &loader{
		names:        newNames(apis),
		set:          &Set{byName: map[string]*Scenario{}, changing: map[Cell]string{}},
		schemas:      map[*source.Node]*schema.Schema{},
		shapes:       map[*source.Node]*schema.Shape{},
		environments: map[*contract.Operation][]*environment{},
		generable:    map[*contract.Response]bool{},
		bodies:       map[bodyKey]generatedBody{},
		headers:      map[string]http.Header{},
	}
}

func (l *loader) close() {
	for _, f := range l.folders {
		f.root.Close()
	}
}

// readFolder reads and parses every scenario file below a folder.
func (l *loader) readFolder(name string) {
	f, err := openFolder(name)
	if err != nil {
		l.fault(CodeUnreadable, source.Span{}, fmt.Sprintf("cannot read the scenario folder %s: %s", name, reason(err)), "check the path of the folder")
		return
	}
	l.folders = append(l.folders, f)
	f.walk(".", nil, func(below string, err error) {
		if err == nil {
			err = l.readFile(f, below)
		}
		if err != nil {
			l.fault(CodeUnreadable, source.Span{File: &source.File{Name: f.shown(below)}}, "cannot read this: "+reason(err), "")
		}
	})
}

func (l *loader) readFile(f *folder, below string) error {
	data, err := readFile(f.root, below)
	if err != nil {
		return err
	}
	src := &source.File{Name: f.shown(below), Data: data}
	l.set.Files = append(l.set.Files, filepath.FromSlash(src.Name))
	l.files = append(l.files, &file{name: nameOf(below), path: below, folder: f, src: src})
	return nil
}

// nameFiles puts the files into name order and reports names that cannot be.
func (l *loader) nameFiles() {
	slices.SortStableFunc(l.files, func(a, b *file) int { return cmp.Compare(a.name, b.name) })
	for i, f := range l.files {
		at := source.Span{File: f.src}
		if !scenarioName.MatchString(f.name) {
			l.fault(CodeBadName, at, fmt.Sprintf("%q cannot be the name of a scenario", f.name), "rename the file: letters, digits, dots, dashes, underscores and slashes are allowed")
		}
		if i > 0 && l.files[i-1].name == f.name {
			l.fault(CodeDuplicateScenario, at, fmt.Sprintf("there are two scenarios %q", f.name), "rename one of the files",
				source.Related{At: source.Span{File: l.files[i-1].src}, Message: "the other one"})
		}
	}
}

// decodeFile reads the file's tree by the tables of the format.
func (l *loader) decodeFile(f *file) {
	switch {
	case f.root == nil: // the parser has told why
	case f.root.Is(source.Null):
		l.fault(CodeEmptyScenario, source.Span{File: f.src}, "the file is empty", "write at least operations: {operationId: 409}")
	case !f.root.Is(source.Object):
		l.fault(CodeWrongType, f.root.At(), fmt.Sprintf("a scenario must be a mapping, not %s", kindNames[f.root.Kind]), "write operations: {operationId: 409}")
	default:
		before := l.faults
		scenarioObject.decode(&decoder{&l.findings}, f.root, &f.spec)
		f.broken = l.faults > before
		operations := f.root.Get("operations")
		if f.broken || operations != nil && len(operations.Kids) > 0 {
			return
		}
		at := f.root.At()
		if operations != nil {
			at = operations.At()
		}
		l.fault(CodeEmptyScenario, at, "the scenario has no operations", "write at least operations: {operationId: 409}")
	}
}
