package author

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Seen is a request with its answer.
type Seen struct {
	// Operation is the one that the request was for.
	Operation *contract.Operation
	// Exchange has the request with its parameters, decoded body and violations, and the
	// answer. Secrets have exchange.Redacted in their place. It is only read.
	Exchange *exchange.Exchange
	// Unknown says why the body of the answer is not what was sent, see Answer.
	Unknown string
}

// Stubs makes stubs that give the answers to the requests, which are in the order in
// which they were made.
//
// A stub asks for the path parameters, for whether the request broke the contract and
// where, and for the declared parameters in the places of also. Beyond that it asks
// for what tells apart requests whose answers differ: of the query, the body, the
// headers or the cookies, and no more than is needed. Where nothing tells them apart,
// the answers follow each other in one stub.
func Stubs(seen []Seen, also ...exchange.Location) []Stub {
	var stubs []Stub
	for _, one := range grouped(sightings(seen), func(s *sighting) *contract.Operation { return s.Operation }) {
		var made []Stub
		for _, same := range grouped(one.seen, func(s *sighting) string { return s.base(also) }) {
			same.places = same.seen[0].basePlaces(also)
			for _, part := range same.apart() {
				made = append(made, part.stub())
			}
		}
		// What asks for more goes first, so that nothing before it takes its requests.
		slices.SortStableFunc(made, func(a, b Stub) int { return cmp.Compare(conditions(b.When), conditions(a.When)) })
		stubs = append(stubs, made...)
	}
	return stubs
}

// sighting is a request that was seen, taken apart.
type sighting struct {
	*Seen
	index  int
	facts  facts
	noBody bool // facts say nothing of the body
	answer Answer
	print  string // the same for answers that are the same
}

func sightings(seen []Seen) []*sighting {
	list := make([]*sighting, len(seen))
	for i := range seen {
		s := &sighting{Seen: &seen[i], index: i}
		s.facts, s.noBody = factsOf(s.Operation, s.Exchange)
		s.answer = answerOf(s.Seen)
		s.print = s.answer.print(s.Operation)
		list[i] = s
	}
	return list
}

// basePlaces are what stubs ask for in any case, as far as the request says it.
func (s *sighting) basePlaces(also []exchange.Location) []place {
	var list []place
	for i := range s.Exchange.Parameters {
		p := &s.Exchange.Parameters[i]
		at := place{keyOf[p.In], p.Name}
		if s.facts[at] != nil && (p.In == exchange.Path || slices.Contains(also, p.In)) {
			list = append(list, at)
		}
	}
	return list
}

// base is the same for requests that the same conditions hold for in any case.
func (s *sighting) base(also []exchange.Location) string {
	n := s.facts.when(s.basePlaces(also), s.Exchange)
	return string(n.AppendJSON(nil))
}

// answerOf is the answer of an exchange.
func answerOf(s *Seen) Answer {
	a := &s.Exchange.Answer
	answer := Answer{Status: a.Status, Header: a.Header, Body: a.Body, Unknown: s.Unknown, Fault: a.Fault, OffContract: a.OffContract}
	if s.Exchange.Request.Method == http.MethodHead && answer.Unknown == "" {
		answer.Unknown = "the answer to a HEAD has none"
	}
	return answer
}

// print gives a text that is the same for answers that are written the same.
func (a *Answer) print(op *contract.Operation) string {
	r, _, _ := op.Respond(strconv.Itoa(a.Status))
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s %q %q", a.Status, a.Fault, a.OffContract, a.Header.Get("Content-Type"))
	if n := headers(a.Header, r); n != nil {
		b.Write(n.AppendJSON(nil))
	}
	b.Write(a.Body)
	return b.String()
}
