package mock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keptLock is the file below Options.Data whose lock is held by the mock that uses the
// folder. It has the number of its process, and stays when the mock ends.
const keptLock = "lock"

// errLocked is returned by lockFile for a file that another has locked.
var errLocked = errors.New("another mock uses it")

// lockData keeps other mocks out of the folder of Options.Data until unlockData, or the end
// of the process: two of them would overwrite what the other keeps. Where the system or the
// file system has no such locks, the log says so. m.mu is held, or m is not yet shared.
func (m *Mock) lockData() error {
	s := m.settings
	if s.Data == "" || m.dataLock != nil {
		return nil
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return fmt.Errorf("scenarios that are added cannot be kept in the folder %s: %w", s.Data, err)
	}
	f, err := os.OpenFile(filepath.Join(s.Data, keptLock), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("scenarios that are added cannot be kept in the folder %s: %w", s.Data, err)
	}
	switch err := lockFile(f); {
	case errors.Is(err, errLocked):
		defer f.Close()
		return fmt.Errorf("the folder %s is used by another mock%s: stop that one, or name another folder with --data", s.Data, holder(f))
	case err != nil:
		s.Logger.Warn("the folder cannot be locked: see to it that no other mock uses it", "folder", s.Data, "error", err)
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("scenarios that are added cannot be kept in the folder %s: %w", s.Data, err), f.Close())
	}
	m.dataLock = f
	return nil
}

// holder tells whose the lock is, "" where the file does not say.
func holder(f *os.File) string {
	text, _ := io.ReadAll(io.LimitReader(f, 32)) // as far as it goes
	if pid := strings.TrimSpace(string(text)); pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}

// unlockData lets other mocks use the folder. m.mu is held, or m is not yet shared.
func (m *Mock) unlockData() {
	if m.dataLock != nil {
		_ = m.dataLock.Close() // which unlocks it
		m.dataLock = nil
	}
}
