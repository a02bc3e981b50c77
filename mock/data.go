package mock

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// keptScenarios is the folder below Options.Data with the scenarios that were added
// for everybody.
const keptScenarios = "scenarios"

// keep writes an added scenario for the next start, or takes it away where next is
// nil. A file is there as a whole or not at all. Without Options.Data it does nothing.
func (s *settings) keep(name string, next *addition) error {
	if s.Data == "" {
		return nil
	}
	root, err := s.openKept()
	if err == nil {
		defer root.Close()
		err = s.replaceFile(root, name, next)
	}
	if err != nil {
		return fmt.Errorf("%w in %s: %w", ErrNotKept, s.Data, err)
	}
	return nil
}

// openKept opens the folder with the scenarios, which it makes where there is none.
func (s *settings) openKept() (*os.Root, error) {
	dir := filepath.Join(s.Data, keptScenarios)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// tryKeep refuses a folder in which nothing can be kept, before somebody relies on it.
func (s *settings) tryKeep() error {
	root, err := s.openKept()
	if err == nil {
		defer root.Close()
		probe := "." + rand.Text() // no scenario file, should it stay
		if err = s.writeWhole(root, probe, nil); err == nil {
			err = root.Remove(probe)
		}
	}
	if err != nil {
		return fmt.Errorf("scenarios that are added cannot be kept in the folder %s: %w", s.Data, err)
	}
	return nil
}

// replaceFile writes the file of a scenario, or removes it where next is nil, and any that
// the scenario has with another extension. Those are removed when the new text is on the
// disk, so that one of them is always there.
func (s *settings) replaceFile(root *os.Root, name string, next *addition) error {
	removeOthers := func() error {
		for _, extension := range []string{".yaml", ".yml", ".json"} {
			if next != nil && extension == path.Ext(next.file.Name) {
				continue
			}
			if err := root.Remove(name + extension); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}
	if next == nil {
		return removeOthers()
	}
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	return s.writeWhole(root, next.file.Name, next.file.Data, removeOthers)
}

// writeWhole writes a file so that it is there as a whole, or as it was. Each of meanwhile
// is called when the text is on the disk, before it takes its place.
func (s *settings) writeWhole(root *os.Root, name string, data []byte, meanwhile ...func() error) error {
	hidden := path.Join(path.Dir(name), "."+rand.Text()) // no scenario file, should it stay
	f, err := root.OpenFile(hidden, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, s.sync(f), f.Close())
	for _, do := range meanwhile {
		if err == nil {
			err = do()
		}
	}
	if err == nil {
		err = root.Rename(hidden, name)
	}
	if err != nil {
		err = errors.Join(err, root.Remove(hidden))
	}
	return err
}

// readKept takes in the scenarios that were kept. Those that do not fit are told, and
// wait for a contract that they fit; the error is for a folder that cannot be read or
// written.
func (m *Mock) readKept() error {
	if m.settings.Data == "" {
		return nil
	}
	if err := m.settings.tryKeep(); err != nil {
		return err
	}
	files, err := scenario.ReadFiles(filepath.Join(m.settings.Data, keptScenarios))
	if err != nil {
		return err
	}
	for _, file := range files {
		name := file.Name[:len(file.Name)-len(path.Ext(file.Name))]
		next, err := m.newAddition(file, m.engine.Snapshot().APIs)
		if err == nil {
			next.kept = true
			if err = m.added.room("", name, next); err == nil {
				err = m.serveAdded("", name, next)
			}
		}
		if err == nil {
			continue
		}
		m.settings.Logger.Warn("a scenario that was kept does not fit and is left out", "scenario", name, "error", err)
		rest := (&addition{file: file, kept: true}).resting(err)
		if m.added.room("", name, rest) == nil {
			m.added.put("", name, rest)
		}
	}
	return nil
}
