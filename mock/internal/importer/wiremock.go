package importer

import (
	"slices"
	"strconv"

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
		if w.request(request) && w.answer(rule.Get("response")) {
			w.states()
			w.priority()
			w.s.alsoInvalid()
			m.add(w.s)
		}
	}
}

// states maps WireMock's scenarios to states.
func (w *wireRule) states() {
	named := w.rule.Get("scenarioName")
	required, next := w.rule.Get("requiredScenarioState"), w.rule.Get("newScenarioState")
	if named.Str() == "" {
		for _, n := range []*source.Node{required, next} {
			if n != nil && !n.Is(source.Null) {
				w.changed(n.KeyAt(), "", "%s says nothing without scenarioName", n.Key)
			}
		}
		return
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
