package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// startTimeout bounds the wait for a server in a script; it is never reached when
// all is well.
const startTimeout = 30 * time.Second

// serverKey finds a script's server among its values.
type serverKey struct{}

// server is the understudy serve that a script has started.
type server struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when stdout has ended
	lines chan string   // what it has printed and await has not looked at
}

// keep offers a line to await. A script that never awaits loses the last ones.
func keep(lines chan<- string, line string) {
	select {
	case lines <- line:
	default:
	}
}

func cmdServe(ts *testscript.TestScript, neg bool, command string, args []string) {
	if neg {
		ts.Fatalf("%s cannot be negated: use ! exec understudy %s", command, command)
	}
	s := ts.Value(serverKey{}).(*server)
	s.cmd = exec.Command(inPath(ts, "understudy"), append([]string{command, "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = os.Environ()
	for _, name := range allSettings(newRoot(environment{})) {
		s.cmd.Env = append(s.cmd.Env, variable(name)+"="+ts.Getenv(variable(name)))
	}
	stdout, err := s.cmd.StdoutPipe()
	ts.Check(err)
	log, err := os.Create(ts.MkAbs("serve.log"))
	ts.Check(err)
	// A server that has ended may still be read while the next one is started.
	kept := make(chan string, 10_000)
	s.lines = kept
	logged, stderr := io.Pipe()
	s.cmd.Stderr = io.MultiWriter(log, stderr)
	go func() {
		for lines := bufio.NewScanner(logged); lines.Scan(); {
			keep(kept, lines.Text())
		}
	}()
	ts.Check(s.cmd.Start())
	s.ended = make(chan struct{})
	listening := make(chan string, 1)
	var printed strings.Builder
	go func() {
		defer close(s.ended)
		defer close(listening)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			fmt.Fprintln(&printed, lines.Text())
			keep(kept, lines.Text())
			if strings.HasPrefix(lines.Text(), "listening on ") {
				listening <- printed.String()
			}
		}
	}()
	ts.Defer(func() {
		_ = s.cmd.Process.Kill() // fails where stop has ended it
		<-s.ended
		_ = s.cmd.Wait()
		_ = stderr.Close()
		_ = log.Close()
	})
	select {
	case text, ok := <-listening:
		if !ok {
			_ = s.cmd.Wait() // then all of the log is there
			logged, _ := os.ReadFile(log.Name())
			ts.Fatalf("understudy serve did not start:\n%s", logged)
		}
		ts.Check(os.WriteFile(ts.MkAbs("serve.out"), []byte(text), 0o600))
		lines := strings.Fields(text)
		ts.Setenv("URL", lines[len(lines)-1])
	case <-time.After(startTimeout):
		ts.Fatalf("understudy serve did not start in time")
	}
}

func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await PATTERN")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	s := ts.Value(serverKey{}).(*server)
	var seen []string
	for late := time.After(startTimeout); ; {
		select {
		case line := <-s.lines:
			if pattern.MatchString(line) {
				return
			}
			seen = append(seen, line)
		case <-late:
			ts.Fatalf("no line matches %q in time, but there were\n%s", args[0], strings.Join(seen, "\n"))
		}
	}
}

// inPath finds a command in the script's PATH.
func inPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	ts.Fatalf("%s is not in PATH", name)
	return ""
}

func cmdEnd(ts *testscript.TestScript, neg bool, args []string) {
	signal := syscall.SIGTERM
	if len(args) == 1 && args[0] == "INT" {
		signal = syscall.SIGINT
	}
	s := ts.Value(serverKey{}).(*server)
	ts.Check(s.cmd.Process.Signal(signal))
	<-s.ended
	if err := s.cmd.Wait(); (err != nil) != neg {
		ts.Fatalf("understudy serve ended with %v", err)
	}
}
