package mock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// started serves the shop until the test ends.
func started(t *testing.T, change func(*mock.Options)) *mock.Mock {
	t.Helper()
	f := newFiles(t)
	f.write("scenarios/broken.yaml", "operations: {getOrder: {respond: {fault: EMPTY_RESPONSE}}}\n")
	opts := f.options()
	opts.Listen = "127.0.0.1:0"
	change(&opts)
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(t.Context()); err != nil && !errors.Is(err, t.Context().Err()) {
			t.Error(err)
		}
	})
	return m
}

// client trusts the mock's certificate alone.
func client(t *testing.T, m *mock.Mock, protocols *http.Protocols) *http.Client {
	transport := &http.Transport{Protocols: protocols}
	if cert := m.Certificate(); cert != nil {
		pool := x509.NewCertPool()
		pool.AddCert(cert)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certificate, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	writePair(t, certificate, key)
	one, two, clear := new(http.Protocols), new(http.Protocols), new(http.Protocols)
	one.SetHTTP1(true)
	two.SetHTTP2(true)
	clear.SetUnencryptedHTTP2(true)
	for name, test := range map[string]struct {
		options  func(*mock.Options)
		protocol *http.Protocols
		want     string
	}{
		"plain":                {func(*mock.Options) {}, one, "HTTP/1.1"},
		"self-signed":          {func(o *mock.Options) { o.TLSSelfSigned = true }, one, "HTTP/1.1"},
		"files":                {func(o *mock.Options) { o.TLSCert, o.TLSKey = certificate, key }, one, "HTTP/1.1"},
		"HTTP/2":               {func(o *mock.Options) { o.TLSSelfSigned, o.HTTP2 = true, true }, two, "HTTP/2.0"},
		"HTTP/1.1 beside it":   {func(o *mock.Options) { o.TLSSelfSigned, o.HTTP2 = true, true }, one, "HTTP/1.1"},
		"HTTP/2 without TLS":   {func(o *mock.Options) { o.HTTP2 = true }, clear, "HTTP/2.0"},
		"HTTP/2 not asked for": {func(o *mock.Options) { o.TLSSelfSigned = true }, two, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := started(t, test.options)
			c := client(t, m, test.protocol)
			res, err := c.Get(m.URL() + "/orders/1")
			if test.want == "" {
				if err == nil {
					t.Error(res.Proto)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.Proto != test.want || res.StatusCode != 200 || strings.HasPrefix(m.URL(), "https") != (m.Certificate() != nil) {
				t.Errorf("%s %s from %s", res.Proto, res.Status, m.URL())
			}
			// A fault breaks the connection, or the stream.
			res, err = c.Get(m.URL() + "/orders/1?__scenario=broken")
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("the fault was answered")
			}
		})
	}
}

func TestTLSOptions(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*mock.Options){
		"only one of them is given": func(o *mock.Options) { o.TLSCert = "a.pem" },
		"decide for one of them":    func(o *mock.Options) { o.TLSCert, o.TLSKey, o.TLSSelfSigned = "a.pem", "b.pem", true },
	} {
		opts := newFiles(t).options()
		change(&opts)
		if _, err := mock.New(t.Context(), opts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	opts := newFiles(t).options()
	opts.Scenarios = nil
	opts.TLSCert, opts.TLSKey, opts.Listen = "none.pem", "none.pem", "127.0.0.1:0"
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err == nil || !strings.Contains(err.Error(), "none.pem") {
		t.Error(err)
	}
}

func writePair(t *testing.T, certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	files{t, filepath.Dir(certificate)}.write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	files{t, filepath.Dir(key)}.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})))
}
