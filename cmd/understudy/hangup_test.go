//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestHangupsUnderLoad sends SIGHUP again and again while clients ask: every request is
// answered, by the files of one moment, and a broken file between changes nothing.
func TestHangupsUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		// Moved into its place, as a reload may come at any moment.
		if err := os.WriteFile(filepath.Join(dir, ".next"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, ".next"), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	stub := func(n int) string {
		return fmt.Sprintf("default: true\noperations:\n  getOne: {respond: {status: 404, headers: {X-Version: \"%d\"}, mediaType: text/plain, text: \"%d\"}}\n", n, n)
	}
	write("api.yaml", "openapi: 3.1.0\ninfo: {title: One, version: \"1\"}\npaths: {/one: {get: {operationId: getOne, responses: {\"404\": {description: no, content: {text/plain: {}}}}}}}\n")
	if err := os.Mkdir(filepath.Join(dir, "scenarios"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("scenarios/a.yaml", stub(0))
	p := startProcess(t, fmt.Sprintf("exec understudy serve %s --scenarios %s --listen 127.0.0.1:0 --watch off --log-level error", filepath.Join(dir, "api.yaml"), filepath.Join(dir, "scenarios")))
	done := make(chan struct{})
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			// Half of them come anew each time, as a listener must not be touched either.
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
			defer client.CloseIdleConnections()
			for {
				select {
				case <-done:
					return
				default:
				}
				res, err := client.Get(p.url + "/one")
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if version := res.Header.Get("X-Version"); err != nil || res.StatusCode != 404 || version == "" || string(body) != version {
					t.Errorf("%s %q of version %s, %v", res.Status, body, version, err)
					return
				}
			}
		})
	}
	hangup := func() {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 20 {
		write("scenarios/a.yaml", stub(n+1))
		hangup()
		p.await(t, p.prints, "reloaded")
	}
	write("scenarios/a.yaml", "operations: {getOne: {respond: {staus: 404}}}\n")
	hangup()
	p.await(t, p.tells, "not reloaded: the mock goes on with what it had")
	for range 50 { // faster than they can be heeded
		hangup()
	}
	close(done)
	clients.Wait()
	res, err := http.Get(p.url + "/one")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("X-Version"); got != "20" {
		t.Errorf("in the end the version is %s", got)
	}
	for _, line := range p.end(t) {
		if strings.Contains(line, "panic") || strings.Contains(line, "level=ERROR") {
			t.Error(line)
		}
	}
}
