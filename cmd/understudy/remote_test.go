package main

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
