package proxy

import (
	"net/http"
	"net/url"
	"strings"
)

// localize makes the references of an answer lead to the mock in place of the real API:
// the headers Location and Content-Location, and cookies. The session's base path is not
// added to redirects here.
func (t *trip) localize(res *http.Response) {
	for _, name := range []string{"Location", "Content-Location"} {
		if lines := res.Header[name]; len(lines) == 1 {
			res.Header[name] = []string{t.here(lines[0])}
		}
	}
	cookies := res.Header["Set-Cookie"]
	for i, line := range cookies {
		cookies[i] = t.cookie(line)
	}
}

// here is a reference as the mock's clients can follow it. A path that is not below the
// API's own cannot be asked for here, and becomes absolute.
func (t *trip) here(reference string) string {
	u, err := url.Parse(reference)
	if err != nil || u.Opaque != "" || u.Scheme != "" && u.Host == "" {
		return reference
	}
	target, r := t.Target(), &t.Exchange.Request
	absolute := u.Host != ""
	if absolute {
		scheme := u.Scheme
		if scheme == "" {
			u.Scheme, _, _ = strings.Cut(target.Origin(), ":")
		}
		ours := target.Holds(u)
		u.Scheme = scheme
		if !ours {
			return reference
		}
	} else if !strings.HasPrefix(u.Path, "/") {
		return reference
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), target.Base())
	if !ok || rest != "" && rest[0] != '/' {
		if absolute {
			return reference
		}
		return target.Origin() + reference
	}
	path := r.Base + rest
	if path == "" && !absolute {
		path = "/"
	}
	if !absolute {
		return path + tailOf(u)
	}
	scheme := "http://"
	if r.TLS {
		scheme = "https://"
	}
	return scheme + r.Host + path + tailOf(u)
}

// tailOf is what follows the path of a URL.
func tailOf(u *url.URL) string {
	tail := ""
	if u.RawQuery != "" || u.ForceQuery {
		tail = "?" + u.RawQuery
	}
	if u.Fragment != "" {
		tail += "#" + u.EscapedFragment()
	}
	return tail
}

// cookie makes a Set-Cookie line (RFC 6265 section 4.1) that a browser takes from the
// mock: without the API's domain, with the path here and, where the mock does not speak
// TLS, without what needs it. A cookie whose name says that it needs TLS is left alone.
func (t *trip) cookie(line string) string {
	parts := strings.Split(line, ";")
	name := strings.TrimSpace(parts[0])
	plain := !t.Exchange.Request.TLS && !strings.HasPrefix(name, "__Secure-") && !strings.HasPrefix(name, "__Host-")
	kept := parts[:1]
	for _, part := range parts[1:] {
		attribute, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch attribute = strings.ToLower(strings.TrimSpace(attribute)); {
		case attribute == "domain", plain && attribute == "secure", plain && attribute == "samesite" && strings.EqualFold(strings.TrimSpace(value), "none"):
			continue
		case attribute == "path":
			part = " Path=" + t.cookiePath(strings.TrimSpace(value))
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, ";")
}

// cookiePath is a cookie's path here, within the session.
func (t *trip) cookiePath(path string) string {
	r := &t.Exchange.Request
	rest, ok := strings.CutPrefix(path, t.Target().Base())
	if !strings.HasPrefix(path, "/") || !ok || rest != "" && rest[0] != '/' {
		rest = "" // of a path above the API's: all of it
	}
	if path = r.Prefix + r.Base + rest; path == "" {
		return "/"
	}
	return path
}
