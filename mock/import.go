package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/importer"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// ImportKinds lists the kinds of files that Import reads.
func ImportKinds() []string { return importer.Kinds() }

// ImportFrom says what Import reads, and where it writes.
type ImportFrom struct {
	// Kind is one of ImportKinds.
	Kind string
	// Files are files, or folders of files.
	Files []string
	// Base is the address below which the entries of a recording are requests to the
	// API, such as https://api.example.com/v1; "" means the base paths of the
	// descriptions, on whatever host.
	Base string
	// Redact are names of headers, parameters and properties of JSON whose values are
	// secrets in a recording, beside those that are by their nature, such as password.
	Redact []string
	// Name is that of the scenario; "" means the kind.
	Name string
	// Dir is the folder to write into; "" means DefaultScenarios.
	Dir string
	// Overwrite replaces files that are there already. Without it nothing is written
	// where one of them differs from what would be written.
	Overwrite bool
}

// ImportResult is what Import has written.
type ImportResult struct {
	// Dir is the folder, Written the files below it with slashes. Files that were there
	// with the same content are not among them; Kept counts those.
	Dir     string
	Written []string
	Kept    int
	// Rules counts what was read, Stubs what was made of it.
	Rules, Stubs int
	// LeftOut counts the findings about what is not in the scenario, wholly or in part.
	LeftOut int
	// Findings tell what was not carried over as it was, by place. They are warnings.
	Findings []Finding

	run report.Run
}

// Write writes the findings and the summary in a format; for an unknown one it fails.
func (r *ImportResult) Write(w io.Writer, format Format) error {
	return write(w, format, &r.run, struct {
		Dir      string    `json:"dir"`
		Written  []string  `json:"written"`
		Rules    int       `json:"rules"`
		Stubs    int       `json:"stubs"`
		LeftOut  int       `json:"leftOut"`
		Findings []Finding `json:"findings"`
	}{r.Dir, append([]string{}, r.Written...), r.Rules, r.Stubs, r.LeftOut, append([]Finding{}, r.Findings...)})
}

// ErrNothingImported is wrapped by the error of Import where no stub could be made.
var ErrNothingImported = errors.New("there is nothing to write")

// Import writes a scenario with what files of another mock server or a recording say,
// for the operations of the descriptions of opts. The scenario is a default one and
// passes Check. Where files are in the way, the error is an *ExistsError and nothing
// was written; where nothing could be carried over, it is ErrNothingImported, and the
// result says why.
func Import(ctx context.Context, opts Options, from ImportFrom) (*ImportResult, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	if from.Dir == "" {
		from.Dir = DefaultScenarios
	}
	if err := from.check(); err != nil {
		return nil, err
	}
	apis, _, err := loadAPIs(ctx, s, watch.Look())
	if err != nil {
		return nil, err
	}
	made, err := importer.Import(ctx, importer.Kind(from.Kind), from.Files, apis, importer.Options{Name: from.Name, Base: from.Base, Redact: from.Redact})
	if err != nil {
		return nil, err
	}
	r := &ImportResult{
		Dir: from.Dir, Rules: made.Rules, Stubs: made.Stubs, LeftOut: made.LeftOut, Findings: findings(made.Findings),
		run: report.Run{Command: "understudy import", Version: Version(), Findings: reported(made.Findings, &scenario.Outline{})},
	}
	r.run.Summary = fmt.Sprintf("%s from %s, %s", source.Count(r.Stubs, "stub"), source.Count(r.Rules, "rule"), leftOutCount(r.LeftOut))
	if len(made.Files) == 0 {
		return r, fmt.Errorf("%w: no rule could be carried over", ErrNothingImported)
	}
	r.Written, r.Kept, err = writeFiles(r.Dir, made.Files, from.Overwrite)
	return r, err
}

func leftOutCount(n int) string {
	if n == 0 {
		return "nothing left out"
	}
	return source.Count(n, "thing") + " left out"
}

// check refuses names and addresses that cannot be meant.
func (f *ImportFrom) check() error {
	if f.Name != "" {
		if err := scenario.CheckName(f.Name); err != nil {
			return fmt.Errorf("the name of the scenario: %w", err)
		}
	}
	if f.Base == "" {
		return nil
	}
	u, err := url.Parse(f.Base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is no address of an API: write one such as https://api.example.com/v1", f.Base)
	}
	f.Base = strings.TrimSuffix(f.Base, "/")
	return nil
}
