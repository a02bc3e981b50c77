package testenv

import (
	"bufio"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// RedisServer is a server of a test's own.
type RedisServer struct {
	t    testing.TB
	cmd  *exec.Cmd
	dir  string
	port string
	args []string
}

// Durable has a server write every change to its disk before it answers.
var Durable = []string{"--appendonly", "yes", "--appendfsync", "always"}

// NewRedis starts a server on a free port, which keeps nothing on its disk unless args
// say otherwise, and ends it with the test. It skips the test where redis-server is
// missing, see NeedsTool.
func NewRedis(t testing.TB, args ...string) *RedisServer {
	t.Helper()
	NeedsTool(t, "redis-server")
	s := &RedisServer{t: t, dir: t.TempDir(), args: args}
	for range 5 { // the port may have been taken meanwhile
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.port = strconv.Itoa(free.Addr().(*net.TCPAddr).Port)
		_ = free.Close()
		if s.start() {
			t.Cleanup(s.Kill)
			return s
		}
	}
	t.Fatal("redis-server does not start")
	return nil
}

// Address is host and port.
func (s *RedisServer) Address() string { return "127.0.0.1:" + s.port }

// URL is the address as a URL.
func (s *RedisServer) URL() string { return "redis://" + s.Address() + "/0" }

// Process is the server's, until it is started again.
func (s *RedisServer) Process() *exec.Cmd { return s.cmd }

// Kill ends the server without a chance to tidy up.
func (s *RedisServer) Kill() {
	_ = s.cmd.Process.Kill() // fails where it has ended
	_ = s.cmd.Wait()
}

// Pause keeps the server from answering until Resume.
func (s *RedisServer) Pause() { s.signal(syscall.SIGSTOP) }

// Resume undoes Pause.
func (s *RedisServer) Resume() { s.signal(syscall.SIGCONT) }

func (s *RedisServer) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// Restart starts the server again after Kill, with what it has written.
func (s *RedisServer) Restart() {
	s.t.Helper()
	if !s.start() {
		s.t.Fatal("redis-server does not start again")
	}
}

func (s *RedisServer) start() bool {
	s.cmd = exec.Command("redis-server", append([]string{"--port", s.port, "--bind", "127.0.0.1", "--dir", s.dir, "--save", ""}, s.args...)...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); time.Sleep(5 * time.Millisecond) {
		if s.answers() {
			return true
		}
		if s.cmd.Process.Signal(syscall.Signal(0)) != nil {
			break
		}
	}
	s.Kill()
	return false
}

func (s *RedisServer) answers() bool {
	c, err := net.DialTimeout("tcp", s.Address(), time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte("PING\r\n"))
	line, _ := bufio.NewReader(c).ReadString('\n')
	return line == "+PONG\r\n"
}
