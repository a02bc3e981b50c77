//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/understudy-mock/understudy/internal/pacing"
	"github.com/understudy-mock/understudy/mock"
)

// Kinds of servers.
const (
	understudy = "understudy"
	bare       = "bare"
)

// usage is what a server has used up since it began.
type usage struct {
	CPU     time.Duration `json:"cpu"`
	Mallocs uint64        `json:"mallocs"`
	// Heap is what is allocated after a collection, Resident the memory of the process,
	// 0 where the system does not tell; only asked for with "rest".
	Heap       uint64 `json:"heap,omitempty"`
	Resident   uint64 `json:"resident,omitempty"`
	Goroutines int    `json:"goroutines"`
	// Reloads counts those that succeeded.
	Reloads int64 `json:"reloads,omitempty"`
}

// answer is what the bare server sends.
type answer struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// child is the process of a server. It prints its address, answers each line of its
// standard input with its usage, and ends with it. The line "rest" collects garbage
// before.
func child(ctx context.Context, kind, name, profiles string) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	var address string
	switch kind {
	case understudy:
		pacing.Start(pacing.Floor) // as the program does
		folder, err := os.MkdirTemp("", "understudy-load")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		m, err := serveUnderstudy(ctx, name, folder)
		if err != nil {
			return err
		}
		defer func() { _ = m.Stop(context.WithoutCancel(ctx)) }()
		address = m.Addr().String()
	case bare:
		if !lines.Scan() {
			return errors.New("no answer to send")
		}
		listener, err := serveBare(lines.Bytes())
		if err != nil {
			return err
		}
		defer listener.Close()
		address = listener.Addr().String()
	default:
		return fmt.Errorf("no server %q", kind)
	}
	fmt.Println(address)
	if profiles != "" && kind == understudy {
		stop, err := profile(profiles, name)
		if err != nil {
			return err
		}
		defer stop()
	}
	for lines.Scan() {
		if err := json.NewEncoder(os.Stdout).Encode(used(lines.Text() == "rest")); err != nil {
			return err
		}
	}
	return lines.Err()
}

func serveUnderstudy(ctx context.Context, name, folder string) (*mock.Mock, error) {
	c, err := caseNamed(name)
	if err != nil {
		return nil, err
	}
	options, err := c.options(folder)
	if err != nil {
		return nil, err
	}
	options.Listen = "127.0.0.1:0"
	m, err := mock.New(ctx, options)
	if err != nil {
		return nil, err
	}
	if c.prepare != nil {
		if err := c.prepare(ctx, m, folder); err != nil {
			return nil, err
		}
	}
	return m, m.Start()
}

// serveBare sends one answer to whatever comes, and looks at nothing.
func serveBare(encoded []byte) (net.Listener, error) {
	text, err := base64.StdEncoding.DecodeString(string(encoded))
	if err != nil {
		return nil, err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, err
	}
	if a.Status != http.StatusNoContent {
		a.Header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 { // any server must take a body off the connection
			_, _ = io.Copy(io.Discard, r.Body)
		}
		h := w.Header()
		for name, lines := range a.Header {
			h[name] = lines
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body)
	})}
	go func() { _ = server.Serve(listener) }()
	return listener, nil
}

func used(rest bool) (u usage) {
	if rest {
		debug.FreeOSMemory()
	}
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.CPU, u.Mallocs, u.Goroutines, u.Reloads = time.Duration(r.Utime.Nano()+r.Stime.Nano()), m.Mallocs, runtime.NumGoroutine(), reloads.Load()
	if rest {
		u.Heap, u.Resident = m.HeapAlloc, resident()
	}
	return u
}

// resident reads the memory of this process from the system.
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages uint64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

func profile(folder, name string) (stop func(), err error) {
	number := slices.IndexFunc(cases(), func(c testCase) bool { return c.name == name }) + 1
	f, err := os.Create(filepath.Join(folder, fmt.Sprintf("case-%d.pprof", number)))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}

func caseNamed(name string) (testCase, error) {
	for _, c := range append(cases(), soak()) {
		if c.name == name {
			return c, nil
		}
	}
	return testCase{}, fmt.Errorf("no case %q", name)
}
