package mocktest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// server is a mock that listens.
type server struct {
	mock *mock.Mock
	url  string

	listener *httptest.Server
	shared   *sharedMock // nil for a mock of one test
}

// serve starts a mock, or takes a shared one.
func (s *settings) serve(ctx context.Context) (*server, error) {
	if s.shared {
		return sharedFor(s.options).use()
	}
	m, err := mock.New(ctx, s.options)
	if err != nil {
		return nil, err
	}
	return listen(m), nil
}

func listen(m *mock.Mock) *server {
	l := httptest.NewServer(m)
	return &server{mock: m, url: l.URL, listener: l}
}

// release gives the server back. One that nobody uses any more is stopped; then it gives
// false where requests had to be cut off.
func (s *server) release(grace time.Duration) bool {
	if s.shared != nil {
		return s.shared.release(grace)
	}
	defer s.stopMock(grace)
	return s.stopListening(grace)
}

func (s *server) stopListening(grace time.Duration) bool {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.listener.Close()
	}()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-closed:
		return true
	case <-timer.C:
		s.listener.CloseClientConnections()
		<-closed
		return false
	}
}

// stopMock ends what the mock does by itself, such as callbacks that wait.
func (s *server) stopMock(grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = s.mock.Stop(ctx) // it fails for listeners of its own alone
}

// sharedMock is loaded once, and listens while somebody uses it, so that nothing is left
// when the last test has ended.
type sharedMock struct {
	options mock.Options

	mu     sync.Mutex // guards the fields below
	mock   *mock.Mock // nil before it was loaded
	users  int
	server *server
}

// sharedMocks are those of the process, by what they serve: string → *sharedMock.
var sharedMocks sync.Map

func sharedFor(o mock.Options) *sharedMock {
	known, _ := sharedMocks.LoadOrStore(fmt.Sprintf("%#v", o), &sharedMock{options: o})
	return known.(*sharedMock)
}

func (s *sharedMock) use() (*server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mock == nil {
		// The context of the test that is first would end with that test.
		m, err := mock.New(context.Background(), s.options)
		if err != nil {
			return nil, err
		}
		s.mock = m
	}
	if s.users++; s.users == 1 {
		s.server = listen(s.mock)
		s.server.shared = s
	}
	return s.server, nil
}

func (s *sharedMock) release(grace time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users > 0 {
		return true
	}
	inTime := s.server.stopListening(grace)
	if len(s.options.CallbackHosts) > 0 {
		// What it would still send must not outlive the tests, and a mock that was stopped
		// sends nothing more.
		s.server.stopMock(grace)
		s.mock = nil
	}
	return inTime
}
