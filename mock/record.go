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
	folder  string // below RecordTo.Dir, where the next Write writes
	// own are the files that Write has written there, as it left them; before are those
	// that were there when the recording began.
	own, before map[string]fs.FileInfo
	last        *RecordResult
	// aside says why folder is not the one that was asked for; nil where it is.
	aside error
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
	r := &Recorder{to: to, folder: to.Name, own: map[string]fs.FileInfo{}}
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
// own, and where that was asked for, one of before, each as long as nobody has changed it. What
// is neither is of another recording into the same folder.
func (r *Recorder) mayReplace(name string) bool {
	known := r.own[name]
	if known == nil && r.to.Overwrite {
		known = r.before[name]
	}
	now, err := r.lstat(name)
	return err == nil && known != nil && os.SameFile(known, now) && known.ModTime().Equal(now.ModTime()) && known.Size() == now.Size()
}

func (r *Recorder) lstat(name string) (fs.FileInfo, error) {
	return os.Lstat(filepath.Join(r.to.Dir, filepath.FromSlash(name)))
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
//
// Where somebody else has written a file that would be replaced, all of the recording goes
// into a fresh folder beside, NAME-2 or the first such that is not there, and so does what
// comes later. The error of this call and of each later one names that folder and the files;
// RecordResult.Files tells that the recording is written.
func (r *Recorder) Write() (*RecordResult, error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	taken := r.kept.Take()
	if !taken.Grown && r.last != nil {
		return r.last, r.aside
	}
	r.last = nil // an error is told again
	result, err := r.write(&taken)
	var others *ExistsError
	if errors.As(err, &others) || errors.Is(err, fs.ErrExist) {
		if failed := r.moveAside(err); failed != nil {
			return result, errors.Join(err, failed)
		}
		result, err = r.write(&taken)
	}
	if err != nil {
		return result, err
	}
	r.last = result
	return result, errors.Join(r.aside, r.removeStale(result.Files))
}

// moveAside turns to a folder that nobody else has.
func (r *Recorder) moveAside(why error) error {
	root, err := os.OpenRoot(r.to.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	var folder string
	for n := 2; ; n++ {
		folder = fmt.Sprintf("%s-%d", r.to.Name, n)
		if err = root.Mkdir(folder, 0o755); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return err
	}
	r.aside = fmt.Errorf("somebody else has written into %s since the recording began, perhaps another recording: %w\nwhat is there stays as it is: the whole recording is in %s", path.Join(r.to.Dir, r.folder), why, path.Join(r.to.Dir, folder))
	r.folder, r.files, r.own = folder, record.NewWriter(r.kept.APIs(), folder), map[string]fs.FileInfo{}
	return nil
}

// write writes what was taken into the folder, all of it or nothing.
func (r *Recorder) write(taken *record.Taken) (*RecordResult, error) {
	apis := r.kept.APIs()
	made := r.files.Scenarios(taken, r.isThere)
	result := &RecordResult{
		Dir: r.to.Dir, Calls: len(taken.Seen), Missed: taken.Missed, Full: taken.Missed[record.Full] > 0,
		OffContract: taken.Departures(apis), LeftOut: made.LeftOut,
	}
	operations := map[*contract.Operation]bool{}
	for _, s := range taken.Seen {
		operations[s.Operation] = true
	}
	result.Operations = len(operations)
	if len(made.Paths) == 0 {
		r.files.Written(&made)
		return result, ErrNothingRecorded
	}
	o := output{replace: r.mayReplace, open: createIn}
	written, _, err := o.write(r.to.Dir, made.Files)
	if err != nil {
		r.note(written...)
		return result, err
	}
	for _, f := range made.Files {
		r.note(f.Path)
	}
	r.files.Written(&made)
	result.Files = made.Paths
	return result, nil
}

// note takes files down as they were written.
func (r *Recorder) note(names ...string) {
	for _, name := range names {
		if info, err := r.lstat(name); err == nil {
			r.own[name] = info
		}
	}
}

// isThere tells whether a file that was written is still there.
func (r *Recorder) isThere(name string) bool {
	info, err := r.lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// removeStale removes files of an earlier Write that no file names any more, unless somebody
// has changed them.
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
		if r.mayReplace(name) {
			if err := root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("cannot remove %s, which is not needed any more: %w", path.Join(r.to.Dir, name), err)
			}
		}
		delete(r.own, name)
	}
	return nil
}
