package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// acceptRange is one element of an Accept header with its weight.
type acceptRange struct {
	MediaType
	q float64
}

// parseAccept reads an Accept header (RFC 9110 section 12.5.1). Elements that
// cannot be read are left out. Several lines are one (section 5.3). The list is read-only.
func parseAccept(lines []string) []acceptRange {
	return acceptHeader.of(strings.Join(lines, ","), parseAcceptLine)
}

func parseAcceptLine(line string) []acceptRange {
	var ranges []acceptRange
	for line != "" {
		var part string
		part, line = exchange.CutUnquoted(line, ',')
		m, ok := parseMediaType(strings.TrimSpace(part))
		if !ok {
			continue
		}
		r := acceptRange{m, 1}
		if text, ok := m.Params["q"]; ok {
			q, err := strconv.ParseFloat(text, 64)
			if err != nil || !(q >= 0 && q <= 1) { // NaN is neither
				continue
			}
			r.q = q
			delete(m.Params, "q")
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// weight is the q of the most exact range that admits the type; 0 where none does.
// A described range counts where something falls under both.
func weight(ranges []acceptRange, m MediaType) float64 {
	best, q := 0, 0.0
	for _, r := range ranges {
		exactness, ok := r.Admits(m)
		if !ok && !m.Concrete() {
			exactness, ok = m.Admits(r.MediaType)
		}
		if ok && exactness > best {
			best, q = exactness, r.q
		}
	}
	return q
}

// Acceptable lists the media types that the client's Accept lines admit, those of
// greater weight first, equals as described. The slice is read-only.
func (r *Response) Acceptable(accept []string) []*Media {
	content := r.Content()
	if len(accept) == 0 || len(accept) == 1 && accept[0] == "*/*" {
		return content
	}
	ranges := parseAccept(accept)
	if len(ranges) == 0 || len(content) == 1 && weight(ranges, content[0].Type) > 0 {
		return content
	}
	var list []*Media
	for _, m := range content {
		if weight(ranges, m.Type) > 0 {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b *Media) int {
		return cmp.Compare(weight(ranges, b.Type), weight(ranges, a.Type))
	})
	return list
}

// validateAccept checks that the contract's own success can be sent as something
// that the client accepts.
func (op *Operation) validateAccept(ex *exchange.Exchange) {
	lines := ex.Request.Header["Accept"]
	if len(lines) == 0 || len(lines) == 1 && lines[0] == "*/*" || op.success.response == nil {
		return
	}
	content := op.success.response.Content()
	if len(content) == 0 {
		return
	}
	ranges := parseAccept(lines)
	if len(ranges) == 0 {
		return
	}
	var names []string
	for _, m := range content {
		if weight(ranges, m.Type) > 0 {
			return
		}
		names = append(names, m.Type.String())
	}
	ex.Violate(exchange.Violation{
		In: exchange.Accept, Rule: exchange.RuleAccept,
		Expected: "a range that admits " + strings.Join(names, " or "), Got: fmt.Sprintf("%q", shorten(strings.Join(lines, ", "))),
		Fix: "accept " + strings.Join(names, " or "), Contract: op.success.response.At(),
	})
}
