package admin

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// decodeQuery reads the query. A parameter that is misspelt would choose too much, so
// one that there is not is refused.
func (c *call) decodeQuery(known []string) error {
	values, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return invalid("The query has bad percent-encoding.")
	}
	c.query = make(map[string]string, len(values))
	for name, lines := range values {
		switch {
		case !slices.Contains(known, name):
			return invalid("There is no query parameter %q here%s", name, choice(name, known))
		case len(lines) > 1:
			return invalid("The query parameter %q stands %d times.", name, len(lines))
		}
		c.query[name] = strings.Clone(lines[0]) // as with the variables of the path
	}
	return nil
}

// choice ends a sentence about a word that is none of the known ones.
func choice(word string, known []string) string {
	if len(known) == 0 {
		return ", and no other."
	}
	hint := "."
	if best := source.Closest(word, known); best != "" {
		hint = fmt.Sprintf(": did you mean %q?", best)
	}
	return hint + " There are " + strings.Join(slices.Sorted(slices.Values(known)), ", ") + "."
}

// boolean reads a parameter that is true or false; nil for an absent one.
func (c *call) boolean(name string) (*bool, error) {
	text, ok := c.query[name]
	if !ok {
		return nil, nil
	}
	if text != "true" && text != "false" {
		return nil, invalid("%s is true or false, not %q.", name, text)
	}
	value := text == "true"
	return &value, nil
}

// number reads a parameter that is a whole number; 0 for an absent one.
func (c *call) number(name string) (uint64, error) {
	text, ok := c.query[name]
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, invalid("%s is a whole number, not %q.", name, text)
	}
	return n, nil
}

// moment reads a parameter that is a time; the zero Time for an absent one.
func (c *call) moment(name string) (time.Time, error) {
	text, ok := c.query[name]
	if !ok {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, invalid("%s is a time such as 2026-01-31T12:00:00Z, not %q.", name, text)
	}
	return at, nil
}

// only is the session that a call speaks of: that of the path, or of the query where
// it may name one; nil for all.
func (c *call) only() *string {
	if id := c.session(); id != "" {
		return &id
	}
	if id, ok := c.query["session"]; ok {
		return &id
	}
	return nil
}

// filterNames are the query parameters that choose exchanges.
var filterNames = []string{"operation", "status", "valid", "matched", "scenario", "stub", "method", "path", "text", "since", "until", "after", "violates"}

// filter reads the parameters that choose exchanges.
func (c *call) filter() (journal.Filter, error) {
	f := journal.Filter{
		Operation: c.query["operation"], Session: c.only(), Status: c.query["status"], Scenario: c.query["scenario"], Stub: c.query["stub"],
		Method: c.query["method"], Path: c.query["path"], Text: c.query["text"], Violates: c.query["violates"],
	}
	var err [5]error
	f.Valid, err[0] = c.boolean("valid")
	f.Matched, err[1] = c.boolean("matched")
	f.Since, err[2] = c.moment("since")
	f.Until, err[3] = c.moment("until")
	f.After, err[4] = c.number("after")
	return f, first(err[:]...)
}

// page reads the parameters that choose a page of exchanges.
func (c *call) page() (q journal.Query, err error) {
	if q.Filter, err = c.filter(); err != nil {
		return q, err
	}
	if q.Before, err = c.number("before"); err != nil {
		return q, err
	}
	limit, err := c.limit()
	q.Limit = limit
	return q, err
}

// limit reads the length of a page; 0 for the usual one.
func (c *call) limit() (int, error) {
	n, err := c.number("limit")
	if _, given := c.query["limit"]; err == nil && given && (n == 0 || n > journal.MaxLimit) {
		err = invalid("limit is from 1 to %d, not %d.", journal.MaxLimit, n)
	}
	return int(n), err
}

// scope reads the parameters that say which exchanges an expectation speaks of.
func (c *call) scope() (journal.Scope, error) {
	s := journal.Scope{Session: c.only()}
	var err [2]error
	s.After, err[0] = c.number("after")
	s.Since, err[1] = c.moment("since")
	return s, first(err[:]...)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
