package admin

import (
	"net"
	"net/http"
	"regexp"
	"strconv"
)

// plainHost is a name or an address that means nothing else in a header or a page.
var plainHost = regexp.MustCompile(`^[a-z0-9.:-]+$`)

// mockOrigin is where whoever sends a request to the control plane finds the mock itself,
// "" for the same place. A mock that listens on all addresses, or on the loopback
// interface as the one who asks does, is called by the name that the request uses.
func (h *Handler) mockOrigin(r *http.Request) string {
	addr, secure := h.mock.Own()
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return ""
	}
	host := tcp.IP.String()
	name := hostName(r.Host)
	if (tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() && isLoopbackName(name)) && plainHost.MatchString(name) {
		host = name
	}
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(tcp.Port))
}
