package exchange

import (
	"net/url"
	"strings"
)

// Pair is a name with its text: of the query, or of the Cookie header.
type Pair struct{ Name, Value string }

// pairs is a list that is made when it is first asked for.
type pairs struct {
	made bool
	list []Pair
}

// QueryPairs are the pairs of the query in the order in which they were sent,
// percent-encoding taken off; text that is not encoded well stays as it is. The
// query is split once. Only the goroutine that serves the request may ask, and
// the list is read-only.
func (e *Exchange) QueryPairs() []Pair {
	if !e.query.made {
		e.query = pairs{true, splitQuery(e.Request.RawQuery)}
	}
	return e.query.list
}

// CookiePairs are the pairs of the Cookie header in the order in which they were
// sent (RFC 6265 section 4.2), as QueryPairs gives those of the query. Values stay
// as sent; a part without "=" is no pair.
func (e *Exchange) CookiePairs() []Pair {
	if !e.cookies.made {
		e.cookies = pairs{true, splitCookies(e.Request.Header["Cookie"])}
	}
	return e.cookies.list
}

// ForgetPairs drops the lists that QueryPairs and CookiePairs have made.
func (e *Exchange) ForgetPairs() { e.query, e.cookies = pairs{}, pairs{} }

func splitQuery(raw string) []Pair {
	if raw == "" {
		return nil
	}
	list := make([]Pair, 0, 1+strings.Count(raw, "&"))
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		list = append(list, Pair{plainQuery(name), plainQuery(value)})
	}
	return list
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

func splitCookies(lines []string) []Pair {
	var list []Pair
	for _, line := range lines {
		if list == nil {
			list = make([]Pair, 0, 1+strings.Count(line, ";"))
		}
		for part := range strings.SplitSeq(line, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
				list = append(list, Pair{name, value})
			}
		}
	}
	return list
}
