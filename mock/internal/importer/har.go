package importer

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// sighting is an entry of a recording that is a request to the API.
type sighting struct {
	seen author.Seen
	at   source.Span
}

// entry is one entry of a recording.
type entry struct {
	node *source.Node
	at   source.Span
	url  *url.URL
	time time.Time
}

// har reads recordings in the order in which their requests were made.
func (m *maker) har(files *inputs) {
	var entries []*entry
	timed := true
	for _, from := range files.list {
		list := from.root.Get("log").Get("entries")
		if !list.Is(source.Array) {
			m.broken = append(m.broken, source.Diagnostic{Code: CodeNotImportable, At: from.root.At(), Message: "this is no HAR file: it has no log with entries"})
			continue
		}
		for _, n := range list.Items() {
			if !m.rule(n.At()) {
				return
			}
			if e := m.entry(n); e != nil {
				timed = timed && !e.time.IsZero()
				entries = append(entries, e)
			}
		}
	}
	if timed {
		slices.SortStableFunc(entries, func(a, b *entry) int { return a.time.Compare(b.time) })
	}
	outside := map[string][]*entry{}
	for _, e := range entries {
		if !m.see(e) {
			outside[e.url.Host] = append(outside[e.url.Host], e)
		}
	}
	m.tellOutside(outside)
	m.tellBare()
}

// entry reads what every entry has; nil where it has not.
func (m *maker) entry(n *source.Node) *entry {
	address := n.Get("request").Get("url")
	u, err := url.Parse(address.Str())
	if err != nil || address.Str() == "" {
		m.leftOut(n.At(), "", "the entry has no URL that can be read")
		return nil
	}
	e := &entry{node: n, at: address.At(), url: u}
	e.time, _ = time.Parse(time.RFC3339Nano, n.Get("startedDateTime").Str())
	return e
}

// tellOutside tells once for each host what is no request to the API.
func (m *maker) tellOutside(outside map[string][]*entry) {
	for host, list := range outside {
		first := slices.MinFunc(list, func(a, b *entry) int { return cmp.Compare(a.at.Off, b.at.Off) })
		what, hint := "1 entry of %s is outside of the API", "name the address of the API with --base"
		if len(list) > 1 {
			what = fmt.Sprint(len(list)) + " entries of %s are outside of the API, this one first"
		}
		if m.base != "" {
			hint = ""
		}
		m.warn(CodeOutside, first.at, hint, what, cmp.Or(host, "no host"))
	}
}

// see takes an entry in; false for one that is outside of the API.
func (m *maker) see(e *entry) bool {
	request := e.node.Get("request")
	method := strings.ToUpper(request.Get("method").Str())
	path, inside := m.below(e.url)
	if !inside {
		return false
	}
	header := headerOf(request.Get("headers"))
	if method == http.MethodOptions && header.Get("Access-Control-Request-Method") != "" {
		return false // a preflight, which the mock answers by itself
	}
	var match contract.Match
	for _, api := range m.apis {
		if found := api.Route(method, path, m.base != ""); found.Op != nil && (match.Op == nil || len(found.Base) > len(match.Base)) {
			match = found
		}
	}
	if match.Op == nil {
		if m.base != "" || m.underBase(path) {
			m.noOperation(e.at, method, path)
			return true
		}
		return false
	}
	if s := m.sighting(e, &match, method, header); s != nil {
		m.seen = append(m.seen, s)
	}
	return true
}

// below takes the address of the API off; without one every host is the API's.
func (m *maker) below(u *url.URL) (path string, inside bool) {
	path = u.EscapedPath()
	if m.base == "" {
		return path, strings.HasPrefix(path, "/")
	}
	base, err := url.Parse(m.base)
	if err != nil || !strings.EqualFold(base.Host, u.Host) {
		return "", false
	}
	rest, found := strings.CutPrefix(path, strings.TrimSuffix(base.EscapedPath(), "/"))
	return rest, found && strings.HasPrefix(rest, "/")
}

// underBase tells whether a path is below a base path that says something.
func (m *maker) underBase(path string) bool {
	for _, api := range m.apis {
		for _, base := range api.Bases {
			if base != "" && strings.HasPrefix(path, base+"/") {
				return true
			}
		}
	}
	return false
}

// sighting makes the exchange of an entry, nil for one without an answer.
func (m *maker) sighting(e *entry, match *contract.Match, method string, header http.Header) *sighting {
	response := e.node.Get("response")
	own := e.node.Get("_understudy")
	status := statusNumber(response.Get("status").Scalar())
	fault := exchange.Fault(own.Get("fault").Str())
	answer := headerOf(response.Get("headers"))
	switch {
	case fault != "":
		status = 0
	case answer.Get("Understudy-Error") != "":
		m.leftOut(e.at, "", "the answer is a problem of the mock's own, and none of the API")
		return nil
	case status == 0:
		m.leftOut(e.at, "", "no answer was recorded")
		return nil
	case status == http.StatusNotModified:
		m.leftOut(e.at, "record with the cache switched off", "the answer came from the cache of the client")
		return nil
	case status < contract.MinStatus || status > contract.MaxStatus:
		m.sendable(response.Get("status").Scalar(), e.at)
		return nil
	}
	body, err := requestBody(e.node.Get("request").Get("postData"), header)
	if err != nil {
		m.leftOut(e.at, "", "the body of the request cannot be read: %v", err)
		return nil
	}
	ex := &exchange.Exchange{
		Request: exchange.Request{
			Method: method, Host: e.url.Host, Path: e.url.EscapedPath(), RawQuery: e.url.RawQuery, Header: header,
			Body: body, HasBody: len(body) > 0, TLS: e.url.Scheme == "https",
		},
		Operation: match.Op.Name(), API: match.Op.Contract().Name,
	}
	match.Op.Validate(ex, match)
	if own == nil && status != http.StatusUnauthorized && status != http.StatusForbidden {
		m.credentialsWere(ex, e.at)
	}
	s := &sighting{at: e.at, seen: author.Seen{Operation: match.Op, Exchange: ex}}
	ex.Answer = exchange.Answer{Status: status, Header: answer, Fault: fault, OffContract: own.Get("offContract").Str()}
	if fault == "" {
		s.seen.Unknown = m.answerBody(e, ex, response, own)
	}
	if answer.Get("Set-Cookie") != "" {
		m.without(e.at, "write the cookie that tests need under headers", "the header Set-Cookie of the answer is a secret, and is not carried over")
	}
	m.secrets.hide(ex)
	return s
}

// credentialsWere takes a request as one with the credentials that its answer was given
// to: browsers leave them out of what they export, and an API that asked for some has
// answered. Otherwise the answer would be for requests without them alone.
func (m *maker) credentialsWere(ex *exchange.Exchange, at source.Span) {
	before := len(ex.Violations)
	ex.Violations = slices.DeleteFunc(ex.Violations, func(v exchange.Violation) bool { return v.In == exchange.Security })
	if len(ex.Violations) == before {
		return
	}
	if m.bare++; m.bare == 1 {
		m.bareAt = at
	}
}

// tellBare tells once of all requests whose credentials are not in the recording.
func (m *maker) tellBare() {
	if m.bare == 0 {
		return
	}
	what := "1 request was recorded"
	if m.bare > 1 {
		what = fmt.Sprint(m.bare) + " requests were recorded, this one first,"
	}
	m.changed(m.bareAt, "serve with --no-security if the application sends none", "%s without the credentials that the contract requires, which browsers leave out: the answers are for requests with them", what)
}

// answerBody reads the body of an answer; unknown is why it is not what was sent.
func (m *maker) answerBody(e *entry, ex *exchange.Exchange, response, own *source.Node) (unknown string) {
	c := response.Get("content")
	text := c.Get("text")
	header := ex.Answer.Header
	if header.Get("Content-Type") == "" && c.Get("mimeType").Str() != "" && text.Str() != "" && c.Get("mimeType").Str() != "x-unknown" {
		header.Set("Content-Type", c.Get("mimeType").Str())
	}
	if t, ok := contract.ParseMediaType(header.Get("Content-Type")); ok && t.Params["charset"] != "" && !strings.EqualFold(t.Params["charset"], "utf-8") {
		header.Set("Content-Type", t.Type+"/"+t.Subtype) // texts of recordings are UTF-8
	}
	if size := c.Get("size").Scalar(); text.Str() == "" && statusNumber(size) > 0 && ex.Request.Method != http.MethodHead {
		m.without(e.at, "save the recording with the contents", "the body of the answer is not in the recording")
		return "the recording does not have it"
	}
	if own.Get("cut").IsTrue() {
		m.without(e.at, "", "the body of the answer is cut off in the recording")
		return "the recording has a part of it only"
	}
	ex.Answer.Body = []byte(text.Str())
	if c.Get("encoding").Str() == "base64" {
		data, err := base64.StdEncoding.DecodeString(text.Str())
		if err != nil {
			m.without(e.at, "", "the body of the answer is not carried over: it is no base64")
			return "the recording cannot be read"
		}
		ex.Answer.Body = data
	}
	hidden, names := m.secrets.body(ex.Answer.Body, header.Get("Content-Type"))
	if len(names) > 0 {
		ex.Answer.Body = hidden
		m.changed(e.at, "write what tests need in its place", "the values of %s in the body of the answer are secrets, and are not carried over", strings.Join(names, ", "))
	}
	if len(ex.Answer.Body) == 0 {
		ex.Answer.Body = nil
	}
	return ""
}

// headerOf reads a list of names and values. Those of HTTP/2 that begin with a colon
// are none.
func headerOf(n *source.Node) http.Header {
	h := http.Header{}
	for _, each := range n.Items() {
		if name := each.Get("name").Str(); name != "" && name[0] != ':' {
			key := http.CanonicalHeaderKey(name)
			for line := range strings.SplitSeq(each.Get("value").Str(), "\n") { // as Chrome joins several
				h[key] = append(h[key], line)
			}
		}
	}
	return h
}

// requestBody is the body of a request: its text, or the fields of a form.
func requestBody(n *source.Node, header http.Header) ([]byte, error) {
	if header.Get("Content-Type") == "" && n.Get("mimeType").Str() != "" {
		header.Set("Content-Type", n.Get("mimeType").Str())
	}
	if text := n.Get("text").Str(); text != "" {
		if n.Get("_encoding").Str() == "base64" || n.Get("encoding").Str() == "base64" {
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, errors.New("it is no base64")
			}
			return data, nil
		}
		return []byte(text), nil
	}
	if !strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil, nil
	}
	var fields []string
	for _, each := range n.Get("params").Items() {
		fields = append(fields, url.QueryEscape(each.Get("name").Str())+"="+url.QueryEscape(each.Get("value").Str()))
	}
	return []byte(strings.Join(fields, "&")), nil
}

// writeSeen writes the stubs that give the recorded answers.
func (m *maker) writeSeen(r *Result) {
	seen := make([]author.Seen, len(m.seen))
	for i, s := range m.seen {
		seen[i] = s.seen
	}
	stubs := author.Stubs(seen)
	slices.SortStableFunc(stubs, func(a, b author.Stub) int { return m.rank(a.Operation) - m.rank(b.Operation) })
	for i := range stubs {
		stubs[i].Comment = []string{m.seen[stubs[i].From[0]].at.String()}
	}
	m.write(r, nil, stubs, func(stub, _ int) source.Span { return m.seen[stubs[stub].From[0]].at })
}
