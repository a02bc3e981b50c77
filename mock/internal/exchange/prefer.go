package exchange

import (
	"net/http"
	"net/url"
	"strings"
)

// Prefer holds the directives of one request (RFC 7240 and the query forms).
// Values are kept as text: what they may be is for the one who acts on them to
// say. An empty string means that the directive was not given.
type Prefer struct {
	Code     string // status to answer with: a number, a range or default
	Example  string // name of an example
	Scenario string // scenario whose stubs are tried first
	Dynamic  string // "true" to generate from the schema
	Seed     string // seed for generated data
	Delay    string // wait before the answer
	Expect   string // "invalid" for a request that breaks the contract on purpose
	// Bare is the name of the first directive that has no value and needs one, "" for
	// none: it must not be taken for one that was not given.
	Bare string
	// Sessions are the ids of the query form, the only one that there is: each of them,
	// also an empty one, because a session must not be missed.
	Sessions []string
}

// field is where the preference of a name is put, nil for a name that is not
// Understudy's. The query form of each has two underscores before it.
func (p *Prefer) field(name string) *string {
	switch name {
	case "code":
		return &p.Code
	case "example":
		return &p.Example
	case "scenario":
		return &p.Scenario
	case "dynamic":
		return &p.Dynamic
	case "seed":
		return &p.Seed
	case "delay":
		return &p.Delay
	case "expect":
		return &p.Expect
	}
	return nil
}

// set puts a value where the directive of that name has none yet. No value is as good as
// an empty one (RFC 7240 section 2), and dynamic is true without one.
func (p *Prefer) set(name, value string) {
	field := p.field(name)
	switch {
	case field == nil:
		return
	case value == "" && name == "dynamic":
		value = "true"
	case value == "" && p.Bare == "" && *field == "":
		p.Bare = name
	}
	if *field == "" {
		*field = value
	}
}

// ParsePrefer reads the directives of a request and gives the query without
// its directives. The header wins over the query form of the same name, the
// first of a name wins, and names are compared without case (RFC 7240 section 2).
// Preferences that are not Understudy's are left alone.
func ParsePrefer(header http.Header, rawQuery string) (p Prefer, rest string) {
	if len(header["Prefer"]) == 0 && !strings.Contains(rawQuery, "__") {
		return p, rawQuery // most have none
	}
	return parsePrefer(header, rawQuery)
}

func parsePrefer(header http.Header, rawQuery string) (p Prefer, rest string) {
	for _, line := range header["Prefer"] {
		parsePreferLine(line, func(name, value string) {
			p.set(strings.ToLower(name), value)
		})
	}
	if !strings.Contains(rawQuery, "__") {
		return p, rawQuery
	}
	kept := make([]string, 0, 8)
	for more := true; more; { // without a function, for which kept would be allocated
		var pair string
		pair, rawQuery, more = strings.Cut(rawQuery, "&")
		name, value, _ := strings.Cut(pair, "=")
		var field *string
		if directive, is := strings.CutPrefix(name, "__"); is {
			field = p.field(directive)
		}
		if field == nil && name != SessionQuery {
			kept = append(kept, pair)
			continue
		}
		if text, err := url.QueryUnescape(value); err == nil {
			value = text
		}
		if field == nil {
			p.Sessions = append(p.Sessions, value)
		} else {
			p.set(strings.TrimPrefix(name, "__"), value)
		}
	}
	return p, strings.Join(kept, "&")
}

// parsePreferLine calls found for each preference of one header line. Parameters
// of a preference (behind ";") are skipped, quoted values are unquoted.
func parsePreferLine(line string, found func(name, value string)) {
	for line != "" {
		var part string
		part, line = CutUnquoted(line, ',')
		part, _ = CutUnquoted(part, ';')
		name, value, _ := strings.Cut(part, "=")
		if name = strings.TrimSpace(name); name != "" {
			found(name, unquote(strings.TrimSpace(value)))
		}
	}
}

// CutUnquoted splits s at the first sep that is not inside a quoted-string (RFC 9110
// section 5.6.4). after is empty where there is none.
func CutUnquoted(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// unquote reads a quoted-string (RFC 9110 section 5.6.4); other text is given back as it is.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s)-1; i++ {
		if s[i] == '\\' && i+1 < len(s)-1 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
