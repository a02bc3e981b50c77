package coverage

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// shape is what can be covered of an operation; first what each request looks at. It
// refers to no contract but to single texts, so that it outlives the one that it was made
// from.
type shape struct {
	responses []response
	// leaves counts the answers that are told apart.
	leaves int
	layout
	// cells counts the rows: one for each request and leaf, in that order.
	cells int
}

// layout is what two versions of an operation must have in common for counts to go on.
type layout struct {
	// Requests are the media types of the request body; the first is "", for none.
	Requests []string
	// BodyRequired tells that a request without a body breaks the contract.
	BodyRequired bool
	// Statuses are the described ones, and Media their media types.
	Statuses   []string
	Media      [][]string
	Parameters []parameterShape
	// Security are the alternatives of the security requirements.
	Security [][]string
}

// parameterShape is a declared parameter.
type parameterShape struct {
	In       exchange.Location
	Name     string
	Required bool
}

// response is one described status with the leaves of its answers: one for each
// described media type, and behind them one for no content or content that is not
// described.
type response struct {
	number  int // of an exact status, else 0
	hundred int // of a range such as 4XX, else 0
	first   int // the first leaf
	names   []string
	types   []contract.MediaType

	// seen are the leaves of header values that are no names themselves.
	seen growing[seenType]
}

// seenType is a Content-Type with the leaf that it was found to fall under.
type seenType struct {
	text string
	leaf int
}

// Bounds of what is kept beside the counts.
const (
	// maxCells bounds the rows of an operation. One that describes more is counted
	// without regard to the media type of the request.
	maxCells = 10_000
	// maxSeen bounds the header values that are remembered for a status. Further ones
	// are taken apart each time.
	maxSeen = 32
)

// anyRequest stands for all media types of requests, where there are too many. It is
// no media type itself.
const anyRequest = "any"

func layoutOf(op *contract.Operation) layout {
	l := layout{Requests: []string{""}}
	for _, m := range op.RequestBody() {
		l.Requests = append(l.Requests, m.Name)
		l.BodyRequired = op.RequiresBody()
	}
	for _, r := range op.Responses {
		if r.Informational() { // no answer, so that it could never be covered
			continue
		}
		l.Statuses = append(l.Statuses, r.Status)
		var names []string
		for _, m := range r.Content() {
			names = append(names, m.Name)
		}
		l.Media = append(l.Media, names)
	}
	for _, p := range op.Parameters() {
		l.Parameters = append(l.Parameters, parameterShape{p.In, p.Name, p.Required})
	}
	for _, names := range op.Security() {
		l.Security = append(l.Security, slices.Clone(names))
	}
	return l
}

func shapeOf(op *contract.Operation) shape {
	s := shape{layout: layoutOf(op)}
	s.responses = make([]response, len(s.Statuses))
	for i, status := range s.Statuses {
		r := &s.responses[i]
		r.first, r.names = s.leaves, s.Media[i]
		if number, err := strconv.Atoi(status); err == nil {
			r.number = number
		} else if status != contract.Default {
			r.hundred = int(status[0] - '0')
		}
		for _, name := range r.names {
			t, _ := contract.ParseMediaType(name) // the contract has read it
			r.types = append(r.types, t)
		}
		s.leaves += len(r.names) + 1
	}
	if len(s.Requests)*s.leaves > maxCells {
		s.Requests, s.BodyRequired = []string{anyRequest}, false
	}
	s.cells = len(s.Requests) * s.leaves
	return s
}

// fits tells whether an operation has the same rows.
func (s *shape) fits(op *contract.Operation) bool {
	other := shapeOf(op)
	return reflect.DeepEqual(s.layout, other.layout)
}

// respond finds the described status that a number falls under, nil for none.
func (s *shape) respond(status int) *response {
	var best *response
	for i := range s.responses {
		r := &s.responses[i]
		switch {
		case r.number == status:
			return r
		case r.hundred == status/100 && r.number == 0:
			best = r
		case r.hundred == 0 && r.number == 0 && best == nil:
			best = r
		}
	}
	return best
}

// leaf finds the leaf of an answer by its Content-Type.
func (r *response) leaf(header http.Header) int {
	none := r.first + len(r.names)
	lines := header["Content-Type"]
	if len(lines) == 0 || len(r.names) == 0 {
		return none
	}
	text := lines[0]
	for i, name := range r.names {
		if name == text {
			return r.first + i
		}
	}
	for _, known := range r.seen.all() {
		if known.text == text {
			return known.leaf
		}
	}
	found := seenType{strings.Clone(text), none}
	if i := contract.MostExact(r.types, text); i >= 0 {
		found.leaf = r.first + i
	}
	r.seen.add(found, maxSeen, func(other seenType) bool { return other.text == text })
	return found.leaf
}

// request finds the request's media type among Requests.
func (s *shape) request(ex *exchange.Exchange) int {
	if ex.MediaType != "" {
		for i, name := range s.Requests {
			if name == ex.MediaType {
				return i
			}
		}
	}
	return 0
}

// outcome is what became of an exchange.
type outcome uint8

const (
	// conformed: request and answer have kept to the contract.
	conformed outcome = iota
	// broke: one of them has not.
	broke
	// departed: the status is not described, which offContract gives a reason for.
	departed
	// spoke: Understudy has answered for itself.
	spoke
	// failed: a fault took the place of the answer.
	failed
)

// hit is where an exchange is counted: cell counts for conformed and broke.
type hit struct {
	cell int
	outcome
}

func (s *shape) locate(ex *exchange.Exchange, unchecked bool) hit {
	a := &ex.Answer
	if a.Fault != "" {
		return hit{outcome: failed}
	}
	r := s.respond(a.Status)
	if a.Problem != nil {
		// A refusal has the number that the contract describes, without its body.
		if r == nil || ex.Decision.Step != exchange.StepViolations {
			return hit{outcome: spoke}
		}
		return hit{s.request(ex)*s.leaves + r.first + len(r.names), broke}
	}
	if r == nil {
		return hit{outcome: departed}
	}
	h := hit{cell: s.request(ex)*s.leaves + r.leaf(a.Header)}
	if unchecked || len(ex.Unchecked) > 0 || a.OffContract != "" || len(a.Violations) > 0 || len(ex.Violations) > 0 && !refusedAsMeant(ex) {
		h.outcome = broke
	}
	return h
}

// refusedAsMeant tells of a request that breaks the contract by its own word whether it
// was answered as such, by the contract's error or by a stub.
func refusedAsMeant(ex *exchange.Exchange) bool {
	return ex.Decision.ExpectedInvalid && ex.Decision.Step != exchange.StepContract
}

// growing is a list that only grows, up to a bound. Reading it takes no lock. The zero
// value is empty.
type growing[T any] struct{ list atomic.Pointer[[]T] }

// all gives the list, which is read-only.
func (g *growing[T]) all() []T {
	if list := g.list.Load(); list != nil {
		return *list
	}
	return nil
}

// add adds a value unless there are limit of them, or one that is the same, which it
// then gives. ok is false where there is no room.
func (g *growing[T]) add(value T, limit int, same func(T) bool) (added T, ok bool) {
	for {
		before := g.list.Load()
		var list []T
		if before != nil {
			list = *before
		}
		for _, known := range list {
			if same(known) {
				return known, true
			}
		}
		if len(list) >= limit {
			return value, false
		}
		next := append(list[:len(list):len(list)], value)
		if g.list.CompareAndSwap(before, &next) {
			return value, true
		}
	}
}
