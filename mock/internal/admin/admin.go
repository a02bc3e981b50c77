// Package admin is the control plane: HTTP under /__admin/ that reads and changes a
// running mock. Its own description is openapi.yaml, which it serves. The pages of the
// package console, which anyone may load, are clients of it.
//
// A request passes the guard (guard.go: foreign pages, foreign hosts, and behind the router
// bodies that a form can send), then its route says who may call it (access.go), and the handler
// gives a value or an error; reply.go alone writes them.
package admin

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync/atomic"

	_ "embed" // for the description

	"github.com/gorilla/mux"

	"github.com/understudy-mock/understudy/mock/internal/admin/console"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Prefix is the path of the control plane. Paths below it never belong to an API.
const Prefix = "/__admin"

// Description is the control plane's OpenAPI description.
//
//go:embed openapi.yaml
var Description []byte

// Options says who may use the control plane. The zero value admits everybody who
// reaches it over the loopback interface, and nobody else.
type Options struct {
	// Tokens admit those who show one.
	Tokens []Token
	// Hosts are the names, beside those of the loopback interface, by which requests
	// may call the mock, without port.
	Hosts []string
	// Events tells what happens; nil for one that tells nothing.
	Events *Events
	// Logger takes mistakes of ours.
	Logger *slog.Logger
}

// Handler serves the control plane. It is safe for concurrent use.
type Handler struct {
	mock   Mock
	opts   Options
	hosts  map[string]bool
	logins logins
	router *mux.Router
	pages  map[string]bool // paths of the console
	// examples are those of the contracts that were asked for last, nil before.
	examples atomic.Pointer[examplePaths]
	// happenings are told by the mock, and by the control plane to those who listen.
	happenings *Events
	run        string // tells the events of this run from those of others
}

// New makes the control plane of a mock.
func New(m Mock, opts Options) *Handler {
	h := &Handler{mock: m, opts: opts, hosts: map[string]bool{}, pages: map[string]bool{}, router: mux.NewRouter().SkipClean(true).UseEncodedPath()}
	if h.happenings = opts.Events; h.happenings == nil {
		h.happenings = &Events{}
	}
	h.run = rand.Text()[:8]
	for _, name := range opts.Hosts {
		h.hosts[hostName(name)] = true
	}
	for _, r := range h.routes() {
		methods := []string{r.method}
		if r.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		h.router.Handle(r.path, h.serve(r)).Methods(methods...)
	}
	for path, handler := range console.Routes(Prefix+"/", h.mockOrigin) {
		h.router.Handle(path, handler).Methods(http.MethodGet, http.MethodHead)
		h.pages[path] = true
	}
	h.router.NotFoundHandler = http.HandlerFunc(h.notFound)
	h.router.MethodNotAllowedHandler = http.HandlerFunc(h.notAllowed)
	return h
}

// ServeHTTP answers a request to a path below Prefix.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, id: h.mock.NewID()}
	header := w.Header()
	for name, value := range protection {
		header[name] = value
	}
	header["Understudy-Request-Id"] = []string{c.id}
	defer h.rescue(w, c)
	if problem := h.guard(r); problem != nil {
		h.refuse(w, c, problem)
		return
	}
	if s := h.mock.Condition().Shared; s != nil { // much of what is told is that of one replica
		header["Understudy-Replica"] = []string{fmt.Sprintf("%s of %d", s.Replica, s.Replicas)}
	}
	h.router.ServeHTTP(w, r.WithContext(withCall(r.Context(), c)))
}

// protection is sent with every answer: nothing of the control plane is kept by
// caches, taken for another type, or shown inside of another page.
var protection = http.Header{
	"Cache-Control":                {"no-store"},
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Referrer-Policy":              {"no-referrer"},
	"X-Content-Type-Options":       {"nosniff"},
}

func (h *Handler) rescue(w http.ResponseWriter, c *call) {
	e := recover()
	if e == nil {
		return
	}
	if e == http.ErrAbortHandler {
		panic(e)
	}
	h.opts.Logger.Error("internal error", "request", c.id, "error", e, "stack", string(debug.Stack()))
	h.refuse(w, c, &exchange.Problem{Code: exchange.ProblemInternal, Status: http.StatusInternalServerError, Detail: "This is a mistake in Understudy, not in the request. The log has the details."})
}
