package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Fields of one value that come in several lines, which nobody may send (RFC 9110 section
// 5.3): servers and those between take the first or the last of them, so that one checks
// what another does not read. Declared headers are judged by package param.

// repeatedField is the violation of a message with several lines of such a field.
func repeatedField(in exchange.Location, name string, lines []string, at source.Span) exchange.Violation {
	field, shown := name, ""
	if in == exchange.MediaType {
		field = "Content-Type"
		for i, line := range lines[:min(len(lines), 3)] {
			if i > 0 {
				shown += " and "
			}
			shown += fmt.Sprintf("%q", shorten(line))
		}
	}
	got := fmt.Sprintf("%d lines", len(lines))
	if shown != "" {
		got += ": " + shown
	}
	return exchange.Violation{In: in, Name: name, Rule: param.RuleRepeated, Expected: "sent once", Got: got, Fix: "send the header " + field + " once", Contract: at}
}

// contentTypeOf gives the one Content-Type of a message. Of several lines that are the same
// it is the first, and of others ok is false: nobody knows which of them counts. broken
// says that there are several.
func contentTypeOf(h http.Header, at source.Span) (contentType string, broken []exchange.Violation, ok bool) {
	lines := h["Content-Type"]
	if len(lines) == 0 {
		return "", nil, true
	}
	if len(lines) == 1 {
		return lines[0], nil, true
	}
	for _, line := range lines[1:] {
		ok = strings.EqualFold(line, lines[0])
		if !ok {
			break
		}
	}
	return lines[0], []exchange.Violation{repeatedField(exchange.MediaType, "", lines, at)}, ok
}
