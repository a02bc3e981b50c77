//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

var reloads atomic.Int64

// soak is a mix of what clients send: valid, invalid and unknown, in sessions and out
// of them, with states and sequences, while a scenario file changes every second.
func soak() testCase {
	c := testCase{name: "soak", prepare: edit, options: func(folder string) (mock.Options, error) {
		scenarios := filepath.Join(folder, "scenarios")
		if err := os.CopyFS(scenarios, os.DirFS("scenarios")); err != nil {
			return mock.Options{}, err
		}
		return mock.Options{
			Specs: []mock.Spec{{Location: "openapi.yaml"}}, Scenarios: []string{scenarios}, Watch: "events",
			OnReload: func(r mock.Reloaded) {
				if r.Err != nil {
					fmt.Fprintln(os.Stderr, r.Err)
					return
				}
				reloads.Add(1)
			},
		}, nil
	}}
	for i := range 500 {
		session := fmt.Sprintf("Understudy-Session: s%d\r\n", i)
		id := fmt.Sprintf("%s%03x", identification[:len(identification)-3], i)
		c.requests = append(c.requests,
			request(200, "GET", id, session, ""),
			request(204, "POST", id+"/validate", installation+fingerprint, ""),
			request(400, "POST", id+"/validate", session, ""),
			request(500, "GET", id, "Prefer: code=500\r\n", ""),
			request(404, "GET", "/nowhere", session, ""),
			request(405, "DELETE", id, "", ""),
			request(409, "POST", id+"/validate", installation+fingerprint+"Prefer: scenario=validate/409\r\n"+session, ""),
			request(503, "GET", id, "Prefer: scenario=get/default\r\n", ""),
			request(200, "GET", id+"?undeclared="+strings.Repeat("x", i), "Prefer: dynamic=true, seed="+fmt.Sprint(i)+"\r\n", ""),
		)
	}
	return c
}

// edit writes a scenario file anew each second.
func edit(ctx context.Context, _ *mock.Mock, folder string) error {
	write := func(i int) error {
		return os.WriteFile(filepath.Join(folder, "scenarios", "edited.yaml"), fmt.Appendf(nil, "operations:\n  getIdentityDocument:\n    - when: {path: {identification_id: edit-%d}}\n      respond: {status: 404}\n", i), 0o600)
	}
	if err := write(0); err != nil {
		return err
	}
	go func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for i := 1; ; i++ {
			select {
			case <-every.C:
				_ = write(i)
			case <-ctx.Done():
				return
			}
		}
	}()
	return nil
}

// samples is how often the server is looked at.
const samples = 8

// endured is what a soak has shown.
type endured struct {
	requests, idle, slow int
	took                 time.Duration
	seen                 []usage // after each part of the requests
	last                 usage   // when all connections were closed
}

var errNoReload = errors.New("no change of a file was seen")

// endure sends n requests beside connections that do nothing and slow ones.
func endure(ctx context.Context, n, connections, idle, slow int) (*endured, error) {
	c := soak()
	s, err := startServer(ctx, understudy, &c, nil, "")
	if err != nil {
		return nil, err
	}
	defer s.stop()
	list, err := open(s.address, &c, connections)
	if err != nil {
		return nil, err
	}
	defer closeAll(list)
	release, err := crowd(ctx, s.address, idle, slow)
	if err != nil {
		return nil, err
	}
	defer release()
	e := endured{requests: n, idle: idle, slow: slow}
	began := time.Now()
	for range samples {
		err := each(list, func(_ int, c *connection) error {
			for range n / samples / connections {
				if err := errors.Join(ctx.Err(), c.exchange()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		u, err := s.used(true)
		if err != nil {
			return nil, err
		}
		e.seen = append(e.seen, u)
	}
	e.took = time.Since(began)
	release()
	closeAll(list)
	time.Sleep(time.Second)
	if e.last, err = s.used(true); err == nil && e.last.Reloads == 0 {
		err = errNoReload
	}
	return &e, err
}

func closeAll(list []*connection) {
	for _, c := range list {
		_ = c.Close()
	}
}

// crowd opens connections that do nothing after a first request, and others that send the header of a
// request a byte a second. The server may close those; they are opened again.
func crowd(ctx context.Context, address string, idle, slow int) (release func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	var open []net.Conn
	release = func() {
		cancel()
		for _, c := range open {
			_ = c.Close()
		}
	}
	first := soak().requests[:1]
	for i := range idle + slow {
		c, err := net.Dial("tcp", address)
		if err == nil {
			open = append(open, c)
			if i < idle { // one that has not sent anything yet is not idle but slow
				err = (&connection{Conn: c, r: bufio.NewReader(c), c: &testCase{requests: first}}).exchange()
			}
		}
		if err != nil {
			release()
			return nil, err
		}
	}
	slowOnes := make([]net.Conn, slow)
	copy(slowOnes, open[idle:])
	go func() {
		defer func() {
			for _, c := range slowOnes {
				_ = c.Close()
			}
		}()
		every := time.NewTicker(time.Second)
		defer every.Stop()
		header := first[0].text
		sent := make([]int, slow) // of the header, by each
		for {
			select {
			case <-every.C:
			case <-ctx.Done():
				return
			}
			for j, c := range slowOnes {
				_, err := c.Write([]byte{header[sent[j]]})
				if sent[j] = min(sent[j]+1, len(header)-5); err == nil {
					continue
				}
				_ = c.Close()
				if again, err := net.Dial("tcp", address); err == nil {
					slowOnes[j], sent[j] = again, 0
				}
			}
		}
	}()
	return release, nil
}

func (e *endured) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d requests in %s, beside %d connections that do nothing and %d that send a byte a second; %d reloads. After each part, and when all connections were closed:\n\n",
		e.requests, e.took.Round(time.Second), e.idle, e.slow, e.last.Reloads)
	b.WriteString("| requests | heap | memory of the process | goroutines |\n| --- | --- | --- | --- |\n")
	for i, u := range e.seen {
		fmt.Fprintf(&b, "| %d | %d MB | %d MB | %d |\n", e.requests/samples*(i+1), u.Heap>>20, u.Resident>>20, u.Goroutines)
	}
	fmt.Fprintf(&b, "| closed | %d MB | %d MB | %d |\n\n", e.last.Heap>>20, e.last.Resident>>20, e.last.Goroutines)
	return b.String()
}
