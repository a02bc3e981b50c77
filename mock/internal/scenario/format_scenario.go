package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// scenarioSpec is a scenario file as it is written.
type scenarioSpec struct {
	description string
	isDefault   bool
	tags        []string
	states      []*stateSpec
	operations  []operationSpec
	provider    *providerSpec // nil where nothing is stated
}

// operationSpec is one entry under operations.
type operationSpec struct {
	node  *source.Node
	stubs []*stubSpec
}

// stateSpec is one entry under state.
type stateSpec struct {
	node   *source.Node
	name   string
	key    *source.Node // nil for one per session
	values []string
}

var scenarioObject, stateObject = newScenarioObject(), newStateObject()

func newScenarioObject() *object[scenarioSpec] {
	return &object[scenarioSpec]{what: "a scenario", fields: []field[scenarioSpec]{
		{name: "$schema", kinds: isText, doc: "Where editors find the JSON Schema of this file, for JSON, which has no comments; it changes nothing else.", page: "schema.md",
			read: func(*decoder, *source.Node, *scenarioSpec) {}},
		{name: "description", kinds: isText, doc: "Shown in lists and in the console.", page: "console.md#scenarios",
			read: func(_ *decoder, n *source.Node, s *scenarioSpec) { s.description = n.Text }},
		{name: "default", kinds: isBool, doc: "Whether the scenario is always active, under everything activated by name.", preset: false, page: "conditions.md#several-stubs",
			read: func(_ *decoder, n *source.Node, s *scenarioSpec) { s.isDefault = n.IsTrue() }},
		{name: "tags", kinds: isText | isList, doc: "Words to find the scenario by.", page: "verify.md", schema: holdsEach(&jsonSchema{Type: "string"}),
			read: func(d *decoder, n *source.Node, s *scenarioSpec) { s.tags = d.words(n, nil) }},
		{name: "state", kinds: isObject, doc: "State machines, one instance per key and session.", page: "conditions.md#state", schema: holds("state"), read: readStates},
		{name: "provider", kinds: isObject, doc: "What a provider test needs to know of all stubs: setup and teardown are called once, before the first stub and after the last.", page: "verify.md#how-situations-come-about", schema: is("provider"),
			read: func(d *decoder, n *source.Node, s *scenarioSpec) { s.provider = readProvider(d, n) }},
		{name: "operations", kinds: isObject, doc: "What operations answer while the scenario is active, by operationId, METHOD /path/{template}, or * for all that it fits.", page: "conditions.md#several-stubs",
			schema: atLeastOne(holds("operation")), read: readOperations},
	}, schema: func(s *jsonSchema) { s.Required = []string{"operations"} }}
}

func newStateObject() *object[stateSpec] {
	return &object[stateSpec]{what: "a state", fields: []field[stateSpec]{
		{name: "key", kinds: isText, doc: "An expression that tells the instances apart.", without: "one instance in each session", page: "conditions.md#state",
			read: func(_ *decoder, n *source.Node, s *stateSpec) { s.key = n }},
		{name: "values", kinds: isList, doc: "The values; the first is the start.", page: "conditions.md#state", schema: stateValuesSchema, read: readStateValues},
	}, schema: func(s *jsonSchema) { s.Required = []string{"values"} }}
}

func stateValuesSchema(s *jsonSchema) {
	atLeastOne(holdsScalars())(s)
	s.UniqueItems = true
}

func readStates(d *decoder, n *source.Node, s *scenarioSpec) {
	for name, entry := range n.Members() {
		if !d.expect(entry, isObject, fmt.Sprintf("the state %q", name)) {
			continue
		}
		spec := &stateSpec{node: entry, name: name}
		stateObject.decode(d, entry, spec)
		if !entry.Has("values") {
			d.fault(CodeBadValue, entry.KeyAt(), fmt.Sprintf("the state %q has no values", name), "write values: [first, second]; the first is the start")
		}
		s.states = append(s.states, spec)
	}
}

func readStateValues(d *decoder, n *source.Node, s *stateSpec) {
	seen := map[string]*source.Node{}
	for _, item := range n.Items() {
		if !d.expect(item, isScalar, "each value") {
			continue
		}
		if first := seen[item.Text]; first != nil {
			d.fault(CodeBadValue, item.At(), fmt.Sprintf("the value %q is listed twice", item.Text), "remove this one",
				related(first.At(), "it is listed here first")...)
			continue
		}
		seen[item.Text] = item
		s.values = append(s.values, item.Text)
	}
	if len(n.Kids) == 0 {
		d.fault(CodeBadValue, n.At(), "a state needs at least one value", "write values: [first, second]; the first is the start")
	}
}

// readOperations reads the stubs of each operation; a bare status is the shortest
// form of one stub.
func readOperations(d *decoder, n *source.Node, s *scenarioSpec) {
	for name, entry := range n.Members() {
		if n.Get(name) != entry { // stated twice, which the parser has told
			continue
		}
		if !d.expectOr(entry, isText|isNumber|isObject|isList, fmt.Sprintf("the operation %q", name), "write a status such as 409, or a list of stubs") {
			continue
		}
		spec := operationSpec{node: entry}
		switch entry.Kind {
		case source.Array:
			for _, item := range entry.Items() {
				if d.expectOr(item, isObject, "each stub", "write respond: {status: "+statusIn(item)+"}; a sequence of answers is a list under respond") {
					spec.stubs = append(spec.stubs, readStub(d, item))
				}
			}
			if len(entry.Kids) == 0 {
				d.fault(CodeBadValue, entry.KeyAt(), fmt.Sprintf("the operation %q has an empty list of stubs", name), "write a stub or a status, or leave the operation out")
			}
		case source.Object:
			spec.stubs = []*stubSpec{readStub(d, entry)}
		default:
			spec.stubs = []*stubSpec{{node: entry, probability: 1, responds: []*respondSpec{{messageSpec: messageSpec{node: entry}, status: entry}}}}
		}
		s.operations = append(s.operations, spec)
	}
}
