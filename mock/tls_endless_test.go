//go:build unix

package mock_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestEndlessCertificates names files without an end for certificates and keys.
func TestEndlessCertificates(t *testing.T) {
	t.Parallel()
	const endless, want = "/dev/zero", "/dev/zero: it is larger than 16 MiB"
	folder := t.TempDir()
	certificate, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	writePair(t, certificate, key)
	for name, change := range map[string]func(*mock.Options){
		"a certificate": func(o *mock.Options) { o.TLSCert, o.TLSKey = endless, key },
		"a key":         func(o *mock.Options) { o.TLSCert, o.TLSKey = certificate, endless },
		"an authority":  func(o *mock.Options) { o.Upstream, o.UpstreamCA = []string{"https://127.0.0.1:1"}, endless },
	} {
		f := newFiles(t)
		f.write("scenarios/a.yaml", "operations: {getOrder: {respond: {status: 200}}}\n")
		opts := f.options()
		opts.Listen = "127.0.0.1:0"
		change(&opts)
		m, err := mock.New(t.Context(), opts)
		if err == nil {
			err = m.Start()
			_ = m.Stop(t.Context())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := mock.ReadAuthority(endless); err == nil || !strings.Contains(err.Error(), want) {
		t.Error(err)
	}
	if pool, err := mock.ReadAuthority(certificate); pool == nil || err != nil {
		t.Error(err)
	}
	if _, err := mock.ReadAuthority(key); err == nil || !strings.Contains(err.Error(), "has no certificate in it") {
		t.Error(err)
	}
}
