//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSignalTwice sends the signal to end as a terminal and npm do together: what is
// written at the end is written all the same.
func TestSignalTwice(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "coverage.json")
	p := startProcess(t, "exec understudy serve ../../openapi.yaml --listen 127.0.0.1:0 --log-level error --drain-notice 100ms --coverage "+file)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.await(t, p.prints, "stopping")
	p.end(t)
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
