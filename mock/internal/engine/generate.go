package engine

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// generated keeps what was generated for the answers that do not vary, so that
// each is made once. The zero value is ready to use.
type generated struct {
	bodies  sync.Map // bodyKey → *made[[]byte]
	headers sync.Map // *contract.Response → *made[http.Header]
	// byStatus are the bodies that depend on the status as well.
	byStatus byStatus
}

// made is a value that was generated, or why it could not be.
type made[T any] struct {
	mu    sync.Mutex // held by the one who makes it
	done  atomic.Bool
	value T
	err   error
}

// once gives what m holds for a key, which generate makes the first time. Requests that are
// first at the same time wait for the one that makes it.
func once[T any](m *sync.Map, key any, generate func() (T, error)) (T, error) {
	known, ok := m.Load(key)
	if !ok {
		known, _ = m.LoadOrStore(key, new(made[T]))
	}
	v := known.(*made[T])
	if !v.done.Load() {
		v.make(generate)
	}
	return v.value, v.err
}

// make leaves what a mistake of ours has ended in a panic to the next one to make.
func (v *made[T]) make(generate func() (T, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.done.Load() {
		v.value, v.err = generate()
		v.done.Store(true)
	}
}

const (
	// maxByStatus bounds what is kept of bodies that depend on the status, in bytes, and
	// costByStatus is what each counts besides. A client may ask for hundreds of statuses
	// of each response for a range or default.
	maxByStatus  = 16 << 20
	costByStatus = 1 << 10
)

// byStatus keeps generated bodies of which each status has its own. At the bound all are
// forgotten. The zero value is ready to use.
type byStatus struct {
	bodies sync.Map // bodyKey → *made[[]byte]
	mu     sync.Mutex
	size   int // of all that were made, guarded by mu
}

// count counts what was made for an entry that bodies has, and gives it back.
func (b *byStatus) count(body []byte, err error) ([]byte, error) {
	size := costByStatus + len(body)
	if err != nil {
		size += len(err.Error())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size += size; b.size > maxByStatus {
		b.bodies.Clear()
		b.size = 0
	}
	return body, err
}

// generation is how bodies are generated for one request.
type generation struct {
	sample.Options
	// varies tells that the request's bodies are its own and not to be kept.
	varies bool
}

// generation reads --dynamic and --seed and the preferences that go before them.
// Seeded, a request gets the same bytes each time; dynamic without a seed, each
// request gets others.
func (h *handling) generation() (generation, *exchange.Problem) {
	g := generation{sample.Options{Seed: h.opts.Seed, Dynamic: h.opts.Dynamic}, h.opts.Dynamic}
	prefer := h.ex.Prefer
	switch prefer.Dynamic {
	case "":
	case "true", "false":
		g.Dynamic = prefer.Dynamic == "true"
		g.varies = g.Dynamic
	default:
		return g, &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: fmt.Sprintf("Prefer: dynamic cannot be used: %q is neither true nor false.", prefer.Dynamic)}
	}
	seeded := h.opts.Seed != 0
	if prefer.Seed != "" {
		seed, err := strconv.ParseUint(prefer.Seed, 10, 64)
		if err != nil {
			return g, &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: fmt.Sprintf("Prefer: seed cannot be used: %q is no whole number from 0.", prefer.Seed)}
		}
		g.Seed, g.varies, seeded = seed, true, true
	}
	if g.Dynamic {
		r := &h.ex.Request
		if seeded {
			g.Seed = hash(g.Seed, r.Method, r.Path, r.RawQuery)
		} else {
			g.Seed = hash(0, h.ex.ID)
		}
	}
	return g, nil
}

// hash gives a seed that depends on texts alone, the same on every machine.
func hash(seed uint64, texts ...string) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, seed)
	for _, text := range texts {
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(text))
	}
	return h.Sum64()
}

// regenerate gives a request that wants a body of its own another one than the stub
// has generated at load.
func (h *handling) regenerate(out *scenario.Outcome) *exchange.Problem {
	g, problem := h.generation()
	if problem == nil && g.varies {
		h.ex.Answer.Body, problem = h.generate(out.Generated, out.Header["Content-Type"], g)
	}
	return problem
}

// generate makes a body for a media type that is sent as contentType.
func (h *handling) generate(m *contract.Media, contentType []string, g generation) ([]byte, *exchange.Problem) {
	body, err := h.generateBody(m, m.As(contentType), g)
	switch {
	case err == nil:
		h.applied("dynamic", h.ex.Prefer.Dynamic)
		h.applied("seed", h.ex.Prefer.Seed)
		return body, nil
	case errors.Is(err, sample.ErrMediaType):
		return nil, nil // no bytes are bytes too
	case errors.Is(err, errGone):
		h.gone = true // whatever is made of this problem
		return nil, noRoom()
	}
	return nil, &exchange.Problem{
		Code: exchange.ProblemNoBody, Status: http.StatusInternalServerError,
		Detail: fmt.Sprintf("The contract gives no conforming example of %s for status %s of %s, and none could be generated: %v.", m.Name, m.Response().Status, h.op.Name(), err),
	}
}

// bodyKey tells kept bodies apart: one for a range may be JSON or text. The client
// may name any type below a range, so the type itself is no part of it.
type bodyKey struct {
	media  *contract.Media
	as     contract.Syntax
	status uint16 // 0 where the body does not depend on it
}

func (h *handling) generateBody(m *contract.Media, t contract.MediaType, g generation) ([]byte, error) {
	g.Status = h.ex.Answer.Status
	if g.varies {
		body, err := sample.BodyAs(m, t, g.Options)
		h.made += int64(len(body))
		return body, err
	}
	if !sample.ByStatus(m, t) {
		return once(&h.snap.generated.bodies, bodyKey{m, t.Syntax(), 0}, func() ([]byte, error) { return sample.BodyAs(m, t, g.Options) })
	}
	kept := &h.snap.generated.byStatus
	var key any = bodyKey{m, t.Syntax(), uint16(g.Status)}
	if _, known := kept.bodies.Load(key); !known && !h.occupy() {
		return nil, errGone
	}
	body, err := once(&kept.bodies, key, func() ([]byte, error) { return kept.count(sample.BodyAs(m, t, g.Options)) })
	h.made += int64(len(body)) // it may be forgotten before its client has read it
	return body, err
}

// headers adds the described response headers that the answer does not have.
func (h *handling) headers(r *contract.Response) *exchange.Problem {
	if len(r.Headers()) == 0 {
		return nil
	}
	g, problem := h.generation()
	if problem != nil {
		return problem
	}
	generate := func() (http.Header, error) { return sample.Headers(r, g.Options) }
	var header http.Header
	var err error
	if g.varies {
		header, err = generate()
		h.made += sizeOf(header)
	} else {
		header, err = once(&h.snap.generated.headers, r, generate)
	}
	if err != nil {
		return &exchange.Problem{Code: exchange.ProblemNoBody, Status: http.StatusInternalServerError, Detail: fmt.Sprintf("A header that the contract requires for status %s of %s could not be generated: %v.", r.Status, h.op.Name(), err)}
	}
	for name, lines := range header {
		if h.ex.Answer.Header[name] == nil {
			h.ex.Answer.Header[name] = lines
		}
	}
	return nil
}
