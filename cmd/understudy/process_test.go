//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// process is the command, started from a shell that sets limits before.
type process struct {
	cmd           *exec.Cmd
	url           string      // where it listens
	prints, tells chan string // the lines of the standard output behind that, and of the standard error
}

// startProcess runs a text of sh, which is to become the command: "exec understudy serve".
// testscript.Main has put the command into PATH.
func startProcess(t *testing.T, shell string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("sh", "-c", shell), prints: make(chan string, 1000), tells: make(chan string, 1000)}
	var in [2]io.ReadCloser
	var out [2]*os.File
	for i := range in {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		in[i], out[i] = r, w
	}
	p.cmd.Stdout, p.cmd.Stderr = out[0], out[1]
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for i, lines := range []chan string{p.prints, p.tells} {
		_ = out[i].Close() // the process has its own
		go func() {
			defer close(lines)
			defer in[i].Close()
			for s := bufio.NewScanner(in[i]); s.Scan(); {
				lines <- s.Text()
			}
		}()
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // fails where it has ended
		_ = p.cmd.Wait()
		for range p.prints {
		}
		for range p.tells {
		}
	})
	for p.url == "" {
		line, ok := <-p.prints
		if !ok {
			t.Fatalf("it did not start: %s", <-p.tells)
		}
		if url, ok := strings.CutPrefix(line, "listening on "); ok {
			p.url = url
		}
	}
	return p
}

// await gives the next line that has a text.
func (p *process) await(t *testing.T, lines <-chan string, text string) string {
	t.Helper()
	for late := time.After(startTimeout); ; {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("it ended before it said %q", text)
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-late:
			t.Fatalf("it does not say %q", text)
		}
	}
}

// end stops the process, and gives what it still says on the standard error.
func (p *process) end(t *testing.T) (rest []string) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	for line := range p.tells {
		rest = append(rest, line)
	}
	return rest
}
