package testenv

import (
	"bytes"
	"cmp"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// RedisServer is a server of a test's own.
type RedisServer struct {
	t     testing.TB
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	said  bytes.Buffer  // what it has written; may be read when it has ended
	dir   string
	port  string
	args  []string
}

// Durable has a server write every change to a file before it answers, which outlives Kill.
// It does not wait for the disk, as one that has to outlive its machine should: beside a
// compiler that can take as long as a request may.
var Durable = []string{"--appendonly", "yes", "--appendfsync", "no"}

// NewRedis starts a server on a free port, which keeps nothing on its disk unless args
// say otherwise, and ends it with the test. The program is redis-server, or what
// UNDERSTUDY_TEST_REDIS names, such as a path to valkey-server. It skips the test where
// that is missing, see NeedsTool.
func NewRedis(t testing.TB, args ...string) *RedisServer {
	t.Helper()
	NeedsTool(t, redisProgram())
	s := &RedisServer{t: t, dir: t.TempDir(), args: args}
	for range 5 {
		s.port = FreePort(t)
		if s.start() {
			t.Cleanup(s.Kill)
			return s
		}
		if !strings.Contains(s.said.String(), "Address already in use") {
			break
		}
	}
	t.Fatalf("%s does not start:\n%s", redisProgram(), &s.said)
	return nil
}

func redisProgram() string { return cmp.Or(os.Getenv("UNDERSTUDY_TEST_REDIS"), "redis-server") }

// Address is host and port.
func (s *RedisServer) Address() string { return "127.0.0.1:" + s.port }

// URL is the address as a URL.
func (s *RedisServer) URL() string { return "redis://" + s.Address() + "/0" }

// Process is the server's, until it is started again.
func (s *RedisServer) Process() *exec.Cmd { return s.cmd }

// Kill ends the server without a chance to tidy up.
func (s *RedisServer) Kill() {
	_ = s.cmd.Process.Kill() // fails where it has ended
	<-s.ended
}

// Restart starts the server again after Kill, with what it has written.
func (s *RedisServer) Restart() {
	s.t.Helper()
	if !s.start() {
		s.t.Fatalf("%s does not start again:\n%s", redisProgram(), &s.said)
	}
}

// start gives false for a server that has ended before it answered; said tells why.
func (s *RedisServer) start() bool {
	s.t.Helper()
	s.said.Reset()
	s.cmd = exec.Command(redisProgram(), append([]string{"--port", s.port, "--bind", "127.0.0.1", "--dir", s.dir, "--save", ""}, s.args...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.said, &s.said
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	cmd, ended := s.cmd, make(chan struct{})
	s.ended = ended
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); {
		if s.Ask("PING") == "+PONG" {
			return true
		}
		select {
		case <-s.ended:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
	s.Kill()
	return false
}

// Ask sends a command, as a line, and gives the answer, which must be short, "" where there is none.
func (s *RedisServer) Ask(command string) string {
	c, err := net.DialTimeout("tcp", s.Address(), time.Second)
	if err != nil {
		return ""
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte(command + "\r\n"))
	answer := make([]byte, 64<<10)
	n, _ := c.Read(answer)
	return strings.TrimSpace(string(answer[:n]))
}
