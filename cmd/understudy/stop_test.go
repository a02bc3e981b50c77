package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestStop ends a server while a request is under way: the request finishes if it
// can within --drain, and signals have their usual effect from the first one on.
func TestStop(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		drain, delay string
		code         int
		finishes     bool
	}{
		"in time":  {"10s", "50ms", exitOK, true},
		"waiting":  {"4s", "1m", exitOK, true}, // the wait ends before the time is over
		"too late": {"20ms", "", exitWrong, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signal, send := context.WithCancel(t.Context())
			var restored atomic.Bool
			stdout, printed := io.Pipe()
			var stderr strings.Builder // a request that was cut off may end later, so it must not log
			code := make(chan int)
			go func() {
				got := run([]string{"serve", "../../openapi.yaml", "--listen", "127.0.0.1:0", "--drain", test.drain, "--log-level", "error"}, environment{
					stdout: printed, stderr: &stderr,
					lookup: func(string) (string, bool) { return "", false },
					notify: func(context.Context) (context.Context, context.CancelFunc) {
						return signal, func() { restored.Store(true) }
					},
					hangup: noHangup,
				})
				printed.Close()
				code <- got
			}()
			lines := bufio.NewScanner(stdout)
			url := ""
			for url == "" && lines.Scan() {
				url, _ = strings.CutPrefix(lines.Text(), "listening on ")
				if !strings.HasPrefix(url, "http") {
					url = ""
				}
			}
			arrived, answered := make(chan struct{}), make(chan error, 1)
			go func() {
				if test.delay == "" {
					answered <- unfinished(url, arrived)
					return
				}
				answered <- delayed(url, test.delay, arrived)
			}()
			<-arrived
			send()
			for lines.Scan() { // until the command has closed it
			}
			if err := <-answered; (err == nil) != test.finishes {
				t.Errorf("the request under way: %v", err)
			}
			if got := <-code; got != test.code {
				t.Errorf("exit code %d, want %d: %s", got, test.code, &stderr)
			}
			if !restored.Load() {
				t.Error("a second signal would not end the command at once")
			}
		})
	}
}

// delayed sends a request that is answered after a while; arrived is closed when
// it must have reached the server.
func delayed(url, delay string, arrived chan<- struct{}) error {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	const path = "/v1/orgs/y/identifications/identity_document/1"
	time.AfterFunc(20*time.Millisecond, func() { close(arrived) }) // enough for a request to reach a handler
	res, err := client.Get(url + path + "?__delay=" + delay)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// unfinished sends a request whose body never comes.
func unfinished(url string, arrived chan<- struct{}) error {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return err
	}
	defer conn.Close()
	time.AfterFunc(20*time.Millisecond, func() { close(arrived) }) // as in delayed
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n"); err != nil {
		return err
	}
	_, err = http.ReadResponse(bufio.NewReader(conn), nil)
	return err
}

func noHangup() (<-chan os.Signal, func()) { return nil, func() {} }
