//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package mock

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks a file until it is closed, errLocked where another has.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
