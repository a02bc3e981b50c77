// Package upstream is everything that talks to a real API: where it is (Target), how it
// is reached (Transport), and what went wrong when it was not (Failure).
//
// A Target is one origin, and a Transport contacts that origin and nothing else: it
// uses no proxy of the environment, follows no redirect and keeps no cookies.
package upstream

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Target is where a real API is: an origin (RFC 6454 section 4) and the path in front of
// the paths that its contract describes. It is immutable.
type Target struct {
	scheme, host string
	base         string // escaped, "" or beginning with "/", without one at its end
}

// ParseTarget reads an absolute http or https URL without credentials, query and
// fragment, such as https://api.example.com/v1.
func ParseTarget(text string) (*Target, error) {
	if !strings.Contains(text, "://") {
		if u, err := url.Parse("http://" + text); err == nil && u.Hostname() != "" && u.User == nil {
			return nil, fmt.Errorf("%q is no URL of an API: write http://%s or https://%s", text, text, text)
		}
	}
	u, err := url.Parse(text)
	if err != nil {
		var failed *url.Error // says the text again
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, fmt.Errorf("%q is no URL: %w", redactURL(text), err)
	}
	shown := u.Redacted()
	if u.Opaque != "" {
		shown = redactURL(text) // user:password@host has the scheme "user"
	}
	scheme := strings.ToLower(u.Scheme)
	switch {
	case scheme != "http" && scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("%q is no URL of an API: write http://HOST or https://HOST, with a port and a path where it has them", shown)
	case u.User != nil:
		return nil, fmt.Errorf("%q has a user name in it: credentials are sent in headers", shown)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("%q has a query or a fragment: write the URL that stands in front of the API's paths", shown)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("%q has the port %s: ports are 1 to 65535", shown, port)
		}
	}
	base := strings.TrimRight(u.EscapedPath(), "/")
	if climbs(base) {
		return nil, fmt.Errorf("%q has .. in its path: write the path that it leads to", shown)
	}
	return &Target{scheme, strings.ToLower(u.Host), base}, nil
}

// redactURL takes what may be credentials out of a text that cannot be parsed as a URL.
func redactURL(text string) string {
	if _, host, found := strings.Cut(text, "@"); found {
		return "xxxxx@" + host
	}
	return text
}

// String is the URL without a slash at its end.
func (t *Target) String() string { return t.Origin() + t.base }

// Origin is scheme://host[:port] as it was given.
func (t *Target) Origin() string { return t.scheme + "://" + t.host }

// Host is the value of the Host header.
func (t *Target) Host() string { return t.host }

// Base is the escaped path in front of the API's paths, "" for none.
func (t *Target) Base() string { return t.base }

// ErrClimbs is returned for a path that could lead out of the target's.
var ErrClimbs = errors.New("the path has .. in it, plain or encoded, which may lead out of the path of the real API")

// URL is the URL of a path of the API, escaped and beginning with "/", and a query. It is
// always below the target's own path: it gives ErrClimbs for a path with a segment "..",
// also where an encoded slash or a backslash ends that segment, because servers differ in
// what they make of it (RFC 3986 section 5.2.4, WHATWG URL section 4.4).
func (t *Target) URL(path, rawQuery string) (*url.URL, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("the path %q does not begin with a slash", path)
	}
	if climbs(path) {
		return nil, ErrClimbs
	}
	escaped := t.base + path
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, err
	}
	return &url.URL{Scheme: t.scheme, Host: t.host, Path: plain, RawPath: escaped, RawQuery: rawQuery}, nil
}

// climbs tells whether an escaped path has a segment that leads upwards.
func climbs(escaped string) bool {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		plain = escaped
	}
	for segment := range strings.FieldsFuncSeq(plain, func(r rune) bool { return r == '/' || r == '\\' }) {
		// Some servers cut path parameters off before they look at segments.
		if name, _, _ := strings.Cut(segment, ";"); name == ".." {
			return true
		}
	}
	return false
}

// Holds tells whether a URL has the target's origin.
func (t *Target) Holds(u *url.URL) bool {
	return strings.EqualFold(u.Scheme, t.scheme) && sameHost(u.Host, t.host, t.scheme)
}

func sameHost(a, b, scheme string) bool { return withPort(a, scheme) == withPort(b, scheme) }

// withPort is a host in lower case with its port, also where it is the usual one.
func withPort(host, scheme string) string {
	host = strings.ToLower(host)
	u := url.URL{Host: host}
	switch {
	case u.Port() != "":
		return host
	case scheme == "https":
		return strings.TrimSuffix(host, ":") + ":443"
	}
	return strings.TrimSuffix(host, ":") + ":80"
}
