package admin

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// guard refuses what a page of another site can make a browser send, whoever is
// logged in, and whatever the method: names that lead here by DNS rebinding, and requests
// of a foreign origin.
func (h *Handler) guard(r *http.Request) *exchange.Problem {
	if !h.ownHost(r) {
		return &exchange.Problem{
			Code: exchange.ProblemHost, Status: http.StatusForbidden,
			Detail: fmt.Sprintf("The control plane is not reached by the name %q. Use localhost or the address that the mock listens on, or start the mock with --admin-host %s.", r.Host, hostName(r.Host)),
		}
	}
	if h.opens(r) {
		return nil
	}
	if by := foreign(r); by != "" {
		return &exchange.Problem{Code: exchange.ProblemCrossSite, Status: http.StatusForbidden, Detail: fmt.Sprintf("The request comes from a page of another site: %s.", by)}
	}
	return nil
}

// guardBody refuses bodies of the types that a form can send, which a browser sends to
// other sites without asking them. A path or a method that there is not is told before.
func guardBody(r *http.Request) *exchange.Problem {
	if safe(r) || r.ContentLength == 0 && r.Header["Content-Type"] == nil {
		return nil
	}
	if lines := r.Header["Content-Type"]; len(lines) != 1 || !isData(lines[0]) {
		return &exchange.Problem{
			Code: exchange.ProblemControlMedia, Status: http.StatusUnsupportedMediaType,
			Detail: "The body must be JSON or YAML and say so, once: Content-Type: application/json, or application/yaml.",
		}
	}
	return nil
}

// opens tells whether a browser opens a page of the console, which a link on a page of
// another site may lead to: it says nothing of the mock.
func (h *Handler) opens(r *http.Request) bool {
	return safe(r) && h.pages[r.URL.EscapedPath()] && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// safe tells the methods that no form sends a body with.
func safe(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// foreign says which header tells that a page of another site asks, "" for none.
// Clients that are no browsers send neither.
func foreign(r *http.Request) string {
	for _, line := range r.Header["Origin"] {
		// The scheme does not count: TLS may end before the mock.
		if u, err := url.Parse(line); err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return "Origin: " + line
		}
	}
	for _, line := range r.Header["Sec-Fetch-Site"] {
		if line != "same-origin" && line != "none" {
			return "Sec-Fetch-Site: " + line
		}
	}
	return ""
}

// ownHost tells whether the request calls the mock by a name of its own. An address
// is its own where the connection has come in on it.
func (h *Handler) ownHost(r *http.Request) bool {
	name := hostName(r.Host)
	if isLoopbackName(name) || h.hosts[name] {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap() == localAddr(r)
}

// isLoopbackName tells the names and addresses of the loopback interface.
func isLoopbackName(name string) bool {
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && addr.Unmap().IsLoopback()
}

// localAddr is the address that the connection came in on, the zero Addr where it is
// not known.
func localAddr(r *http.Request) netip.Addr {
	tcp, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(tcp.IP)
	return addr.Unmap()
}

// hostName is the name of a Host header, without port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// isData tells the media types of JSON and YAML, which no form can send.
func isData(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch mediaType {
	case "application/json", "text/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml":
		return true
	}
	return strings.HasSuffix(mediaType, "+json") || strings.HasSuffix(mediaType, "+yaml")
}
