package importer

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// stub is what one rule means for one operation, before it is written.
type stub struct {
	// op is nil for "*".
	op *contract.Operation
	// name is "" for none.
	name string
	// at is the rule, for findings.
	at       source.Span
	priority int
	// probability is the share of calls as it is written, "" for all.
	probability string

	path, query, headers, cookies conditions
	body                          *source.Node
	jsonPath, state, set          conditions
	exprs                         []string
	// valid is "" for valid requests, else "any".
	valid string

	responds []*response
	atEnd    string
}

// response is one answer of a stub.
type response struct {
	at        source.Span
	status    string
	headers   conditions
	mediaType string
	// data is the body as it is sent, nil for none. body takes its place where it has
	// expressions: under the keyword body or text.
	data           []byte
	body           *source.Node
	delay, dribble *source.Node
	fault          exchange.Fault
	times          int
}

// add takes a stub in, unless there are too many.
func (m *maker) add(s *stub) {
	if len(m.stubs) == MaxStubs {
		m.broken = append(m.broken, source.Diagnostic{Code: CodeNotImportable, At: s.at, Message: fmt.Sprintf("there are more than %d stubs to write", MaxStubs)})
	}
	if len(m.stubs) > MaxStubs {
		return
	}
	m.stubs = append(m.stubs, s)
}

// maxName bounds the name of a stub, in characters.
const maxName = 80

// nameOf makes the name of a stub of a text that people wrote for a rule.
func nameOf(label string) string {
	label = strings.Join(strings.FieldsFunc(label, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
	label = strings.ToValidUTF8(strings.TrimSpace(label), "")
	count := 0
	for i := range label {
		if count++; count > maxName {
			return strings.TrimSpace(label[:i])
		}
	}
	return label
}

func (s *stub) when() []source.Node {
	var when []source.Node
	group := func(key string, c conditions) {
		if len(c) > 0 {
			when = append(when, member(key, object(c...)))
		}
	}
	group("path", s.path)
	group("query", s.query)
	group("headers", s.headers)
	group("cookies", s.cookies)
	if s.body != nil {
		when = append(when, member("body", *s.body))
	}
	group("jsonPath", s.jsonPath)
	group("state", s.state)
	switch len(s.exprs) {
	case 0:
	case 1:
		when = append(when, member("expr", text(s.exprs[0])))
	default:
		when = append(when, member("expr", text("("+strings.Join(s.exprs, ") and (")+")")))
	}
	if s.valid != "" {
		when = append(when, member("valid", text(s.valid)))
	}
	return when
}

// matchBody adds a condition on the whole body.
func (s *stub) matchBody(value source.Node) {
	if s.body != nil {
		value = matcher("allOf", list(s.body.Renamed(""), value))
	}
	s.body = &value
}

// invalidStatuses are the answers to requests that break the contract, which a stub
// must be told to answer.
var invalidStatuses = map[string]bool{"400": true, "401": true, "403": true, "405": true, "406": true, "413": true, "415": true, "422": true}

// alsoInvalid lets a stub answer requests that break the contract, where its answer
// is one to such requests.
func (s *stub) alsoInvalid() {
	for _, r := range s.responds {
		if invalidStatuses[r.status] {
			s.valid = "any"
		}
	}
}
