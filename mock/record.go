package mock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/upstream/record"
)

// DefaultRecording is the folder of a recording's files below that of RecordTo.
const DefaultRecording = "recorded"

// RecordTo says where a Recorder writes. The zero value writes into the folder recorded
// below DefaultScenarios.
type RecordTo struct {
	// Dir is the scenarios folder; "" means DefaultScenarios.
	Dir string
	// Name is the folder below it, and so the beginning of the scenarios' names; ""
	// means DefaultRecording.
	Name string
	// Overwrite replaces files that are there already. Without it a Recorder is not made
	// where one of them has a name that it may write.
	Overwrite bool
}

// Recorder is a mock in front of a real API that keeps what passes, to write scenario
// files which answer the same. It is safe for concurrent use.
//
// Requests that break the contract are passed on and recorded, and so are answers that
// do. Secrets are written as Options.Redact has the journal show them.
type Recorder struct {
	mock *Mock
	to   RecordTo
	kept *record.Recording

	writing sync.Mutex // one Write at a time; guards the fields below
	files   *record.Writer
	own     map[string]bool
	// before are the files that were there when the recording began.
	before map[string]fs.FileInfo
	last   *RecordResult
}

// RecordResult is what a Recorder has written so far.
type RecordResult struct {
	// Dir is the folder, Files are the files below it, with slashes; the scenarios that
	// they make are always active.
	Dir   string
	Files []string
	// Calls counts those that were recorded, Operations the operations that they were for.
	Calls, Operations int
	// OffContract are the ways in which answers broke the contract.
	OffContract []RecordedDeparture
	// Missed counts calls that are not recorded, by the reason. Full tells that some are
	// not because there was no room for them.
	Missed map[string]int
	Full   bool
	// LeftOut says what of the recorded calls could not be written, a sentence for each.
	LeftOut []string
}

// RecordedDeparture counts answers that broke the contract in one way.
type RecordedDeparture = record.Departure

// ErrNothingRecorded is returned where there is nothing to write.
var ErrNothingRecorded = errors.New("nothing was recorded")

// NewRecorder makes a recorder. Options.Upstream names the real API; Options.Validate and
// Options.Scenarios have no say: what breaks the contract is told and passed on, and no
// scenario stands before the real API. Where files are in the way, the error is an
// *ExistsError.
func NewRecorder(ctx context.Context, opts Options, to RecordTo) (*Recorder, error) {
	if len(opts.Upstream) == 0 {
		return nil, errors.New("there is nothing to record: no real API is given")
	}
	if to.Dir == "" {
		to.Dir = DefaultScenarios
	}
	if to.Name == "" {
		to.Name = DefaultRecording
	}
	if err := scenario.CheckName(to.Name); err != nil {
		return nil, fmt.Errorf("%q cannot be the name of the recording: %w", to.Name, err)
	}
	opts.Validate, opts.Scenarios, opts.Active, opts.Fallback, opts.Watch, opts.Data, opts.State = "warn", []string{}, nil, false, "", "", ""
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	r := &Recorder{to: to, own: map[string]bool{}}
	s.record = func(op *contract.Operation, ex *exchange.Exchange, unknown string) { r.kept.Add(op, ex, unknown) }
	if r.mock, err = newMock(ctx, s); err != nil {
		return nil, err
	}
	r.kept = record.New(r.mock.engine.Snapshot().APIs)
	r.files = record.NewWriter(r.kept.APIs(), to.Name)
	if err := r.lookAround(); err != nil {
		return nil, err
	}
	if !to.Overwrite {
		if err := r.inTheWay(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Mock is the mock through which clients reach the real API. Who has made the recorder
// starts and stops it.
func (r *Recorder) Mock() *Mock { return r.mock }

// lookAround notes the files that are there, and gives an error for a folder into which
// Write could not write: nobody wants to learn that when all has been recorded.
func (r *Recorder) lookAround() error {
	if _, err := os.Lstat(r.to.Dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	root, err := os.OpenRoot(r.to.Dir)
	if err != nil {
		return fmt.Errorf("recordings cannot be written into %s: %w; name a folder", r.to.Dir, err)
	}
	defer root.Close()
	switch _, err := root.Lstat(r.to.Name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	folder := path.Join(r.to.Dir, r.to.Name)
	if info, err := root.Stat(r.to.Name); err != nil {
		return fmt.Errorf("recordings cannot be written into %s: it is a link that leads out of %s, or nowhere (%w); name the folder that is meant, or another name", folder, r.to.Dir, err)
	} else if !info.IsDir() {
		return fmt.Errorf("recordings cannot be written into %s: it is no folder; choose another name", folder)
	}
	entries, err := fs.ReadDir(root.FS(), r.to.Name)
	if err != nil {
		return err
	}
	r.before = make(map[string]fs.FileInfo, len(entries))
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			r.before[path.Join(r.to.Name, entry.Name())] = info
		}
	}
	return nil
}

// mayReplace tells whether Write may put a file in the place of one that is there: one of its
// own, and where that was asked for, one that is as it was when the recording began. What is
// neither is of another recording into the same folder.
func (r *Recorder) mayReplace(name string) bool {
	if r.own[name] || !r.to.Overwrite {
		return r.own[name]
	}
	before := r.before[name]
	now, err := os.Lstat(filepath.Join(r.to.Dir, filepath.FromSlash(name)))
	return err == nil && before != nil && os.SameFile(before, now) && before.ModTime().Equal(now.ModTime()) && before.Size() == now.Size()
}

// inTheWay gives an error where files are there that Write could want to write.
func (r *Recorder) inTheWay() error {
	entries, err := os.ReadDir(path.Join(r.to.Dir, r.to.Name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, name := range record.FileNames(r.kept.APIs()) {
		names[strings.ToLower(name)] = true
	}
	there := &ExistsError{}
	for _, entry := range entries {
		name := strings.ToLower(entry.Name())
		for stem := name; stem != ""; {
			if names[stem] || names[strings.TrimRight(stem, "-0123456789")] {
				there.Files = append(there.Files, path.Join(r.to.Dir, r.to.Name, entry.Name()))
				break
			}
			ext := path.Ext(stem)
			if ext == "" {
				break
			}
			stem = strings.TrimSuffix(stem, ext)
		}
	}
	if len(there.Files) > 0 {
		return there
	}
	return nil
}

// Write writes what was recorded so far. Files of earlier calls are replaced, each as a
// whole, where they would be others now or are not there any more; an error leaves what was
// written before as it was. Where nothing was recorded, the error is ErrNothingRecorded. The
// result is there also with an error.
func (r *Recorder) Write() (*RecordResult, error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	taken := r.kept.Take()
	if !taken.Grown && r.last != nil {
		return r.last, nil
	}
	apis := r.kept.APIs()
	made := r.files.Scenarios(&taken, r.isThere)
	result := &RecordResult{
		Dir: r.to.Dir, Calls: len(taken.Seen), Missed: taken.Missed, Full: taken.Missed[record.Full] > 0,
		OffContract: taken.Departures(apis), LeftOut: made.LeftOut,
	}
	operations := map[*contract.Operation]bool{}
	for _, s := range taken.Seen {
		operations[s.Operation] = true
	}
	result.Operations = len(operations)
	r.last = nil // an error is told again
	if len(made.Paths) == 0 {
		r.files.Written(&made)
		return result, ErrNothingRecorded
	}
	o := output{replace: r.mayReplace, open: createIn}
	written, _, err := o.write(r.to.Dir, made.Files)
	for _, name := range written {
		r.own[name] = true
	}
	var others *ExistsError
	switch {
	case errors.As(err, &others):
		return result, fmt.Errorf("somebody else has written into %s since the recording began, perhaps another recording: %w; record into a folder of its own", path.Join(r.to.Dir, r.to.Name), err)
	case err != nil:
		return result, err
	}
	r.files.Written(&made)
	result.Files = made.Paths
	for _, name := range result.Files {
		r.own[name] = true
	}
	r.last = result
	return result, r.removeStale(result.Files)
}

// isThere tells whether a file that was written is still there.
func (r *Recorder) isThere(name string) bool {
	info, err := os.Lstat(filepath.Join(r.to.Dir, filepath.FromSlash(name)))
	return err == nil && info.Mode().IsRegular()
}

// removeStale removes files of an earlier Write that no file names any more.
func (r *Recorder) removeStale(files []string) error {
	root, err := os.OpenRoot(r.to.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range slices.Sorted(maps.Keys(r.own)) {
		if slices.Contains(files, name) {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("cannot remove %s, which is not needed any more: %w", path.Join(r.to.Dir, name), err)
		}
		delete(r.own, name)
	}
	return nil
}
