package author

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// volatile are headers that tell of one message, one connection or what stood
// between, and not of the API. A stub has them only where the contract describes
// them.
var volatile = []string{
	"Age", "Alt-Svc", "Cf-Cache-Status", "Cf-Ray", "Keep-Alive", "Nel", "Proxy-Connection", "Report-To", "Server", "Server-Timing",
	"Strict-Transport-Security", "Te", "Traceparent", "Tracestate", "Via", "X-Cache", "X-Correlation-Id", "X-Powered-By", "X-Request-Id",
	"X-Response-Time", "X-Runtime", "X-Trace-Id",
}

// headers gives the headers that are worth a line, in the order of their names, nil
// for none. r is the response that describes them, nil for none.
func headers(h http.Header, r *contract.Response) *source.Node {
	own := connectionHeaders(h)
	var kids []source.Node
	for name, lines := range h {
		if name == "Content-Type" || !scenario.Settable(name) || !kept(name, r) || own[name] {
			continue
		}
		if name == "Vary" && !described(name, r) {
			lines = withoutOrigin(lines)
		}
		if lines = shown(lines); len(lines) == 0 {
			continue
		}
		var items []source.Node
		for _, line := range lines {
			items = append(items, source.New(nil, source.String, "", scenario.Literal(line)))
		}
		if len(items) == 1 {
			kids = append(kids, items[0].Renamed(name))
		} else {
			kids = append(kids, source.New(nil, source.Array, name, "", items...))
		}
	}
	if len(kids) == 0 {
		return nil
	}
	slices.SortFunc(kids, func(a, b source.Node) int { return strings.Compare(a.Key, b.Key) })
	n := source.New(nil, source.Object, "headers", "", kids...)
	return &n
}

// connectionHeaders are those that Connection names: they end with the connection
// (RFC 9110 section 7.6.1).
func connectionHeaders(h http.Header) map[string]bool {
	own := map[string]bool{}
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			own[http.CanonicalHeaderKey(strings.TrimSpace(name))] = true
		}
	}
	return own
}

// kept tells whether a header is one of the API.
func kept(name string, r *contract.Response) bool {
	return described(name, r) || !slices.Contains(volatile, name) && !strings.HasPrefix(name, "Access-Control-") && !strings.HasPrefix(name, "X-Amz") && !strings.HasPrefix(name, "X-B3-")
}

func described(name string, r *contract.Response) bool {
	return r != nil && slices.ContainsFunc(r.Headers(), func(d *contract.ResponseHeader) bool { return strings.EqualFold(d.Name, name) })
}

// withoutOrigin leaves Origin out of Vary: who may call is for the mock to say, as with the
// headers that begin with Access-Control.
func withoutOrigin(lines []string) []string {
	var rest []string
	for _, line := range lines {
		names := slices.DeleteFunc(strings.Split(line, ","), func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), "Origin") })
		if len(names) > 0 {
			rest = append(rest, strings.TrimSpace(strings.Join(names, ",")))
		}
	}
	return rest
}

// shown leaves out lines that tell a secret no more, and those with bytes that are no UTF-8,
// which no text of a file is.
func shown(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		return strings.Contains(line, exchange.Redacted) || !utf8.ValidString(line)
	})
}
