package mock

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// spoolNames are the temporary files that hold uploads, as os.CreateTemp takes them.
const spoolNames = "understudy-upload-*"

// spools makes temporary files for uploads.
type spools struct {
	// dir is where, "" for that of the system, which TMPDIR names.
	dir   string
	sweep sync.Once
}

// spool is an upload in a temporary file. On most systems the file has no name any more:
// it is gone when it is closed, and also when the process is killed. Where that cannot
// be (Windows), close removes it, and the next mock to store an upload removes what a
// killed one has left; files that are in use cannot be removed there.
type spool struct {
	file *os.File
	size int64
	// name is what is to be removed in the end, "" for nothing.
	name string
}

// open makes a file.
func (s *spools) open() (*spool, error) {
	dir := s.dir
	if dir == "" {
		dir = os.TempDir()
	}
	s.sweep.Do(func() {
		left, _ := filepath.Glob(filepath.Join(dir, spoolNames)) // the pattern is ours
		for _, name := range left {
			_ = os.Remove(name) // in use, or somebody else's
		}
	})
	file, err := os.CreateTemp(dir, spoolNames)
	if err != nil {
		return nil, err
	}
	sp := &spool{file: file}
	if os.Remove(file.Name()) != nil {
		sp.name = file.Name()
	}
	return sp, nil
}

// Write appends to the file. The error is a problem: the client can do nothing about it.
func (s *spool) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if s.size += int64(n); err != nil {
		return n, noRoom("The body cannot be stored in a temporary file: " + err.Error() + ".")
	}
	return n, nil
}

// ReadAt implements exchange.Stored.
func (s *spool) ReadAt(p []byte, off int64) (int, error) { return s.file.ReadAt(p, off) }

// Size implements exchange.Stored.
func (s *spool) Size() int64 { return s.size }

// close gives the file up; nil has none. Nothing can be read from then on.
func (s *spool) close() {
	if s == nil {
		return
	}
	_ = s.file.Close() // it was written for nobody
	if s.name != "" {
		_ = os.Remove(s.name) // or by the sweep of the next one
	}
}

var _ exchange.Stored = (*spool)(nil)
