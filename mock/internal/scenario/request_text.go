package scenario

import (
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
func queryOperand(pairs []exchange.Pair, name string) operand {
	var first operand
	var list []any
	for i := range pairs {
		if pairs[i].Name != name {
			continue
		}
		value := pairs[i].Value
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

// cookieOperand gives the text of the first cookie of that name.
func cookieOperand(pairs []exchange.Pair, name string) operand {
	for i := range pairs {
		if pairs[i].Name == name {
			return textOf(pairs[i].Value)
		}
	}
	return operand{}
}
