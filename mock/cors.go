package mock

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// CORS (WHATWG Fetch, section 3.2). rs/cors has a fixed list of exposed headers;
// here every header of an answer is exposed by name, also those that a scenario
// makes up, because with credentials the wildcard does not count.

// originAllowed tells whether browsers may call from an origin.
func (m *Mock) originAllowed(origin string) bool {
	if origin == "" || m.settings.NoCORS {
		return false
	}
	if len(m.settings.CORSOrigins) == 0 {
		// A page of any site could read through the mock what the real API shows to this
		// machine.
		return len(m.proxies) == 0 || loopbackOrigin(origin)
	}
	return slices.Contains(m.settings.CORSOrigins, origin)
}

// loopbackOrigin tells whether a page comes from this machine itself.
func loopbackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	name := strings.ToLower(u.Hostname())
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name).IsLoopback()
}

// preflight answers a browser's question whether it may send a request. It needs
// no operation: an unknown path is told by the request itself.
func (m *Mock) preflight(w http.ResponseWriter, r *http.Request, id string) bool {
	if r.Method != http.MethodOptions {
		return false
	}
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	if method == "" || !m.originAllowed(origin) {
		return false
	}
	h := w.Header()
	h.Set("Understudy-Request-Id", id)
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", exchange.HeaderText(method))
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		h.Set("Access-Control-Allow-Headers", exchange.HeaderText(headers))
	}
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
	h.Set("Access-Control-Max-Age", "600")
	h["Vary"] = []string{"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
	w.WriteHeader(http.StatusNoContent)
	return true
}

// safelisted are the response headers that a page may read anyway (WHATWG Fetch, section 2.2.2).
var safelisted = map[string]bool{
	"Cache-Control": true, "Content-Language": true, "Content-Length": true, "Content-Type": true,
	"Expires": true, "Last-Modified": true, "Pragma": true,
	"Set-Cookie": true, // may never be read
}

// variesByOrigin is Vary of answers that have none of their own. It is read-only.
var variesByOrigin = []string{"Origin"}

// vary tells caches that an answer depends on Origin, as it does also where this request has
// none or one that is not allowed (RFC 9110, section 12.5.5; WHATWG Fetch, section 3.2.5).
func vary(h http.Header) {
	lines := h["Vary"]
	if len(lines) == 0 {
		h["Vary"] = variesByOrigin
		return
	}
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name == "*" || strings.EqualFold(name, "Origin") {
				return
			}
		}
	}
	h["Vary"] = append(slices.Clip(lines), "Origin")
}

// allowOrigin lets the page that asked read the answer.
func (m *Mock) allowOrigin(h http.Header, r *http.Request) {
	if m.settings.NoCORS {
		return
	}
	vary(h)
	lines := r.Header["Origin"]
	if len(lines) == 0 || !m.originAllowed(lines[0]) {
		return
	}
	names := []string{"Date"} // net/http adds it when the answer is written
	for name := range h {
		if name != "Date" && !safelisted[name] && !strings.HasPrefix(name, "Access-Control-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h["Access-Control-Allow-Origin"] = lines[:1]
	h["Access-Control-Allow-Credentials"] = []string{"true"}
	h["Access-Control-Expose-Headers"] = []string{strings.Join(names, ", ")}
}
