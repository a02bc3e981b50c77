//go:build unix

package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/testdata/provider"
)

// TestFullRecording records more calls than there is room for: those that fit are written,
// the others are told, and the exit code says that something is missing.
func TestFullRecording(t *testing.T) {
	t.Parallel()
	if os.Getenv("UNDERSTUDY_TEST_LONG") == "" {
		t.Skip("ten thousand calls take some seconds: UNDERSTUDY_TEST_LONG=1 makes them")
	}
	api := httptest.NewServer(provider.New())
	defer api.Close()
	dir := t.TempDir()
	p := startProcess(t, "exec understudy record ../../testdata/provider/openapi.yaml --upstream "+api.URL+provider.Base+" --out "+dir+" --every 0 --listen 127.0.0.1:0 --log-level error")
	const calls, more = 10_000, 12
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			n := calls / 4
			if i == 0 {
				n += more
			}
			for range n {
				res, err := client.Get(p.url + "/v1/health")
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
		})
	}
	clients.Wait()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var printed []string
	for line := range p.prints {
		printed = append(printed, line)
	}
	text := strings.Join(printed, "\n")
	for _, want := range []string{"recorded 10000 calls of 1 operations; written to ", "not recorded, 12 times: there is no room: record less at a time"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitWrong {
		t.Errorf("it has ended with %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "recorded", "health.yaml")); err != nil {
		t.Error(err)
	}
}
