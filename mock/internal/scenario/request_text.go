package scenario

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// What the contract does not declare is read from the request as it was sent.

// headerOperand gives a header's text; several lines of a name are one list
// (RFC 9110 section 5.2). net/http keeps the host out of the header.
func headerOperand(r *exchange.Request, canonical string) operand {
	lines := r.Header[canonical]
	switch {
	case len(lines) == 1:
		return textOf(lines[0])
	case len(lines) > 1:
		return textOf(strings.Join(lines, ", "))
	case canonical == "Host" && r.Host != "":
		return textOf(r.Host)
	}
	return operand{}
}

// queryOperand gives the text of a query parameter, and a list where it was sent
// more than once.
func queryOperand(raw, name string) operand {
	var first operand
	var list []any
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		if pair == "" || plainQuery(key) != name {
			continue
		}
		value = plainQuery(value)
		switch {
		case first.kind == absent:
			first = textOf(value)
		case list == nil:
			list = []any{first.text, value}
		default:
			list = append(list, value)
		}
	}
	if list != nil {
		return valueOf(list, true)
	}
	return first
}

// plainQuery takes percent-encoding off; text that is not encoded well stays.
func plainQuery(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// cookieOperand gives the text of the first cookie of that name (RFC 6265 section 4.2).
func cookieOperand(h http.Header, name string) operand {
	for _, line := range h["Cookie"] {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ";")
			key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			if key == name {
				return textOf(value)
			}
		}
	}
	return operand{}
}
