package main

import (
	"encoding/pem"
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
