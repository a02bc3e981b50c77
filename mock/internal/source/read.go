package source

import (
	"fmt"
	"io"
	"os"
)

// MaxSmallFile bounds files that people write by hand and that are neither descriptions nor
// scenarios, such as settings and certificates, in bytes.
const MaxSmallFile = 16 << 20

// ReadSmall reads a file of at most MaxSmallFile bytes, and nothing of a longer one.
func ReadSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSmallFile+1))
	if err == nil && len(data) > MaxSmallFile {
		err = &os.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is larger than %d MiB", MaxSmallFile>>20)}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}
