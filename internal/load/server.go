//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// childMark is the variable of the environment that tells a process of tests to be a
// server.
const childMark = "UNDERSTUDY_LOAD_CHILD"

// server is a process of child.
type server struct {
	kind, address string
	stdin         io.WriteCloser
	lines         *bufio.Reader
	cmd           *exec.Cmd
}

func startServer(ctx context.Context, kind string, c *testCase, a *answer, profiles string) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{kind: kind, cmd: exec.CommandContext(ctx, program, "-serve", kind, "-of", c.name, "-profiles", profiles)}
	s.cmd.Stderr = os.Stderr
	s.cmd.Env = append(os.Environ(), childMark+"=1")
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.lines = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if a != nil {
		text, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(s.stdin, base64.StdEncoding.EncodeToString(text))
	}
	line, err := s.lines.ReadString('\n')
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("%s did not start: %w", kind, err)
	}
	s.address = strings.TrimSpace(line)
	return s, nil
}

// used asks the server what it has used up; at rest, after a collection of garbage.
func (s *server) used(rest bool) (u usage, err error) {
	line := ""
	if rest {
		line = "rest"
	}
	return s.ask(line)
}

func (s *server) ask(question string) (u usage, err error) {
	if _, err := fmt.Fprintln(s.stdin, question); err != nil {
		return u, err
	}
	line, err := s.lines.ReadBytes('\n')
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(line, &u)
}

func (s *server) stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait()
}
