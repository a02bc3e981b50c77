package main

import (
	"context"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestTrustedCertificate names the certificate that a mock has made for itself.
func TestTrustedCertificate(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{
		Specs: []mock.Spec{{Location: "../../openapi.yaml"}}, Scenarios: []string{t.TempDir()}, Listen: "127.0.0.1:0", TLSSelfSigned: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(t.Context()) })
	file := filepath.Join(t.TempDir(), "mock.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]struct {
		code int
		text string
	}{
		m.URL(): {exitOK, "ready"},
		strings.Replace(m.URL(), "127.0.0.1", "localhost", 1): {exitOK, "ready"},
		strings.Replace(m.URL(), "127.0.0.1", "127.0.0.2", 1): {exitWrong, "cannot be asked"},
	} {
		var out strings.Builder
		code := run([]string{"status", "--ready", "--server", server, "--cacert", file}, environment{
			stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
		})
		if code != want.code || !strings.Contains(out.String(), want.text) {
			t.Errorf("%s: exit code %d with %s", server, code, &out)
		}
	}
}

// TestAnotherServer asks one that is no mock: its page is not shown, its words are.
func TestAnotherServer(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]string{
		"text/html; charset=utf-8": "answered 501 Not Implemented\n  this is a page, which is not of Understudy: look what stands there\n",
		"text/plain":               "answered 501 Not Implemented\n<html>\n",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(http.StatusNotImplemented)
			_, _ = w.Write([]byte("<html>\n"))
		}))
		t.Cleanup(server.Close)
		var out strings.Builder
		code := run([]string{"status", "--server", server.URL}, environment{
			stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
		})
		if code != exitWrong || !strings.HasSuffix(out.String(), want) {
			t.Errorf("%s: exit code %d with %q", contentType, code, &out)
		}
	}
}

// TestSessionOfEverybody holds that what is no session's id does not have a command speak
// of everybody.
func TestSessionOfEverybody(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../../openapi.yaml"}}, Scenarios: []string{t.TempDir()}, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(t.Context()) })
	for id, want := range map[string]string{"": `"" is not a value for --session: write the id`, ".": "write the id", "..": "write the id", "a/b": "letters, digits"} {
		var out strings.Builder
		code := run([]string{"reset", "--session", id, "--server", m.URL()}, environment{
			stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
		})
		if code == exitOK || !strings.Contains(out.String(), want) {
			t.Errorf("%q: exit code %d with %s", id, code, &out)
		}
	}
}

// TestAddressInUse holds that the address which is in use is named, and the flag for it.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	for flags, want := range map[string]string{
		"--listen " + address:                "another port with --port",
		"--port 0 --admin-listen " + address: "another port with --admin-listen",
	} {
		var out strings.Builder
		code := run(append([]string{"serve", "../../openapi.yaml", "--scenarios", t.TempDir()}, strings.Fields(flags)...), environment{
			stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
			notify: func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
		})
		if text := out.String(); code != exitStart || !strings.Contains(text, address+" is in use") || !strings.Contains(text, want) {
			t.Errorf("%s: exit code %d with %s", flags, code, text)
		}
	}
}

// TestAddressInUseBesideReplicas shares state with a replica that lives and confirms nothing:
// it is not asked to, and the mock that cannot start leaves the others.
func TestAddressInUseBesideReplicas(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	state := testenv.NewRedis(t)
	if got := state.Ask(fmt.Sprintf(`HSET {understudy}:replicas STUCK "1 %d 7 4 0"`, time.Now().Add(time.Hour).UnixMilli())); got != ":1" {
		t.Fatal(got)
	}
	var out strings.Builder
	code := run([]string{"serve", "../../openapi.yaml", "--scenarios", t.TempDir(), "--state", state.URL(), "--listen", taken.Addr().String()}, environment{
		stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
		notify: func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
	})
	if text := out.String(); code != exitStart || !strings.Contains(text, " is in use") {
		t.Errorf("exit code %d with %s", code, text)
	}
	if asked, left := state.Ask("EXISTS {understudy}:asked"), state.Ask("HLEN {understudy}:replicas"); asked != ":0" || left != ":1" {
		t.Errorf("replicas were asked %s, and there are %s", asked, left)
	}
}
