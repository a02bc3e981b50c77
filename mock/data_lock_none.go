//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package mock

import (
	"errors"
	"os"
)

// lockFile locks nothing: this system has no flock.
func lockFile(*os.File) error { return errors.ErrUnsupported }
