package scenario

import (
	"fmt"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// respondSpec is one answer as it is written.
type respondSpec struct {
	node        *source.Node
	status      *source.Node // nil for the contract's own success
	headers     *source.Node
	body        *source.Node // the keyword that states the body: body, merge, example …
	example     *source.Node // the example that merge patches
	mediaType   *source.Node
	delay       *Delay
	dribble     *source.Node
	dribbled    Dribble
	offContract *source.Node
	fault       *source.Node // excludes everything that an answer consists of
	times       int          // 0 where it is not stated
}

// bodyKeywords are the keys of which a response may have one; example may stand
// beside merge.
var bodyKeywords = []string{"body", "merge", "example", "file", "text", "base64", "generate"}

var respondObject = newRespondObject()

func newRespondObject() *object[respondSpec] {
	body := func(_ *decoder, n *source.Node, r *respondSpec) { r.body = n }
	return &object[respondSpec]{what: "a response", fields: []field[respondSpec]{
		{name: "status", kinds: isNumber | isText, doc: "A number, a range such as 4XX, or default; without it the contract's own success.", schema: is("status"),
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.status = n }},
		{name: "headers", kinds: isObject, doc: "Headers beside those that the body brings.", schema: headersSchema,
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.headers = n }},
		{name: "body", kinds: isAny, doc: "The body as data.", read: body},
		{name: "merge", kinds: isObject, doc: "What differs from the example (RFC 7396).", read: body},
		{name: "example", kinds: isText, doc: "The name of one of the contract's examples.",
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.example = n }},
		{name: "file", kinds: isText, doc: "A file beside the scenario file that holds the body.", read: body},
		{name: "text", kinds: isText, doc: "The body as text, sent as it is.", read: body},
		{name: "base64", kinds: isText, doc: "The body's bytes in base64.", read: body},
		{name: "generate", kinds: isBool, doc: "true: the body is generated from the schema.", schema: func(s *jsonSchema) { s.Const = true }, read: readGenerate},
		{name: "mediaType", kinds: isText, doc: "Which of the described media types the body has.",
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.mediaType = n }},
		{name: "delay", kinds: isText | isObject, doc: "The wait before the answer, such as 300ms, or a distribution from which one is drawn.", instead: writeDuration, schema: is("delay"),
			read: func(d *decoder, n *source.Node, r *respondSpec) { r.delay = d.delay(n) }},
		{name: "dribble", kinds: isObject, doc: "The body in pieces, over a time.", schema: is("dribble"), instead: writeDribble, read: readDribble},
		{name: "fault", kinds: isText, words: exchange.Faults, doc: "A broken connection in place of an answer.",
			read: func(_ *decoder, n *source.Node, r *respondSpec) { r.fault = n }},
		{name: "callbacks", kinds: isObject, doc: "The operation's callbacks to fire.", later: true},
		{name: "webhooks", kinds: isObject, doc: "The description's webhooks to fire.", later: true},
		{name: "offContract", kinds: isText, doc: "Why this response may depart from the contract.", schema: atLeastOne(nil), read: readOffContract},
		{name: "times", kinds: isNumber, doc: "How often the answer is given before the next one in the list.", schema: wholeNumber(1, maxTimes), read: readTimes},
	}, schema: func(s *jsonSchema) {
		oneBodySchema(s)
		faultSchema(s)
	}}
}

// headersSchema says that a header is a value, or a list of its lines.
func headersSchema(s *jsonSchema) {
	s.AdditionalProperties = &jsonSchema{Type: typesOf(isScalar | isList), Items: &jsonSchema{Type: typesOf(isScalar)}}
}

func readRespond(d *decoder, n *source.Node, inList bool) *respondSpec {
	r := &respondSpec{node: n}
	respondObject.decode(d, n, r)
	if times := n.Get("times"); times != nil && !inList {
		d.fault(CodeMisplacedKey, times.KeyAt(), `"times" says nothing outside of a list of answers`, "write the answers as a list under respond")
	}
	if r.body == nil && r.example != nil {
		r.body, r.example = r.example, nil
	}
	if !oneBody(d, n) {
		r.body = nil
	}
	if r.fault != nil {
		d.besideFault(n, r.fault)
	}
	return r
}

// oneBody reports a response that states its body twice.
func oneBody(d *decoder, n *source.Node) bool {
	ok := true
	var first *source.Node
	for _, keyword := range bodyKeywords {
		again := n.Get(keyword)
		switch {
		case again == nil, first != nil && first.Key == "merge" && keyword == "example":
		case first == nil:
			first = again
		default:
			ok = false
			d.fault(CodeSeveralBodies, again.KeyAt(), fmt.Sprintf("the response has %q and %q: it can have one body only", first.Key, keyword), "keep one of them",
				related(first.KeyAt(), "the other one")...)
		}
	}
	return ok
}

func readGenerate(d *decoder, n *source.Node, r *respondSpec) {
	if !n.IsTrue() {
		d.fault(CodeBadValue, n.At(), "generate can be true only", "write generate: true, or leave it out")
		return
	}
	r.body = n
}

func readOffContract(d *decoder, n *source.Node, r *respondSpec) {
	if n.Text == "" {
		d.fault(CodeBadValue, n.At(), "offContract needs a reason", `write why, such as offContract: "the gateway answers this"`)
		return
	}
	r.offContract = n
}

// maxTimes bounds times, so that positions in a sequence are plain numbers.
const maxTimes = 1_000_000

func readTimes(d *decoder, n *source.Node, r *respondSpec) {
	number, err := strconv.Atoi(n.Text)
	if err != nil || number < 1 || number > maxTimes {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("an answer cannot be given %s times", n.Text), fmt.Sprintf("write a whole number from 1 to %d", maxTimes))
		return
	}
	r.times = number
}
