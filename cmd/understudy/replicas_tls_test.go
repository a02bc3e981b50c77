package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestReplicaOverTLS shares state as a user of a server that takes TLS, and only from
// those who know the password.
func TestReplicaOverTLS(t *testing.T) {
	t.Parallel()
	dir := writeSteps(t, 3)
	writeCertificate(t, dir)
	port := testenv.FreePort(t)
	testenv.NewRedis(t, "--tls-port", port, "--tls-auth-clients", "no",
		"--tls-cert-file", filepath.Join(dir, "ca.pem"), "--tls-key-file", filepath.Join(dir, "key.pem"), "--tls-ca-cert-file", filepath.Join(dir, "ca.pem"),
		"--user", "ann", "on", ">s3cret", "~{team*", "&{team*", "+@all")
	replica := startReplica(t, dir, "rediss://ann:s3cret@127.0.0.1:"+port+"/0?prefix=team")
	control(t, "PUT", replica.url+"/__admin/sessions/x", `{"scenarios": ["count"]}`)
	for i := range 3 {
		if step, status, err := take(http.DefaultClient, replica.url, "x"); step != i+1 || err != nil {
			t.Errorf("step %d: %d %d %v", i+1, step, status, err)
		}
	}
}

// writeCertificate writes ca.pem, which is that of 127.0.0.1 itself, and key.pem.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	cert, certErr := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	private, keyErr := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(certErr, keyErr,
		os.WriteFile(filepath.Join(dir, "ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600)); err != nil {
		t.Fatal(err)
	}
}
