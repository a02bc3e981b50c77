package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
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
		"in time":  {"10s", "500ms", exitOK, true},
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

// delayed sends a request that is answered after a while; arrived is closed when the
// journal has it.
func delayed(url, delay string, arrived chan<- struct{}) error {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	const path = "/v1/orgs/y/identifications/identity_document/1"
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		defer close(arrived)
		for count, err := 0, error(nil); count == 0 && err == nil; {
			count, err = exchanges(ctx, client, url)
		}
	}()
	res, err := client.Get(url + path + "?__delay=" + delay)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// exchanges asks how many requests the journal has.
func exchanges(ctx context.Context, client *http.Client, url string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/__admin/exchanges/count", nil)
	if err != nil {
		return 0, err
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var found struct{ Count int }
	err = json.NewDecoder(res.Body).Decode(&found)
	return found.Count, err
}

// unfinished sends a request whose body never comes; arrived is closed when the server
// asks for it.
func unfinished(url string, arrived chan<- struct{}) error {
	arrive := sync.OnceFunc(func() { close(arrived) })
	defer arrive()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		return err
	}
	answer := bufio.NewReader(conn)
	res, err := http.ReadResponse(answer, nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusContinue {
		return fmt.Errorf("answered %s", res.Status)
	}
	arrive()
	_, err = http.ReadResponse(answer, nil)
	return err
}

func noHangup() (<-chan os.Signal, func()) { return nil, func() {} }
