// Package examples_test runs the examples that are not written in Go.
package examples_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestConsumerNode runs the tests in Node against the built command, and holds by what
// they have covered that they met the errors that they are about.
func TestConsumerNode(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "node")
	binary, covered := command(t), filepath.Join(t.TempDir(), "coverage.json")
	cmd := exec.CommandContext(t.Context(), "node", "--test")
	cmd.Dir = "consumer-node"
	cmd.Env = append(os.Environ(), "UNDERSTUDY_BINARY="+binary, "UNDERSTUDY_COVERAGE="+covered)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := os.Open(covered)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer file.Close()
	c, err := mock.ReadCoverage(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"getIdentityDocument 200": true, "getIdentityDocument 401": true, "getIdentityDocument 500": true, "validateIdentityDocument 204": true, "validateIdentityDocument 409": true}
	for _, op := range c.APIs[0].Operations {
		for _, row := range op.Rows {
			if conforming := row.Conforming > 0; conforming != want[op.Name+" "+row.Status] {
				t.Errorf("%s %s: conforming %v of %d\n%s", op.Name, row.Status, conforming, row.Reached, out)
			}
		}
	}
}

// TestVerdictFailsNode has the client send what breaks the contract, and not look at the
// answer: its tests fail by the verdict of their sessions.
func TestVerdictFailsNode(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "node")
	folder := t.TempDir()
	for _, name := range []string{"openapi.yaml", "scenarios", "examples/consumer-node"} {
		to := filepath.Join(folder, filepath.Dir(name))
		if err := os.MkdirAll(to, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "cp", "-r", filepath.Join("..", name), to).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	client := filepath.Join(folder, "examples/consumer-node/identification.mjs")
	text, err := os.ReadFile(client)
	if err != nil {
		t.Fatal(err)
	}
	careless := strings.Replace(string(text), "async get(id) {", "async get(id) {\nawait fetch(`${this.base}/${id}/validate`, { method: 'POST' });", 1)
	if err := os.WriteFile(client, []byte(careless), 0o600); err != nil || careless == string(text) {
		t.Fatal("the client is not what it was", err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=tap")
	cmd.Dir = filepath.Dir(client)
	cmd.Env = append(os.Environ(), "UNDERSTUDY_BINARY="+command(t))
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "not ok 1 - reads an identification") || !strings.Contains(string(out), `"why": "header \"x-installation_id\" is required"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestWireMockNode asks a mock with a client that is made for WireMock.
func TestWireMockNode(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "node")
	testenv.NeedsTool(t, "npm")
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("wiremock-node")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		if testenv.ToolsRequired() {
			t.Fatalf("npm cannot install the client: %v\n%s", err, out)
		}
		t.Skipf("npm cannot install the client here: %v", err)
	}
	m := serve(t, []string{"../scenarios"})
	cmd := exec.CommandContext(t.Context(), "node", "--test")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "MOCK="+m.URL())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "pass 5") {
		t.Errorf("not all five tests were run:\n%s", out)
	}
}

// serve serves the first API until the test has ended.
func serve(t *testing.T, scenarios []string) *mock.Mock {
	t.Helper()
	m, err := mock.New(t.Context(), mock.Options{
		Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: scenarios, Listen: "127.0.0.1:0",
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
		_ = m.Stop(ctx) // tabs that are still open are cut off
	})
	return m
}
