package journal

import (
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// inPath collects the values of hidden path parameters.
func (s *Secrets) inPath(ex *exchange.Exchange) {
	s.base = ex.Request.Base
	for i := range ex.Parameters {
		p := &ex.Parameters[i]
		if p.In != exchange.Path || p.Raw == "" || !s.redactor.hides(p.In, p.Name) {
			continue
		}
		s.pathValues = append(s.pathValues, p.Raw)
		s.add(p.Raw)
		s.add(url.PathEscape(p.Raw)) // as links repeat it
	}
}

// Path gives the escaped path of the request without secrets. The value of a hidden path
// parameter goes with the whole of its segment, however short it is.
func (s *Secrets) Path(path string) string {
	if len(s.pathValues) == 0 {
		return s.Text(path)
	}
	rest, _ := strings.CutPrefix(path, s.base)
	base, segments := path[:len(path)-len(rest)], strings.Split(rest, "/")
	plain := make([]string, len(segments))
	for i := range segments {
		var err error
		if plain[i], err = url.PathUnescape(segments[i]); err != nil {
			plain[i] = segments[i]
		}
	}
	for _, value := range s.pathValues {
		// A template may have text beside a variable; and where the value is not found, as
		// it may be for one of several members, nothing tells what stands where.
		_ = hideWhere(segments, plain, func(text string) bool { return text == value }) ||
			hideWhere(segments, plain, func(text string) bool { return strings.Contains(text, value) }) ||
			hideWhere(segments, plain, func(text string) bool { return text != "" })
	}
	return s.Text(base + strings.Join(segments, "/"))
}

// hideWhere hides the segments whose plain text is chosen, and tells whether there are any.
func hideWhere(segments, plain []string, chosen func(plain string) bool) bool {
	found := false
	for i := range segments {
		if chosen(plain[i]) {
			segments[i], found = exchange.Redacted, true
		}
	}
	return found
}
