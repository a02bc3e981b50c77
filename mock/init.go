package mock

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario/starter"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// InitOptions says where Init writes. The zero value writes into DefaultScenarios.
type InitOptions struct {
	// Dir is the folder for the files; "" means DefaultScenarios.
	Dir string
	// Overwrite replaces files that are there already. Without it nothing is written
	// where one of them differs from what would be written.
	Overwrite bool
}

// InitResult is what Init has written.
type InitResult struct {
	// Dir is the folder, Written the files below it in the order in which they were
	// made, with slashes. Files that were there with the same content are not among
	// them; Kept counts those.
	Dir     string
	Written []string
	Kept    int
	// LeftOut are the described statuses that no scenario answers.
	LeftOut []LeftOut
}

// LeftOut is a described status for which no scenario could be written.
type LeftOut struct{ Operation, Status, Reason string }

// ExistsError is the error of Init, Import, NewRecorder and Recorder.Write where files are
// in the way.
type ExistsError struct {
	// Files are their paths, with the folder.
	Files []string
}

// Error names the files.
func (e *ExistsError) Error() string {
	return "there are such files already:\n  " + strings.Join(e.Files, "\n  ")
}

// Init writes the first scenario files for the descriptions of opts: one for each
// status that they describe, a tutorial, and the JSON Schema for editors. What it
// writes passes Check without warnings; the same descriptions give the same bytes.
// Where files are in the way, the error is an *ExistsError and nothing was written.
func Init(ctx context.Context, opts Options, to InitOptions) (*InitResult, error) {
	named := len(opts.Specs) > 0
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	if to.Dir == "" {
		to.Dir = DefaultScenarios
	}
	apis, _, err := loadAPIs(ctx, s, watch.Look())
	if err != nil {
		return nil, err
	}
	var arguments []string
	for _, spec := range s.Specs {
		if named {
			arguments = append(arguments, shellWord(spec.String()))
		}
	}
	if path.Clean(filepath.ToSlash(to.Dir)) != DefaultScenarios {
		arguments = append(arguments, "--scenarios", shellWord(to.Dir))
	}
	made, err := starter.Make(ctx, apis, starter.Options{Arguments: strings.Join(arguments, " ")})
	if err != nil {
		return nil, err
	}
	r := &InitResult{Dir: to.Dir}
	for _, each := range made.LeftOut {
		r.LeftOut = append(r.LeftOut, LeftOut(each))
	}
	if len(made.Files) < 2 {
		return nil, nothingToWrite(r.LeftOut)
	}
	r.Written, r.Kept, err = writeFiles(r.Dir, made.Files, to.Overwrite)
	return r, err
}

// nothingToWrite is the error where there is no file but the schema.
func nothingToWrite(left []LeftOut) error {
	if len(left) == 0 {
		return errors.New("there is nothing to write: no operation describes a response that can be sent")
	}
	return fmt.Errorf("there is nothing to write: status %s of %s is left out, because %s", left[0].Status, left[0].Operation, left[0].Reason)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-]+$`)

// shellWord writes a text as one word of a command line.
func shellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
