package mock

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// selfSignedFor is how long a certificate of our own is valid. Some clients refuse
// longer ones.
const selfSignedFor = 397 * 24 * time.Hour

// checkTLS gives an error for options that contradict each other.
func (o *Options) checkTLS() error {
	switch {
	case o.TLSSelfSigned && o.TLSCert != "":
		return errors.New("a certificate is given, and one is to be made: decide for one of them")
	case (o.TLSCert == "") != (o.TLSKey == ""):
		return errors.New("a certificate and its key are needed, and only one of them is given")
	}
	return nil
}

// tlsConfig loads or makes the certificate; nil for plain HTTP.
func (s *settings) tlsConfig() (*tls.Config, error) {
	var cert tls.Certificate
	var err error
	switch {
	case s.TLSSelfSigned:
		cert, err = selfSigned(s.Listen)
	case s.TLSCert != "":
		if cert, err = readPair(s.TLSCert, s.TLSKey); err != nil {
			err = fmt.Errorf("the certificate %s with the key %s cannot be used: %w", s.TLSCert, s.TLSKey, err)
		}
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{cert},
		// The contract's mutualTLS asks whether there is a certificate; whose it is,
		// nobody checks, as with all credentials.
		ClientAuth: tls.RequestClientCert,
	}, nil
}

// readPair reads a certificate and its key, as tls.LoadX509KeyPair does of files of any
// length.
func readPair(certificate, key string) (tls.Certificate, error) {
	first, err := source.ReadSmall(certificate)
	if err != nil {
		return tls.Certificate{}, err
	}
	second, err := source.ReadSmall(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(first, second)
}

// ReadAuthority reads a file of PEM certificates, of at most 16 MiB, for a client that trusts
// them beside those of the machine.
func ReadAuthority(file string) (*x509.CertPool, error) { return upstream.ReadCA(file) }

// protocols are HTTP/1.1, and HTTP/2 where it was asked for: faults can break a
// connection of HTTP/1.1, and only a stream of HTTP/2.
func (s *settings) protocols(secure bool) *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	if s.HTTP2 {
		p.SetHTTP2(secure)
		p.SetUnencryptedHTTP2(!secure)
	}
	return p
}

// selfSigned makes a certificate for this machine's own names and the host of the
// listen address. Its key is never written anywhere.
func selfSigned(listen string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "Understudy"},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(selfSignedFor),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},

		BasicConstraintsValid: true,
	}
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" {
		if ip := net.ParseIP(host); ip == nil && host != "localhost" {
			template.DNSNames = append(template.DNSNames, host)
		} else if ip != nil && !ip.IsUnspecified() && !slices.ContainsFunc(template.IPAddresses, ip.Equal) {
			template.IPAddresses = append(template.IPAddresses, ip)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// Certificate is the certificate with which a started mock answers over TLS, nil for
// plain HTTP and before Start. Clients that are to trust one made by TLSSelfSigned
// take it from here.
func (m *Mock) Certificate() *x509.Certificate {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.secure == nil {
		return nil
	}
	return m.secure.Certificates[0].Leaf
}
