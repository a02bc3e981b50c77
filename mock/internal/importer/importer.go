// Package importer turns the rules of other mock servers and recordings into a
// scenario file that is proved against the contract.
//
// The way of an import: a reader for each kind (wiremock.go, mockoon.go, har.go)
// maps what a file says to stubs, operation by operation; package author writes them
// as a scenario and proves it, and what does not hold is written off the contract, for
// requests that break it, or in the end not at all. Whatever is not carried over as
// it was is a finding with its place and reason.
//
// Files are read as untrusted input: everything is bounded, and nothing outside of the
// named files and folders is opened.
package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Kind says whose files are imported.
type Kind string

// The kinds.
const (
	WireMock Kind = "wiremock" // stub mappings
	Mockoon  Kind = "mockoon"  // environments
	HAR      Kind = "har"      // HTTP Archive 1.2
)

// Kinds lists the kinds by name.
func Kinds() []string { return []string{string(HAR), string(Mockoon), string(WireMock)} }

// Limits of one import.
const (
	// MaxFiles bounds the files that are read, with those of bodies.
	MaxFiles = 10_000
	// MaxFileSize bounds one file, in bytes.
	MaxFileSize = 64 << 20
	// MaxBytes bounds all files together, in bytes.
	MaxBytes = 256 << 20
	// MaxRules bounds the rules, routes and entries of one import.
	MaxRules = 10_000
	// MaxStubs bounds the stubs that are written.
	MaxStubs = 50_000
)

// Codes of the findings about what is imported.
const (
	// CodeNotImportable: a file is not of the kind, or too large.
	CodeNotImportable source.Code = "not-importable"
	// CodeLeftOut: a rule has no stub, or not for all that it answers; a warning.
	CodeLeftOut source.Code = "import-left-out"
	// CodePartLeftOut: a stub is written without a part of its rule; a warning.
	CodePartLeftOut source.Code = "import-part-left-out"
	// CodeOutside: entries of a recording are no requests to the API; a warning.
	CodeOutside source.Code = "import-outside"
	// CodeOffContract: an answer departs from the contract and says so; a warning.
	CodeOffContract source.Code = "import-off-contract"
	// CodeChanged: something is carried over in another form; a warning.
	CodeChanged source.Code = "import-changed"
)

// Options says how an import is done. The zero value is ready to use.
type Options struct {
	// Name is the scenario's; "" means the kind.
	Name string
	// Base is the address below which entries of a recording are those of the API; ""
	// means the base paths of the contract, on whatever host.
	Base string
	// Redact are names of headers, parameters and properties whose values are secrets in a
	// recording, beside those that are by their nature.
	Redact []string
}

// Result is what an import gives.
type Result struct {
	// Files are the scenario and the bodies beside it; none where there is no stub.
	Files []author.File
	// Rules counts what was read, Stubs what is written.
	Rules, Stubs int
	// LeftOut counts the findings with CodeLeftOut and CodePartLeftOut.
	LeftOut int
	// Findings tell what was not carried over as it was. They are warnings.
	Findings source.Diagnostics
}

// Import reads files of a kind and maps them to the operations of the contracts. What
// it gives passes a check against them. The error is a source.Diagnostics where a file
// cannot be read as one of the kind; then there is no result.
func Import(ctx context.Context, kind Kind, paths []string, apis []*contract.Contract, opts Options) (*Result, error) {
	m := &maker{kind: kind, apis: apis, name: opts.Name, base: opts.Base, secrets: newSecrets(apis, opts.Redact)}
	if m.name == "" {
		m.name = string(kind)
	}
	files, err := collect(kind, paths)
	if err != nil {
		return nil, err
	}
	defer files.close()
	switch kind {
	case WireMock:
		m.wireMock(files)
	case Mockoon:
		m.mockoon(files)
	case HAR:
		m.har(files)
	default:
		return nil, fmt.Errorf("there is no kind %q: there are %s", kind, strings.Join(Kinds(), ", "))
	}
	if err := m.broken.Sort().Err(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &Result{Rules: m.rules}
	if kind == HAR {
		m.writeSeen(r)
	} else {
		m.writeStubs(r)
	}
	r.Findings = m.found.Sort()
	for i := range r.Findings {
		if code := r.Findings[i].Code; code == CodeLeftOut || code == CodePartLeftOut {
			r.LeftOut++
		}
	}
	return r, nil
}

// maker is an import under way.
type maker struct {
	kind Kind
	apis []*contract.Contract
	name string
	base string

	secrets *secrets

	rules    int
	stubs    []*stub
	machines []*machine
	seen     []*sighting // of a recording
	ranks    map[*contract.Operation]int
	found    source.Diagnostics
	// bare counts the requests of a recording whose credentials are not in it; bareAt is
	// the first.
	bare   int
	bareAt source.Span
	// broken are the findings that end the import.
	broken source.Diagnostics
}

// machine is a state machine of the scenario, in the order in which it was met.
type machine struct {
	name   string
	values []string
}

// state notes that a machine has a value; the first is the start.
func (m *maker) state(name, start, value string) {
	i := slices.IndexFunc(m.machines, func(k *machine) bool { return k.name == name })
	if i < 0 {
		i = len(m.machines)
		m.machines = append(m.machines, &machine{name, []string{start}})
	}
	if k := m.machines[i]; !slices.Contains(k.values, value) {
		k.values = append(k.values, value)
	}
}

// rule counts a rule; it gives false where there are too many.
func (m *maker) rule(at source.Span) bool {
	if m.rules++; m.rules == MaxRules+1 {
		m.broken = append(m.broken, source.Diagnostic{Code: CodeNotImportable, At: at, Message: fmt.Sprintf("there are more than %d rules", MaxRules), Hint: "import them in parts, each with a --name of its own"})
	}
	return m.rules <= MaxRules
}

func (m *maker) warn(code source.Code, at source.Span, hint, format string, args ...any) {
	m.found = append(m.found, source.Diagnostic{Code: code, Severity: source.Warning, At: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (m *maker) leftOut(at source.Span, hint, format string, args ...any) {
	m.warn(CodeLeftOut, at, hint, format, args...)
}

func (m *maker) without(at source.Span, hint, format string, args ...any) {
	m.warn(CodePartLeftOut, at, hint, format, args...)
}

func (m *maker) changed(at source.Span, hint, format string, args ...any) {
	m.warn(CodeChanged, at, hint, format, args...)
}
