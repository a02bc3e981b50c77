package shared

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// DefaultPrefix is that of all keys where the address names none.
const DefaultPrefix = "understudy"

// Address says where shared state is. It never shows the password.
type Address struct {
	options redis.UniversalOptions
	cluster bool
	prefix  string
	shown   string
}

// String gives the address without the password.
func (a *Address) String() string { return a.shown }

// ParseAddress reads redis://[user:password@]host[:port][/database][?prefix=NAME][&cluster=true],
// or rediss:// for TLS. For a cluster the host is any of its servers. Errors never show what stands before the host.
func ParseAddress(text string) (*Address, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("it is no URL: write redis://user:password@host:6379/0, with special characters percent-encoded")
	}
	a := &Address{prefix: DefaultPrefix}
	switch u.Scheme {
	case "redis":
	case "rediss":
		a.options.TLSConfig = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	default:
		return nil, fmt.Errorf("its scheme is %q: use memory, redis:// or, with TLS, rediss://", u.Scheme)
	}
	if u.Hostname() == "" || u.Fragment != "" {
		return nil, errors.New("it names no host: write redis://host:6379")
	}
	port := u.Port()
	if port == "" {
		port = "6379"
	}
	a.options.Addrs = []string{net.JoinHostPort(u.Hostname(), port)}
	a.options.Username = u.User.Username()
	a.options.Password, _ = u.User.Password()
	if err := a.readBehind(u); err != nil {
		// What is wrong there may be a part of the password.
		if strings.Contains(u.Path+"?"+u.RawQuery, "@") {
			err = errors.New("what stands before @ has a / or a ? in it: write redis://user:password@host:6379/0, with special characters percent-encoded")
		}
		return nil, err
	}
	a.shown = u.Redacted()
	return a, nil
}

// readBehind reads what stands behind the host.
func (a *Address) readBehind(u *url.URL) (err error) {
	if number := strings.Trim(u.Path, "/"); number != "" {
		if a.options.DB, err = strconv.Atoi(number); err != nil || a.options.DB < 0 {
			return fmt.Errorf("its database is %q: use a number from 0", number)
		}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errors.New("what follows ? cannot be read: write ?prefix=NAME&cluster=true")
	}
	for name, values := range query {
		value := values[len(values)-1]
		switch {
		case name == "prefix" && (value == "" || len(value) > maxPrefix || strings.ContainsAny(value, "{}")):
			return fmt.Errorf("its prefix cannot be used: take 1 to %d characters without { and }", maxPrefix)
		case name == "prefix" && len(values) == 1:
			a.prefix = value
		case name == "cluster" && len(values) == 1 && value == "true":
			a.cluster = true
		case name == "cluster":
			return errors.New("for a cluster write ?cluster=true")
		default:
			return fmt.Errorf("it has %q behind ?: there are prefix and cluster, each once", name)
		}
	}
	if a.cluster && a.options.DB != 0 {
		return errors.New("a cluster has the database 0 alone")
	}
	return nil
}
