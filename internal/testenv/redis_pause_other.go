//go:build !unix

package testenv

// Pause skips the test: a process cannot be halted here.
func (s *RedisServer) Pause() {
	s.t.Helper()
	s.t.Skip("a server cannot be halted on this system")
}

// Resume undoes Pause.
func (s *RedisServer) Resume() {}
