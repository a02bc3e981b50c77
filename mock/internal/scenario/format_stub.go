package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// stubSpec is a stub as it is written.
type stubSpec struct {
	node   *source.Node
	name   *source.Node // nil where it has none
	known  string       // the name by which it is known
	broken bool         // something in it could not be read
	// unknownKey tells that one of its keys is unknown.
	unknownKey bool
	when       whenSpec
	priority   int
	// probability is 1 where it is not stated.
	probability float64
	responds    []*respondSpec
	isList      bool // respond is a list
	atEnd       *source.Node
	sets        []*source.Node // members of set
	provider    *providerSpec  // nil where nothing is stated
	compiled    Provider       // what stands under provider, compiled
}

// The words of atEnd.
const (
	atEndStay    = "stay"
	atEndRestart = "restart"
	atEndPass    = "pass"
)

var stubObject = newStubObject()

func newStubObject() *object[stubSpec] {
	return &object[stubSpec]{what: "a stub", elsewhere: besideStub, fields: []field[stubSpec]{
		{name: "name", kinds: isText, doc: "What it is called in headers, in the journal and in the console. Unique in its operation.", without: "its number, as in paid/getOrder#1", schema: stubNameSchema, read: readStubName},
		{name: "when", kinds: isObject, doc: "Conditions, all of which must hold.", without: "every valid request", page: "conditions.md", schema: is("when"),
			read: func(d *decoder, n *source.Node, s *stubSpec) { whenObject.decode(d, n, &s.when) }},
		{name: "priority", kinds: isNumber, doc: "Stubs with a higher one are tried first.", preset: 0, page: "conditions.md#several-stubs", schema: wholeNumber(0, 0), read: readPriority},
		{name: "respond", kinds: isObject | isList, doc: "The answer, or a list of answers that are given one after the other.", without: "the contract's own success", page: "responses.md", instead: "write respond: {status: STATUS}", schema: respondSchema, read: readResponds},
		{name: "atEnd", kinds: isText, words: []string{atEndStay, atEndRestart, atEndPass}, doc: "What follows the last answer of a list: the last again and again, the first, or the next stub that matches.", preset: atEndStay, page: "responses.md#sequences",
			read: func(_ *decoder, n *source.Node, s *stubSpec) { s.atEnd = n }},
		{name: "set", kinds: isObject, doc: "The values that states take when the stub has answered.", page: "conditions.md#state", schema: holdsScalars(), read: readSets},
		{name: "probability", kinds: isNumber, doc: "The share of calls that the stub answers, of those for which its conditions hold; the others go on to the stubs behind it. Drawn from --seed, the request, and how many requests came before.", preset: 1, page: "conditions.md#chance", instead: "write a number above 0 and up to 1, such as 0.2",
			schema: func(s *jsonSchema) { s.ExclusiveMinimum, s.Maximum = new(0), new(1) }, read: readProbability},
		{name: "provider", kinds: isObject, doc: "What a provider test needs to know.", page: "verify.md#how-situations-come-about", schema: is("provider"),
			read: func(d *decoder, n *source.Node, s *stubSpec) { s.provider = readProvider(d, n) }},
	}, schema: func(s *jsonSchema) {
		s.If = &jsonSchema{Required: []string{"atEnd"}}
		s.Then = &jsonSchema{Required: []string{"respond"}, Properties: members{{"respond", &jsonSchema{Type: "array"}}}}
	}}
}

// besideStub says where a key belongs that was written on the stub itself: mostly
// respond or when was forgotten around it.
func besideStub(n *source.Node) string {
	answers, asks := respondObject.field(n.Key) != nil, whenObject.field(n.Key) != nil
	value := "…"
	if isScalar.has(n.Kind) {
		value = shownNode(n)
	}
	switch {
	case answers && asks:
		return fmt.Sprintf("write it under when or under respond, as in respond: {%s: %s}", n.Key, value)
	case answers:
		return fmt.Sprintf("write respond: {%s: %s}", n.Key, value)
	case asks:
		return fmt.Sprintf("write when: {%s: %s}", n.Key, value)
	}
	return ""
}

func stubNameSchema(s *jsonSchema) {
	s.MinLength, s.MaxLength, s.Pattern = 1, maxNameLength, `^[^\x00-\x1f\x7f]*$`
}

func respondSchema(s *jsonSchema) {
	s.Type = nil
	s.AnyOf = []*jsonSchema{refTo("onlyResponse"), {Type: "array", MinItems: 1, Items: refTo("response")}}
}

func readStub(d *decoder, n *source.Node) *stubSpec {
	s := &stubSpec{node: n, probability: 1}
	before := d.faults
	found := len(d.list)
	stubObject.decode(d, n, s)
	if !n.Has("respond") {
		// An answer of nothing but defaults is the contract's own success.
		s.responds = []*respondSpec{{messageSpec: messageSpec{node: n}}}
	}
	if s.atEnd != nil && !s.isList {
		d.fault(CodeMisplacedKey, s.atEnd.KeyAt(), `"atEnd" says nothing where respond is no list`, "write the answers as a list under respond, or leave atEnd out")
	}
	s.broken = d.faults > before
	s.unknownKey = slices.ContainsFunc(d.list[found:], func(f source.Diagnostic) bool { return f.Code == CodeUnknownKey })
	return s
}

// maxNameLength bounds the names of stubs, which travel in response headers, in characters.
const maxNameLength = 100

func readStubName(d *decoder, n *source.Node, s *stubSpec) {
	for _, r := range n.Text {
		if r < ' ' || r == 0x7f {
			d.fault(CodeBadValue, n.At(), "a stub's name must be one line of plain text", "leave out line breaks and control characters")
			return
		}
	}
	if n.Text == "" || utf8.RuneCountInString(n.Text) > maxNameLength {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("a stub's name has 1 to %d characters", maxNameLength), "write a shorter one, or leave it out")
		return
	}
	s.name = n
}

func readPriority(d *decoder, n *source.Node, s *stubSpec) {
	number, err := strconv.Atoi(n.Text)
	if err != nil {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("the priority %s is no whole number", n.Text), "write a whole number such as 10")
		return
	}
	s.priority = number
}

func readProbability(d *decoder, n *source.Node, s *stubSpec) {
	number, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || number <= 0 || number > 1 {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("a stub cannot answer the share %s of calls", n.Text), "write a number above 0 and up to 1, such as 0.2")
		return
	}
	s.probability = number
}

func readSets(d *decoder, n *source.Node, s *stubSpec) {
	for name, value := range n.Members() {
		if d.expect(value, isScalar, fmt.Sprintf("the new value of %q", name)) {
			s.sets = append(s.sets, value)
		}
	}
}

func readResponds(d *decoder, n *source.Node, s *stubSpec) {
	if n.Kind == source.Object {
		s.responds = []*respondSpec{readRespond(d, n, false)}
		return
	}
	s.isList = true
	for _, item := range n.Items() {
		if d.expectOr(item, isObject, "each answer", "write {status: "+statusIn(item)+"}") {
			s.responds = append(s.responds, readRespond(d, item, true))
		}
	}
	if len(n.Kids) == 0 {
		d.fault(CodeBadValue, n.KeyAt(), "the list of answers is empty", "write at least one answer, such as {status: 500}")
	}
}
