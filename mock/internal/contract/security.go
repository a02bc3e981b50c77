package contract

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// scheme is one security scheme. Presence and form of credentials are checked,
// never whether they are right: that is for scenarios to decide.
type scheme struct {
	name string
	in   exchange.Location // of an apiKey
	key  string            // an apiKey's parameter name
	// inAuthorization tells that the credentials stand in the header Authorization.
	inAuthorization bool
	challenge       string // for WWW-Authenticate (RFC 9110 section 11.6.1)
	expected        string
	fix             string
	holds           func(s *scheme, c *credentials) bool
	at              source.Span
}

// credentials is where a request may carry them.
type credentials struct {
	header            http.Header
	query, cookies    []param.Pair
	clientCertificate bool
}

// security is an operation's requirements: one of the alternatives must hold.
type security struct {
	alternatives []alternative
	at           source.Span
	// inQuery and inCookies tell where credentials may be, beside the header.
	inQuery, inCookies bool
	fields             []field
}

// field is a header that credentials are sent in.
type field struct {
	name string // canonical
	at   source.Span
}

// alternative holds if all its schemes do. One without schemes lets everybody in;
// names are those that the description gives, also of schemes that it does not have.
type alternative struct {
	names   []string
	schemes []*scheme
}

// open tells whether everybody is let in.
func (s *security) open() bool {
	return slices.ContainsFunc(s.alternatives, func(a alternative) bool { return len(a.schemes) == 0 })
}

// claims tells whether a scheme takes query pairs of that name.
func (s *security) claims(name string) bool {
	for _, a := range s.alternatives {
		for _, scheme := range a.schemes {
			if scheme.in == exchange.Query && scheme.key == name {
				return true
			}
		}
	}
	return false
}

// Security lists the alternatives of the operation's security requirements, each with
// the names of its schemes; one without names lets everybody in. There are none where
// no requirements are described, or none are checked.
func (op *Operation) Security() [][]string {
	s := op.compiled().security
	if s == nil {
		return nil
	}
	list := make([][]string, len(s.alternatives))
	for i, a := range s.alternatives {
		list[i] = a.names
	}
	return list
}

// loadSchemes reads components.securitySchemes, or securityDefinitions of 2.0.
func (l *loader) loadSchemes() {
	l.schemes = map[string]*scheme{}
	list := l.root.Find("/components/securitySchemes")
	if l.swagger {
		list = l.root.Get("securityDefinitions")
	}
	for name, entry := range list.Members() {
		n, err := l.docs.Follow(entry)
		if err != nil {
			continue
		}
		if s := l.scheme(name, n); s != nil {
			l.schemes[name] = s
		}
	}
}

func (l *loader) scheme(name string, n *source.Node) *scheme {
	m, ok := model[openapi3.SecurityScheme](&l.findings, n)
	if !ok {
		return nil
	}
	s := &scheme{name: name, at: n.At()}
	kind := strings.ToLower(m.Scheme)
	if m.Type == "basic" { // 2.0
		m.Type, kind = "http", "basic"
	}
	switch m.Type {
	case "apiKey":
		s.in, s.key = exchange.Location(m.In), m.Name
		s.challenge = fmt.Sprintf("ApiKey in=%q, name=%q", m.In, m.Name)
		s.expected = fmt.Sprintf("an API key in the %s %s", m.In, m.Name)
		s.fix = fmt.Sprintf("send the key in the %s %s", m.In, m.Name)
		s.holds = holdsKey
	case "http":
		s.http(kind)
	case "oauth2", "openIdConnect":
		s.http("bearer")
	case "mutualTLS":
		s.challenge, s.expected = "Mutual", "a client certificate"
		s.fix = "connect with a client certificate"
		s.holds = func(_ *scheme, c *credentials) bool { return c.clientCertificate }
	default:
		l.add(CodeUnknownScheme, source.Warning, n.Get("type").At(), fmt.Sprintf("security schemes of type %q are not enforced", m.Type),
			source.DidYouMean(m.Type, []string{"apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"}))
		s.holds = func(*scheme, *credentials) bool { return true }
	}
	return s
}

// http sets up a scheme of the Authorization header.
func (s *scheme) http(kind string) {
	s.inAuthorization = true
	word := kind
	if kind != "" {
		word = strings.ToUpper(kind[:1]) + kind[1:]
	}
	s.challenge = word + ` realm="api"`
	switch kind {
	case "bearer":
		s.expected, s.fix = "a bearer token in Authorization", "send the header Authorization: Bearer <token>"
	case "basic":
		s.expected, s.fix = "user and password in Authorization", "send the header Authorization: Basic <base64 of user:password>"
	default:
		s.expected = fmt.Sprintf("%s credentials in Authorization", word)
		s.fix = fmt.Sprintf("send the header Authorization: %s …", word)
	}
	s.holds = func(_ *scheme, c *credentials) bool {
		for _, value := range c.header["Authorization"] {
			scheme, rest, _ := strings.Cut(value, " ")
			if strings.EqualFold(scheme, kind) && wellFormed(kind, strings.TrimSpace(rest)) {
				return true
			}
		}
		return false
	}
}

// wellFormed checks the part behind the scheme's name (RFC 6750, RFC 7617).
func wellFormed(kind, rest string) bool {
	switch kind {
	case "basic":
		plain, err := base64.StdEncoding.DecodeString(rest)
		return err == nil && strings.Contains(string(plain), ":")
	case "bearer":
		return rest != "" && !strings.ContainsAny(rest, " \t")
	}
	return rest != ""
}

func holdsKey(s *scheme, c *credentials) bool {
	switch s.in {
	case exchange.Header:
		return c.header.Get(s.key) != ""
	case exchange.Query:
		return holdsPair(c.query, s.key)
	case exchange.Cookie:
		return holdsPair(c.cookies, s.key)
	}
	return true
}

// header is the canonical name of the header that the scheme looks at, "" for none.
func (s *scheme) header() string {
	switch {
	case s.in == exchange.Header:
		return http.CanonicalHeaderKey(s.key)
	case s.inAuthorization:
		return "Authorization"
	}
	return ""
}

func holdsPair(pairs []param.Pair, name string) bool {
	for _, p := range pairs {
		if p.Name == name && p.RawValue != "" {
			return true
		}
	}
	return false
}

// requirements compiles the operation's security, else the description's. nil
// means that nothing is described, or nothing is to be checked.
func (p *planner) requirements() *security {
	c := p.op.contract
	list := p.op.node.Get("security")
	if list == nil {
		list = c.root.Get("security")
	}
	if c.opts.NoSecurity || !list.Is(source.Array) || len(list.Kids) == 0 {
		return nil
	}
	s := &security{at: list.KeyAt()}
	for _, entry := range list.Items() {
		var a alternative
		for name, scopes := range entry.Members() {
			a.names = append(a.names, name)
			scheme := c.schemes[name]
			if scheme == nil {
				known := slices.Sorted(maps.Keys(c.schemes)) // so that of two that are as near the same one is told each time
				p.add(CodeUnknownScheme, source.Warning, scopes.KeyAt(), fmt.Sprintf("there is no security scheme %q; it is not enforced", name), source.DidYouMean(name, known))
				continue
			}
			a.schemes = append(a.schemes, scheme)
			s.inQuery = s.inQuery || scheme.in == exchange.Query
			s.inCookies = s.inCookies || scheme.in == exchange.Cookie
			if f := (field{scheme.header(), scheme.at}); f.name != "" && !slices.ContainsFunc(s.fields, func(other field) bool { return other.name == f.name }) {
				s.fields = append(s.fields, f)
			}
		}
		s.alternatives = append(s.alternatives, a)
	}
	return s
}

// check finds the alternative that is met, the one with the most schemes of several,
// and gives its number from 1. Where none is met it gives the violation, told for those
// that lack least.
func (s *security) check(c *credentials) (met int, broken *exchange.Violation) {
	for i, a := range s.alternatives {
		if met > 0 && len(a.schemes) <= len(s.alternatives[met-1].schemes) {
			continue
		}
		if !slices.ContainsFunc(a.schemes, func(scheme *scheme) bool { return !scheme.holds(scheme, c) }) {
			met = i + 1
		}
	}
	if met > 0 {
		return met, nil
	}
	return 0, s.violation(c)
}

// once adds the violations of headers with credentials that were sent several times. They
// are no missing credentials: RFC 6750 section 3.1 wants the status 400 for them.
func (s *security) once(ex *exchange.Exchange) {
	for _, f := range s.fields {
		lines := ex.Request.Header[f.name]
		told := func(v exchange.Violation) bool { // as a declared parameter
			return v.In == exchange.Header && strings.EqualFold(v.Name, f.name)
		}
		if len(lines) > 1 && !slices.ContainsFunc(ex.Violations, told) {
			ex.Violate(repeatedField(exchange.Header, f.name, lines, f.at))
		}
	}
}

func (s *security) violation(c *credentials) *exchange.Violation {
	var lacking [][]*scheme // of each alternative that lacks least
	var begun bool          // whether they are partly met: what was begun is what was meant
	for _, a := range s.alternatives {
		var missing []*scheme
		for _, scheme := range a.schemes {
			if !scheme.holds(scheme, c) {
				missing = append(missing, scheme)
			}
		}
		partly := len(missing) < len(a.schemes)
		if len(lacking) > 0 && (len(missing) < len(lacking[0]) || len(missing) == len(lacking[0]) && partly && !begun) {
			lacking = nil
		}
		if len(lacking) == 0 || len(missing) == len(lacking[0]) && partly == begun {
			lacking, begun = append(lacking, missing), partly
		}
	}
	told := func(and string, of func(*scheme) string) string {
		var either []string
		for _, schemes := range lacking {
			var all []string
			for _, scheme := range schemes {
				all = append(all, of(scheme))
			}
			if one := strings.Join(all, and); !slices.Contains(either, one) { // such as a bearer token of two schemes
				either = append(either, one)
			}
		}
		return strings.Join(either, " or ")
	}
	return &exchange.Violation{
		In: exchange.Security, Rule: exchange.RuleCredentials, Contract: s.at,
		Name:     told(" + ", func(s *scheme) string { return s.name }),
		Expected: told(" and ", func(s *scheme) string { return s.expected }),
		Fix:      told(" and ", func(s *scheme) string { return s.fix }),
	}
}

// Challenges are the values of WWW-Authenticate for a 401 of the operation: one
// for each scheme that its requirements name, else a plain Bearer.
func (op *Operation) Challenges() []string {
	var list []string
	seen := map[string]bool{}
	add := func(s *scheme) {
		if s != nil && s.challenge != "" && !seen[s.challenge] {
			seen[s.challenge] = true
			list = append(list, s.challenge)
		}
	}
	requirements := op.node.Get("security")
	if requirements == nil {
		requirements = op.contract.root.Get("security")
	}
	for _, alternative := range requirements.Items() {
		for name := range alternative.Members() {
			add(op.contract.schemes[name])
		}
	}
	if len(list) == 0 {
		list = []string{`Bearer realm="api"`}
	}
	return list
}
