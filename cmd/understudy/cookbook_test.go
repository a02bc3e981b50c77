package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestCookbook serves the scenario files that docs/cookbook.md shows, and runs its commands
// against them; a receiver waits for the webhook.
func TestCookbook(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "curl")
	page, err := os.ReadFile("../../docs/cookbook.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	files := regexp.MustCompile("(?s)```yaml\n# scenarios/([a-z-]+\\.yaml)\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(folder, file[1]), []byte(file[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if all := strings.Count(string(page), "```yaml\n"); len(files) < 9 || len(files) != all {
		t.Fatalf("%d of %d files are named", len(files), all)
	}
	received := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received <- r.Method + " " + r.URL.Path
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(receiver.Close)
	m, err := mock.New(t.Context(), mock.Options{
		Specs:         []mock.Spec{{Location: "../../examples/cookbook/openapi.yaml"}},
		Scenarios:     []string{folder},
		Listen:        "127.0.0.1:0",
		CallbackHosts: []string{"localhost"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := m.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if warnings := m.Describe().Warnings; len(warnings) > 0 {
		t.Errorf("warnings: %v", warnings)
	}
	script, want, unheld := consoleBlocks(string(page))
	if len(unheld) > 0 {
		t.Errorf("commands outside of console blocks are not run: %q", unheld)
	}
	_, port, _ := net.SplitHostPort(receiver.Listener.Addr().String())
	script = strings.NewReplacer("http://127.0.0.1:4010", m.URL(), "localhost:4011", "localhost:"+port).Replace(script)
	got, err := exec.CommandContext(t.Context(), "bash", "-O", "expand_aliases", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if diff := cmp.Diff(want, strings.ReplaceAll(string(got), "localhost:"+port, "localhost:4011")); diff != "" {
		t.Errorf("the cookbook (-) and what its commands print (+) differ:\n%s", diff)
	}
	select {
	case call := <-received:
		if call != "POST /seen" {
			t.Errorf("received %s", call)
		}
	case <-time.After(startTimeout):
		t.Error("the webhook was not received")
	}
}
