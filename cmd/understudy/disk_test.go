//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/understudy-mock/understudy/testdata/provider"
)

// onDisk is the command with a folder that is a small file system, which no other process
// has.
type onDisk struct {
	*process
	dir    string // as the process sees it
	inside string // as the test does
}

// startOnDisk runs a command of understudy; $0 in its arguments is the folder.
func startOnDisk(t *testing.T, args string) *onDisk {
	t.Helper()
	dir := t.TempDir()
	const mount = `mount -t tmpfs -o size=256k tmpfs "$0"`
	if out, err := exec.Command("unshare", "-rm", "sh", "-c", mount, dir).CombinedOutput(); err != nil {
		t.Skipf("a file system of its own cannot be had here: %v %s", err, out)
	}
	p := startProcess(t, "exec unshare -rm sh -c '"+mount+` && export TMPDIR="$0" && exec understudy `+args+" --listen 127.0.0.1:0' "+dir)
	return &onDisk{p, dir, filepath.Join(fmt.Sprintf("/proc/%d/root", p.cmd.Process.Pid), dir)}
}

// fill leaves no room; it returns what makes room again.
func (p *onDisk) fill(t *testing.T) (room func()) {
	t.Helper()
	filler := filepath.Join(p.inside, "filler")
	if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal("the file system is not full:", err)
	}
	return func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRecordOnAFullDisk records onto a file system that is full, and then is not any more.
// The file system is the process's own, so that no other is touched.
func TestRecordOnAFullDisk(t *testing.T) {
	t.Parallel()
	api := httptest.NewServer(provider.New())
	defer api.Close()
	p := startOnDisk(t, fmt.Sprintf(`record ../../testdata/provider/openapi.yaml --upstream %s%s --out "$0" --every 0`, api.URL, provider.Base))
	get := func(path string) {
		t.Helper()
		req, err := http.NewRequest("GET", p.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Api-Key", provider.Key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	hangup := func() {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	get("/v1/health")
	hangup()
	p.await(t, p.prints, "written: 1 call")
	health := filepath.Join(p.inside, "recorded", "health.yaml")
	before, err := os.ReadFile(health)
	if err != nil {
		t.Fatal(err)
	}
	room := p.fill(t)
	get("/v1/orders")
	get("/v1/health")
	hangup()
	if line := p.await(t, p.tells, "not written: "); !strings.Contains(line, "no space left on device") || !strings.Contains(line, p.dir) {
		t.Error(line)
	}
	after, err := os.ReadFile(health)
	if err != nil || string(after) != string(before) {
		t.Errorf("what was written has changed: %v\n%s", err, after)
	}
	if names, err := os.ReadDir(filepath.Join(p.inside, "recorded")); err != nil || len(names) != 1 {
		t.Errorf("something is left behind: %v %v", names, err)
	}
	room()
	hangup()
	p.await(t, p.prints, "written: 3 calls")
	for _, name := range []string{"health.yaml", "listOrders.yaml"} {
		if text, err := os.ReadFile(filepath.Join(p.inside, "recorded", name)); err != nil || len(text) == 0 {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	p.end(t)
}

// TestServeOnAFullDisk holds that uploads which find no room, and scenarios that cannot be
// kept, are refused while there is none, leave nothing behind and are taken afterwards.
func TestServeOnAFullDisk(t *testing.T) {
	t.Parallel()
	spec := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(spec, []byte(`
openapi: 3.1.0
info: {title: Files, version: "1"}
paths:
  /files: {post: {operationId: addFile, requestBody: {content: {application/octet-stream: {}}}, responses: {"204": {description: stored}, "409": {description: no}}}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startOnDisk(t, "serve "+spec+` --scenarios "" --max-body 100KiB --data "$0/data"`)
	post := func(path, contentType, body string) (status int, problem, text string) {
		t.Helper()
		res, err := http.Post(p.url+path, contentType, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header.Get("Understudy-Error"), string(answer)
	}
	upload := strings.Repeat("x", 150<<10) // is stored, as it is longer than what may be held
	if status, _, text := post("/__admin/scenarios?name=kept", "application/json", `{"operations": {"addFile": {"when": {"query": {"a": "b"}}, "respond": {"status": 409}}}}`); status != 201 {
		t.Errorf("a scenario with room: %d %s", status, text)
	}
	replace := func() (int, string, string) {
		return post("/__admin/scenarios?name=kept", "application/yaml", "operations: {addFile: 409}")
	}
	kept := func(want string) {
		t.Helper()
		names, err := os.ReadDir(filepath.Join(p.inside, "data", "scenarios"))
		if err != nil || len(names) != 1 || names[0].Name() != want {
			t.Errorf("kept are %v, want %s: %v", names, want, err)
		}
	}
	if status, _, text := post("/files", "application/octet-stream", upload); status != 204 {
		t.Errorf("with room: %d %s", status, text)
	}
	room := p.fill(t)
	if status, problem, text := post("/files", "application/octet-stream", upload); status != 503 || problem != "TOO_MUCH_IN_FLIGHT" || !strings.Contains(text, "no space left on device") {
		t.Errorf("an upload without room: %d %s", status, text)
	}
	if status, _, text := post("/files", "application/octet-stream", "short"); status != 204 {
		t.Errorf("what needs no room: %d %s", status, text)
	}
	if status, problem, text := replace(); status != 503 || problem != "SCENARIO_NOT_KEPT" || !strings.Contains(text, "no space left on device") {
		t.Errorf("a scenario without room: %d %s %s", status, problem, text)
	}
	kept("kept.json")
	room()
	if status, _, text := replace(); status != 200 {
		t.Errorf("a scenario with room again: %d %s", status, text)
	}
	kept("kept.yaml")
	if status, _, text := post("/files", "application/octet-stream", upload); status != 409 {
		t.Errorf("an upload with room again: %d %s", status, text)
	}
	p.end(t)
}
