package engine

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"sync"

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
}

// made is a value that was generated, or why it could not be.
type made[T any] struct {
	value T
	err   error
}

// once gives what m holds for a key, which generate makes the first time. Two requests
// that are first at the same time may both make it; what they make is the same.
func once[T any](m *sync.Map, key any, generate func() (T, error)) (T, error) {
	if known, ok := m.Load(key); ok {
		v := known.(*made[T])
		return v.value, v.err
	}
	v := new(made[T])
	v.value, v.err = generate()
	known, _ := m.LoadOrStore(key, v)
	v = known.(*made[T])
	return v.value, v.err
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
	}
	return nil, &exchange.Problem{
		Code: exchange.ProblemNoBody, Status: http.StatusInternalServerError,
		Detail: fmt.Sprintf("The contract gives no conforming example of %s for status %s of %s, and none could be generated: %v.", m.Name, m.Response().Status, h.op.Name(), err),
	}
}

// bodyKey tells kept bodies apart: one for a range may be JSON or text. The client
// may name any type below a range, so the type itself is no part of it.
type bodyKey struct {
	media *contract.Media
	as    contract.Syntax
}

func (h *handling) generateBody(m *contract.Media, t contract.MediaType, g generation) ([]byte, error) {
	g.Status = h.ex.Answer.Status
	if g.varies || sample.ByStatus(m, t) { // one for each status is too many to keep
		body, err := sample.BodyAs(m, t, g.Options)
		h.made += int64(len(body))
		return body, err
	}
	key := bodyKey{m, t.Syntax()}
	return once(&h.snap.generated.bodies, key, func() ([]byte, error) { return sample.BodyAs(m, t, g.Options) })
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
