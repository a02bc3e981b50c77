package importer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// mockoon reads environments. Their routes count in the order of the folders, and the
// first one that fits a request answers.
func (m *maker) mockoon(files *inputs) {
	for _, from := range files.list {
		environments := environmentsIn(from.root)
		if len(environments) == 0 {
			m.broken = append(m.broken, source.Diagnostic{Code: CodeNotImportable, At: from.root.At(), Message: "this is no environment of Mockoon: it has no routes"})
		}
		for _, env := range environments {
			m.environment(files, from, env)
		}
	}
}

// environmentsIn finds the environment of a file, or those of an older export.
func environmentsIn(root *source.Node) []*source.Node {
	if root.Get("routes").Is(source.Array) {
		return []*source.Node{root}
	}
	var list []*source.Node
	for _, each := range root.Get("data").Items() {
		if item := each.Get("item"); each.Get("type").Str() == "environment" && item.Get("routes").Is(source.Array) {
			list = append(list, item)
		}
	}
	return list
}

func (m *maker) environment(files *inputs, from *input, env *source.Node) {
	if env.Get("proxyMode").IsTrue() {
		m.without(env.Get("proxyMode").KeyAt(), "serve with --upstream: what no scenario answers goes to the real API", "requests without a route are not sent to another server")
	}
	if env.Get("tlsOptions").Get("enabled").IsTrue() {
		m.changed(env.Get("tlsOptions").KeyAt(), "serve with --tls-cert and --tls-key, or with --tls-self-signed", "TLS is no matter of scenarios")
	}
	for _, route := range orderedRoutes(env) {
		if !m.rule(route.At()) {
			return
		}
		m.route(files, from, env, route)
	}
}

// orderedRoutes are the routes in the order of the tree of folders.
func orderedRoutes(env *source.Node) []*source.Node {
	byID, folders := map[string]*source.Node{}, map[string]*source.Node{}
	var all []*source.Node
	for _, route := range env.Get("routes").Items() {
		all = append(all, route)
		byID[route.Get("uuid").Str()] = route
	}
	for _, folder := range env.Get("folders").Items() {
		folders[folder.Get("uuid").Str()] = folder
	}
	var ordered []*source.Node
	var walk func(children *source.Node)
	walk = func(children *source.Node) {
		for _, child := range children.Items() {
			id := child.Get("uuid").Str()
			if folder := folders[id]; folder != nil && child.Get("type").Str() == "folder" {
				delete(folders, id) // each once, also where they are in a circle
				walk(folder.Get("children"))
				continue
			}
			if route := byID[id]; route != nil {
				delete(byID, id)
				ordered = append(ordered, route)
			}
		}
	}
	walk(env.Get("rootChildren"))
	for _, route := range all {
		if !slices.Contains(ordered, route) {
			ordered = append(ordered, route)
		}
	}
	return ordered
}

// mockoonRoute is one route for one operation.
type mockoonRoute struct {
	*maker
	files *inputs
	from  *input
	env   *source.Node
	route *source.Node
	t     *target
	at    source.Span
}

func (m *maker) route(files *inputs, from *input, env, route *source.Node) {
	at := route.At()
	if endpoint := route.Get("endpoint"); endpoint != nil {
		at = endpoint.At()
	}
	switch kind := route.Get("type").Str(); kind {
	case "", "http":
	case "crud":
		m.leftOut(at, "write stubs with states: docs/conditions.md", "a CRUD route cannot be carried over")
		return
	case "ws":
		m.leftOut(at, "", "a WebSocket route cannot be carried over")
		return
	default:
		m.leftOut(at, "", "a route of the type %q cannot be carried over", kind)
		return
	}
	if mode := route.Get("streamingMode").Str(); mode != "" {
		m.leftOut(at, "describe text/event-stream in the contract, and write the body as a list of events", "a streaming route cannot be carried over")
		return
	}
	method := route.Get("method").Str()
	if strings.EqualFold(method, "all") {
		method = ""
	}
	path := "/" + strings.Trim(env.Get("endpointPrefix").Str(), "/")
	path = strings.TrimSuffix(path, "/") + "/" + strings.TrimPrefix(route.Get("endpoint").Str(), "/")
	segments, ok := expressSegments(path)
	if !ok {
		m.leftOut(at, "write a route for each path", "the path %s cannot be taken apart", shown(path))
		return
	}
	targets := m.align(method, segments)
	if last := len(segments) - 1; segments[last].spans && m.isBase(segments[:last]) {
		targets = m.everywhere(method, at)
	}
	if len(targets) == 0 {
		m.noOperation(at, method, path)
	}
	for i := range targets {
		r := &mockoonRoute{maker: m, files: files, from: from, env: env, route: route, t: &targets[i], at: at}
		if targets[i].whole && targets[i].op != nil {
			m.leftOut(at, "write a route for each path", "the path %s reaches over several segments of %s", shown(path), targets[i].op.Name())
			continue
		}
		r.answers()
	}
}

// answers maps the responses of the route.
func (r *mockoonRoute) answers() {
	var all []*source.Node
	first := (*source.Node)(nil)
	for _, each := range r.route.Get("responses").Items() {
		all = append(all, each)
		if first == nil && each.Get("default").IsTrue() {
			first = each
		}
	}
	if len(all) == 0 {
		r.leftOut(r.at, "", "the route has no responses")
		return
	}
	if first == nil {
		first = all[0]
	}
	switch mode := r.route.Get("responseMode").Str(); mode {
	case "RANDOM":
		r.random(all)
	case "SEQUENTIAL":
		r.sequence(all)
	case "DISABLE_RULES":
		r.single(r.stub(first), first)
	case "", "FALLBACK":
		for _, each := range all {
			r.byRules(each)
		}
		if mode == "" {
			r.single(r.stub(first), first)
		}
	default:
		r.leftOut(r.route.Get("responseMode").At(), "", "the response mode %q is not known", mode)
	}
}

func (r *mockoonRoute) stub(n *source.Node) *stub {
	s := &stub{op: r.t.op, at: n.At(), path: slices.Clone(r.t.path), name: nameOf(n.Get("label").Str())}
	if b, ok := r.t.names[methodOnly]; ok {
		s.exprs = append(s.exprs, "request.method == "+quote(b.fixed))
	}
	return s
}

// single adds a stub with one answer.
func (r *mockoonRoute) single(s *stub, n *source.Node) {
	if answer := r.answer(n); answer != nil {
		s.responds = []*response{answer}
		s.alsoInvalid()
		r.add(s)
	}
}

// random gives each of the answers its share of the calls: of n a first stub takes one
// nth, the next one of what is left over the nth less one, and the last one the rest.
func (r *mockoonRoute) random(all []*source.Node) {
	for i, each := range all {
		s := r.stub(each)
		if left := len(all) - i; left > 1 {
			s.probability = strconv.FormatFloat(1/float64(left), 'g', 6, 64)
		}
		r.single(s, each)
	}
}

// sequence gives the answers one after the other, over and over.
func (r *mockoonRoute) sequence(all []*source.Node) {
	s := r.stub(all[0])
	s.name = ""
	for _, each := range all {
		answer := r.answer(each)
		if answer == nil {
			return
		}
		s.responds = append(s.responds, answer)
	}
	if len(s.responds) > 1 {
		s.atEnd = "restart"
	}
	s.alsoInvalid()
	r.add(s)
}

// maxAlternatives bounds the rules of one response of which one must hold: each is a
// stub of its own.
const maxAlternatives = 50

// byRules adds the stubs for a response that its rules choose.
func (r *mockoonRoute) byRules(n *source.Node) {
	var rules []*source.Node
	for _, rule := range n.Get("rules").Items() {
		if enabled := rule.Get("enabled"); enabled == nil || enabled.IsTrue() {
			rules = append(rules, rule)
		}
	}
	switch {
	case len(rules) == 0:
		return
	case n.Get("rulesOperator").Str() == "AND":
		s, holds := r.stub(n), true
		for _, rule := range rules {
			said, may := r.rule(s, rule)
			if !said {
				return
			}
			holds = holds && may
		}
		if holds {
			r.single(s, n)
		}
	case len(rules) > maxAlternatives:
		r.leftOut(n.Get("rules").KeyAt(), "", "there are more than %d rules of which one must hold", maxAlternatives)
	default:
		for _, rule := range rules {
			s := r.stub(n)
			if said, may := r.rule(s, rule); said && may {
				r.single(s, n)
			}
		}
	}
}

func hasBody(op *contract.Operation) bool { return op != nil && len(op.RequestBody()) > 0 }
