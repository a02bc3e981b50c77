package mock_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

const keepAPI = `
openapi: 3.1.0
info: {title: Keep, version: "1"}
paths:
  /a:
    get: {operationId: getA, responses: {"200": {description: ok}, "404": {description: no}, "500": {description: broken}}}
  /b:
    get: {operationId: getB, responses: {"200": {description: ok}, "404": {description: no}}}
`

// askControl gives the status and the body of an answer of the control plane.
func askControl(t *testing.T, m *mock.Mock, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/__admin"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func keepMock(t *testing.T) *mock.Mock {
	t.Helper()
	f := newFiles(t)
	f.write("api.yaml", keepAPI)
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(f.folder, "api.yaml")}}, Data: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(t.Context()) })
	return m
}

// TestLargeKeptActive holds that a file of what was active which no mock has written is told,
// and that the mock starts without it.
func TestLargeKeptActive(t *testing.T) {
	t.Parallel()
	for size, told := range map[int64]bool{mock.MaxKeptActive: false, mock.MaxKeptActive + 1: true, 1 << 40: true} {
		f := newFiles(t)
		f.write("api.yaml", keepAPI)
		data := filepath.Join(f.folder, "data")
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		text := make([]byte, min(size, mock.MaxKeptActive+1))
		for i := range text {
			text[i] = ' '
		}
		copy(text, "[")
		text[min(size, int64(len(text)))-1] = ']'
		name := filepath.Join(data, "active.json")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, size); err != nil {
			t.Skip("no sparse files here:", err)
		}
		log := warnings{all: make(chan string, 10)}
		m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(f.folder, "api.yaml")}}, Data: data, Logger: slog.New(log)})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		close(log.all)
		got := false
		for line := range log.all {
			got = got || strings.Contains(line, "which scenarios were active cannot be read")
		}
		if got != told {
			t.Errorf("%d bytes: told %t", size, got)
		}
	}
}

// TestAFailingDiskIsTold fails where a scenario is kept: nothing is added, replaced or
// removed, and whoever asks is told why.
func TestAFailingDiskIsTold(t *testing.T) {
	t.Parallel()
	m := keepMock(t)
	if status, body := askControl(t, m, "PUT", "/operations/getB/answer", `{"status": 404}`); status != 200 {
		t.Fatal(status, body)
	}
	full := errors.New("no space left on device")
	m.SyncBy(func(*os.File) error { return full })
	for _, text := range []string{"operations: {getA: 404}\n", "default: true\noperations: {getA: 404}\n"} {
		if _, err := m.AddScenario(t.Context(), "one", []byte(text)); !errors.Is(err, full) {
			t.Errorf("added: %v", err)
		}
	}
	status, body := askControl(t, m, "PUT", "/operations/getB/answer", `{"status": 200}`)
	if status != 503 || !strings.Contains(body, "#scenario_not_kept") || !strings.Contains(body, `The scenario cannot be kept in `) || !strings.Contains(body, "no space left on device") {
		t.Errorf("%d %s", status, body)
	}
	if a, b := statusOf(m, "GET", "/a"), statusOf(m, "GET", "/b"); a != 200 || b != 404 {
		t.Errorf("half applied: %d, %d", a, b)
	}
	if _, list := askControl(t, m, "GET", "/scenarios", ""); strings.Contains(list, `"one"`) {
		t.Errorf("listed: %s", list)
	}
	m.SyncBy(func(*os.File) error { return nil })
	if _, err := m.AddScenario(t.Context(), "one", []byte("operations: {getA: 404}\n")); err != nil || statusOf(m, "GET", "/a") != 404 {
		t.Errorf("when there is room again: %v", err)
	}
}

// TestOneMockHasTheFolder starts a second one with the folder of the first.
func TestOneMockHasTheFolder(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.write("api.yaml", keepAPI)
	data := filepath.Join(t.TempDir(), "data")
	opts := mock.Options{Specs: []mock.Spec{{Location: filepath.Join(f.folder, "api.yaml")}}, Data: data, Listen: "127.0.0.1:0"}
	first, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("the folder %s is used by another mock (process %d): stop that one, or name another folder with --data", data, os.Getpid())
	if _, err := mock.New(t.Context(), opts); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	wrong := opts
	wrong.Active = []string{"nothing"}
	if _, err := mock.New(t.Context(), wrong); err == nil {
		t.Error("began with a scenario that there is not")
	}
	second, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatalf("the folder is free again: %v", err)
	}
	if err := first.Start(); err == nil || err.Error() != want {
		t.Errorf("started again beside the second: %v", err)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Errorf("started again: %v", err)
	}
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestASlowDiskHoldsUpNoReader reads while a scenario is being kept.
func TestASlowDiskHoldsUpNoReader(t *testing.T) {
	t.Parallel()
	m := keepMock(t)
	writing, written := make(chan bool), make(chan bool)
	m.SyncBy(func(*os.File) error {
		writing <- true
		<-written
		return nil
	})
	added := make(chan error)
	go func() {
		_, err := m.AddScenario(t.Context(), "one", []byte("default: true\noperations: {getA: 404}\n"))
		added <- err
	}()
	<-writing
	for _, path := range []string{"/scenarios", "/scenarios/one", "/operations", "/sessions", "/readiness"} {
		if status, body := askControl(t, m, "GET", path, ""); status != 200 && path != "/scenarios/one" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if got := statusOf(m, "GET", "/a"); got != 200 {
		t.Errorf("served before it was kept: %d", got)
	}
	close(written)
	go func() {
		for range writing { // what else is written
			continue
		}
	}()
	if err := <-added; err != nil {
		t.Error(err)
	}
	close(writing)
	if got := statusOf(m, "GET", "/a"); got != 404 {
		t.Errorf("kept and not served: %d", got)
	}
}

// TestResetsEndForcedAnswers which are kept like other scenarios, but of no use later.
func TestResetsEndForcedAnswers(t *testing.T) {
	t.Parallel()
	m := keepMock(t)
	for _, operation := range []string{"getA", "getB"} {
		if status, body := askControl(t, m, "PUT", "/operations/"+operation+"/answer", `{"status": 404}`); status != 200 {
			t.Fatal(status, body)
		}
	}
	if _, err := m.AddScenario(t.Context(), "mine", []byte("operations: {getB: 404}\n")); err != nil {
		t.Fatal(err)
	}
	if err := m.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, list := askControl(t, m, "GET", "/scenarios", ""); strings.Contains(list, "forced/") || !strings.Contains(list, `"mine"`) {
		t.Errorf("listed: %s", list)
	}
	if a, b := statusOf(m, "GET", "/a"), statusOf(m, "GET", "/b"); a != 200 || b != 200 {
		t.Errorf("%d, %d", a, b)
	}
}

// TestAReloadSaysWhatHasNotFollowed loses the state after new files were swapped in.
func TestAReloadSaysWhatHasNotFollowed(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.write("api.yaml", keepAPI)
	var told mock.Reloaded
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(f.folder, "api.yaml")}}, OnReload: func(r mock.Reloaded) { told = r }})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		if _, err := m.AddScenario(t.Context(), name, []byte("operations: {getB: 404}\n")); err != nil {
			t.Fatal(err)
		}
	}
	f.write("api.yaml", strings.Replace(keepAPI, "getB", "listB", 1))
	lost := syscall.ECONNREFUSED
	m.BreakState(lost)
	err = m.Reload(t.Context())
	const want = `the new files are served, but: the scenario one, which no longer fits, is active as before: connection refused
the scenario two, which no longer fits, is active as before: connection refused`
	if err == nil || err.Error() != want || !errors.Is(err, lost) {
		t.Errorf("%v", err)
	}
	if told.Err != nil || told.Undone == nil || len(told.Dropped) != 2 {
		t.Errorf("%+v", told)
	}
	if status, body := askControl(t, m, "GET", "/operations/listB", ""); status != 200 {
		t.Errorf("the new files are not served: %d %s", status, body)
	}
	if _, body := askControl(t, m, "GET", "/health", ""); !strings.Contains(body, `"undone": "the new files are served, but: `) {
		t.Error(body)
	}
}
