package importer

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// wireRule is one stub mapping for one operation.
type wireRule struct {
	*maker
	files *inputs
	from  *input
	rule  *source.Node
	t     *target
	s     *stub
}

// wireMock reads stub mappings. Of two with the same priority the one that WireMock
// reads last wins, so they are taken from the last to the first.
func (m *maker) wireMock(files *inputs) {
	type mapping struct {
		from *input
		node *source.Node
	}
	var all []mapping
	for _, from := range files.list {
		root := from.root
		switch several := root.Get("mappings"); {
		case several.Is(source.Array):
			for _, n := range several.Items() {
				all = append(all, mapping{from, n})
			}
		case root.Is(source.Array):
			for _, n := range root.Items() {
				all = append(all, mapping{from, n})
			}
		case root.Has("request") || root.Has("response"):
			all = append(all, mapping{from, root})
		default:
			m.broken = append(m.broken, source.Diagnostic{Code: CodeNotImportable, At: root.At(), Message: "this is no stub mapping of WireMock: it has neither request and response nor mappings"})
		}
	}
	for _, each := range slices.Backward(all) {
		if !m.rule(each.node.At()) {
			return
		}
		m.wireMapping(files, each.from, each.node)
	}
}

// Keys of a mapping that say nothing about requests and answers.
var wireSilent = []string{"id", "uuid", "name", "persistent", "insertionIndex", "request", "response", "newRequest", "priority", "scenarioName", "requiredScenarioState", "newScenarioState"}

func (m *maker) wireMapping(files *inputs, from *input, rule *source.Node) {
	at := rule.At()
	if named := rule.Get("name"); named != nil {
		at = named.At()
	}
	if !rule.Is(source.Object) || !rule.Get("response").Is(source.Object) {
		m.leftOut(at, "", "the mapping has no response")
		return
	}
	for key, n := range rule.Members() {
		switch {
		case slices.Contains(wireSilent, key):
		case key == "metadata":
			m.changed(n.KeyAt(), "", "metadata is for people and tools alone, and is not carried over")
		case key == "postServeActions" || key == "serveEventListeners":
			m.without(n.KeyAt(), "describe the call as a callback or webhook in the contract, and fire it with callbacks or webhooks under respond", "%s is not carried over", key)
		default:
			m.without(n.KeyAt(), "", "%s is not known", key)
		}
	}
	request := rule.Get("request")
	targets, ok := m.wireTargets(request, at)
	if !ok {
		return
	}
	for i := range targets {
		w := &wireRule{maker: m, files: files, from: from, rule: rule, t: &targets[i]}
		w.s = &stub{op: targets[i].op, at: at, path: targets[i].path, name: nameOf(rule.Get("name").Str())}
		if w.request(request) && w.states() && w.answer(rule.Get("response")) {
			w.priority()
			w.s.alsoInvalid()
			m.add(w.s)
		}
	}
}

// wireTargets finds the operations that a request pattern is for.
func (m *maker) wireTargets(request *source.Node, at source.Span) ([]target, bool) {
	method := request.Get("method").Str()
	if request.Has("method") && method == "" {
		m.leftOut(request.Get("method").At(), "write a mapping for each method", "the method is no single one")
		return nil, false
	}
	if strings.EqualFold(method, "ANY") {
		method = ""
	}
	var list []target
	path, n := "", (*source.Node)(nil)
	switch {
	case request.Has("url"):
		n = request.Get("url")
		path, _, _ = strings.Cut(n.Str(), "?")
		list = m.routes(method, path)
	case request.Has("urlPath"):
		n = request.Get("urlPath")
		path = n.Str()
		list = m.routes(method, escapedPath(path))
	case request.Has("urlPathTemplate"):
		n = request.Get("urlPathTemplate")
		path = n.Str()
		list = m.align(method, templateSegments(path))
	case request.Has("urlPattern"), request.Has("urlPathPattern"):
		if n = request.Get("urlPathPattern"); n == nil {
			n = request.Get("urlPattern")
		}
		path = n.Str()
		var ok bool
		if list, ok = m.wirePattern(method, n); !ok {
			return nil, false
		}
	default:
		return m.everywhere(method, at), true
	}
	if len(list) == 0 {
		m.noOperation(n.At(), method, path)
	}
	return list, len(list) > 0
}

// everywhere is the target of a rule for any path.
func (m *maker) everywhere(method string, at source.Span) []target {
	m.changed(at, "", `a rule for all paths becomes a stub for "*": it answers the operations that describe its status, after their own stubs`)
	t := target{whole: true}
	if method != "" {
		t.names = map[string]binding{methodOnly: {fixed: strings.ToUpper(method)}}
	}
	return []target{t}
}

// methodOnly is the name under which a target for all paths keeps its method.
const methodOnly = " method"

// escapedPath writes a path as it is sent, where it is not written so already.
func escapedPath(path string) string {
	if u := (&url.URL{Path: path}); !strings.Contains(path, "%") {
		return u.EscapedPath()
	}
	return path
}

// templateSegments reads /a/{b}.
func templateSegments(path string) []segment {
	var list []segment
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if name, ok := variableOf(part); ok {
			list = append(list, segment{name: name})
			continue
		}
		list = append(list, segment{fixed: plain(part)})
	}
	return list
}

// wirePattern finds the operations for a regular expression; that of urlPattern speaks
// of the query too.
func (m *maker) wirePattern(method string, n *source.Node) ([]target, bool) {
	pattern := n.Str()
	if _, ok := compile(pattern); !ok {
		m.leftOut(n.At(), "RE2 has no look-around and no back-references", "the regular expression cannot be carried over")
		return nil, false
	}
	if slices.Contains([]string{".*", "/.*", ".+", "/.+", "^/.*$"}, pattern) {
		return m.everywhere(method, n.At()), true
	}
	path, query := pattern, ""
	if i := strings.Index(pattern, `\?`); i >= 0 && n.Key == "urlPattern" {
		path, query = pattern[:i], pattern[i:]
	}
	segments, ok := cutPattern(path)
	if !ok || n.Key == "urlPattern" && query == "" && strings.HasSuffix(path, "?") {
		m.leftOut(n.At(), "write a mapping for each path, or one with urlPathTemplate", "the regular expression cannot be taken apart at its slashes")
		return nil, false
	}
	list := m.align(method, segments)
	for i := range list {
		if query != "" {
			list[i].whole = true
		}
		if list[i].whole && list[i].names != nil {
			list[i].names[urlPattern] = binding{fixed: pattern}
			if n.Key == "urlPathPattern" {
				list[i].names[urlPattern] = binding{name: "path", fixed: pattern}
			}
			list[i].path = nil
		}
	}
	return list, true
}

// urlPattern is the name under which a target keeps the regular expression of its URL.
const urlPattern = " url"

// request maps the request pattern; false where it cannot be said.
func (w *wireRule) request(request *source.Node) bool {
	if b, ok := w.t.names[urlPattern]; ok {
		subject := "request.url"
		if b.name == "path" {
			subject = `split(request.url, "?")[0]`
		}
		w.s.exprs = append(w.s.exprs, subject+" matches "+quote("^(?:"+b.fixed+")$"))
	}
	if b, ok := w.t.names[methodOnly]; ok {
		w.s.exprs = append(w.s.exprs, "request.method == "+quote(b.fixed))
	}
	ok := true
	for key, n := range request.Members() {
		ok = w.requestKey(key, n) && ok
	}
	return ok
}

func (w *wireRule) requestKey(key string, n *source.Node) bool {
	switch key {
	case "method", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate":
		return true
	case "url":
		return w.urlQuery(n)
	case "pathParameters":
		return w.parameters(n, func(name string, value *source.Node) bool { return w.pathParameter(name, value) })
	case "queryParameters":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.query, exchange.Query, name, value)
		})
	case "headers":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.headers, exchange.Header, name, value)
		})
	case "cookies":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.cookies, exchange.Cookie, name, value)
		})
	case "basicAuthCredentials", "basicAuth":
		pair := n.Get("username").Str() + ":" + n.Get("password").Str()
		w.s.headers.add("Authorization", text("Basic "+base64.StdEncoding.EncodeToString([]byte(pair))))
		return true
	case "formParameters":
		return w.formParameters(n)
	case "bodyPatterns":
		return w.bodyPatterns(n)
	case "multipartPatterns":
		return w.multipart(n)
	case "host", "port", "scheme", "clientIp":
		w.leftOut(n.KeyAt(), "serve each API under a base path of its own: SPEC=/base", "conditions on %s cannot be carried over", key)
	case "customMatcher":
		w.leftOut(n.KeyAt(), "write what it asks under when", "a custom matcher is code, which cannot be carried over")
	default:
		w.leftOut(n.KeyAt(), "", "the condition %s is not known", key)
	}
	return false
}

func (w *wireRule) parameters(n *source.Node, each func(name string, value *source.Node) bool) bool {
	ok := n.Is(source.Object)
	if !ok {
		w.leftOut(n.At(), "", "%s is no object", n.Key)
	}
	for name, value := range n.Members() {
		ok = each(name, value) && ok
	}
	return ok
}

// urlQuery states the query of a url.
func (w *wireRule) urlQuery(n *source.Node) bool {
	_, query, found := strings.Cut(n.Str(), "?")
	if !found {
		return true
	}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			w.leftOut(n.At(), "", "the query cannot be read")
			return false
		}
		if name != "" {
			w.s.query.add(name, w.inList(exchange.Query, name, scalar(w.t.op, exchange.Query, name, value)))
		}
	}
	return true
}

// inList asks for an element where the contract describes a list.
func (w *wireRule) inList(in exchange.Location, name string, value source.Node) source.Node {
	if isList(w.t.op, in, name) {
		return matcher("contains", value)
	}
	return value
}

func (w *wireRule) pathParameter(name string, n *source.Node) bool {
	b, known := w.t.names[name]
	switch {
	case !known:
		w.leftOut(n.KeyAt(), "", "the path has no variable %s", name)
		return false
	case b.name != "":
		return w.parameter(&w.s.path, exchange.Path, b.name, n)
	case n.Get("equalTo").Str() == b.fixed:
		return true
	}
	w.leftOut(n.KeyAt(), "", "%s has %q in the place of {%s}, and the condition on it cannot be carried over", w.t.op.Name(), b.fixed, name)
	return false
}

// parameter states a condition on a parameter.
func (w *wireRule) parameter(to *conditions, in exchange.Location, name string, n *source.Node) bool {
	value, ok := w.textMatcher(n, func(s string) source.Node { return scalar(w.t.op, in, name, s) })
	if !ok {
		return false
	}
	if only := value.Get("equalTo"); only != nil && len(value.Kids) == 1 && only.Kind != source.Array && only.Kind != source.Object {
		value = only.Renamed("")
	}
	switch each := value.Get("allOf"); {
	case wantsAbsence(&value):
	case n.Has("includes") && each != nil:
		for i := range each.Kids {
			each.Kids[i] = w.inList(in, name, each.Kids[i])
		}
	default:
		value = w.inList(in, name, value)
	}
	to.add(name, value)
	return true
}

func wantsAbsence(n *source.Node) bool { return n.Has("absent") || n.Has("present") }

// states maps WireMock's scenarios to states.
func (w *wireRule) states() bool {
	named := w.rule.Get("scenarioName")
	required, next := w.rule.Get("requiredScenarioState"), w.rule.Get("newScenarioState")
	if named.Str() == "" {
		for _, n := range []*source.Node{required, next} {
			if n != nil && !n.Is(source.Null) {
				w.changed(n.KeyAt(), "", "%s says nothing without scenarioName", n.Key)
			}
		}
		return true
	}
	const start = "Started"
	name := named.Str()
	if value := required.Str(); value != "" {
		w.state(name, start, value)
		w.s.state.add(name, text(value))
	}
	if value := next.Str(); value != "" {
		w.state(name, start, value)
		w.s.set.add(name, text(value))
	}
	return true
}

// wirePriority is WireMock's for mappings that state none; lower ones go first there.
const wirePriority = 5

func (w *wireRule) priority() {
	n := w.rule.Get("priority")
	if n == nil || n.Is(source.Null) {
		return
	}
	value, err := strconv.Atoi(n.Scalar())
	if err != nil || value > 1e6 || value < -1e6 {
		w.changed(n.At(), "", "the priority %s is no whole number that can be carried over", n.Scalar())
		return
	}
	w.s.priority = wirePriority - value
}
