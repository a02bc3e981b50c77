// Package provider is a real API for tests: a small service that keeps orders, described
// by the openapi.yaml beside it, with faults that can be switched on (see Faults).
//
// It is what a proxy forwards to, what is recorded, and what scenarios are verified
// against. Nothing of Understudy is in it.
package provider

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Key is the API key that it takes, in the header X-Api-Key; Password is that of every
// user.
const (
	Key      = "orders-key"
	Password = "sesame"
)

// SeedID is the order that there is from the start.
const SeedID = "00000000-0000-4000-8000-000000000001"

// Base is the path in front of the paths of its contract.
const Base = "/v1"

// Provider is the service. The zero value is not ready: use New. It is safe for
// concurrent use.
type Provider struct {
	// Slow is how long the fault "slow" takes; 0 means one second.
	Slow time.Duration

	mux *http.ServeMux

	mu     sync.Mutex // guards the fields below
	faults map[string]Fault
	orders []*order
	next   int
	seen   map[string]string // Idempotency-Key → id
	served int
}

type item struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

type order struct {
	ID        string  `json:"id"`
	Status    string  `json:"status"`
	Total     float64 `json:"total"`
	Items     []item  `json:"items"`
	Note      string  `json:"note,omitempty"`
	CreatedAt string  `json:"createdAt"`
}

// New makes a service with one order and no faults.
func New() *Provider {
	p := &Provider{mux: http.NewServeMux(), faults: map[string]Fault{}}
	p.Reset()
	for pattern, h := range map[string]struct {
		name   string
		public bool
		serve  http.HandlerFunc
	}{
		"GET /health":                   {"health", true, p.health},
		"POST /tokens":                  {"createToken", true, p.createToken},
		"GET /orders":                   {"listOrders", false, p.list},
		"POST /orders":                  {"createOrder", false, p.create},
		"GET /orders/{order_id}":        {"getOrder", false, p.get},
		"PATCH /orders/{order_id}":      {"changeOrder", false, p.change},
		"DELETE /orders/{order_id}":     {"deleteOrder", false, p.remove},
		"GET /orders/{order_id}/events": {"orderEvents", false, p.events},
	} {
		method, path, _ := strings.Cut(pattern, " ")
		p.mux.HandleFunc(method+" "+Base+path, func(w http.ResponseWriter, r *http.Request) {
			p.serve(w, r, h.name, h.public, h.serve)
		})
	}
	// Not in the contract: tests return to the start with it, and ask for what is unknown.
	p.mux.HandleFunc("POST "+Base+"/test/reset", func(w http.ResponseWriter, _ *http.Request) {
		p.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	return p
}

var _ http.Handler = (*Provider)(nil)

// Reset returns to the one order of the start. Faults stay.
func (p *Provider) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next, p.seen = 2, map[string]string{}
	p.orders = []*order{{ID: SeedID, Status: "new", Total: 19.9, Items: []item{{"A-1", 2}}, CreatedAt: "2026-01-02T03:04:05Z"}}
}

// Served counts the requests so far.
func (p *Provider) Served() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.served
}

func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.served++
	n := p.served
	p.mu.Unlock()
	w.Header().Set("Server", "orders/1.2")
	w.Header().Set("X-Request-Id", strconv.Itoa(n))
	p.mux.ServeHTTP(w, r)
}

// serve checks the key, and lets the fault of the operation spoil the answer.
func (p *Provider) serve(w http.ResponseWriter, r *http.Request, name string, public bool, next http.HandlerFunc) {
	fault := p.faultOf(name, r)
	next = guard(public || fault == IgnoreKey, next)
	if fault == "" || fault == IgnoreKey {
		next(w, r)
		return
	}
	p.spoil(w, r, fault, next)
}

func guard(open bool, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if key := r.Header.Get("X-Api-Key"); !open && key != Key {
			w.Header().Set("WWW-Authenticate", "Key")
			fail(w, http.StatusUnauthorized, "UNKNOWN_KEY", "the key is missing or unknown")
			return
		}
		next(w, r)
	}
}

func (p *Provider) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

func (p *Provider) createToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("password") != Password {
		fail(w, http.StatusUnauthorized, "WRONG_PASSWORD", "the password is wrong")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "token", Value: "t-" + r.PostForm.Get("user"), Path: Base, HttpOnly: true})
	write(w, http.StatusOK, map[string]string{"token": "t-" + r.PostForm.Get("user")})
}

func (p *Provider) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit := 20
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			fail(w, http.StatusBadRequest, "BAD_LIMIT", "the limit must be 1 to 100, not "+text)
			return
		}
		limit = n
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found := []*order{}
	for _, o := range p.orders {
		if s := q.Get("status"); s == "" || s == o.Status {
			found = append(found, o)
		}
	}
	w.Header().Set("X-Total-Count", strconv.Itoa(len(found)))
	found = found[:min(limit, len(found))]
	if strings.HasPrefix(r.Header.Get("Accept"), "text/csv") {
		w.Header().Set("Content-Type", "text/csv")
		for _, o := range found {
			_, _ = fmt.Fprintf(w, "%s,%s\n", o.ID, o.Status)
		}
		return
	}
	write(w, http.StatusOK, found)
}

var sku = regexp.MustCompile("^[A-Z]-[0-9]+$")

func (p *Provider) create(w http.ResponseWriter, r *http.Request) {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, "NOT_JSON", "send application/json")
		return
	}
	var in struct {
		Items []item `json:"items"`
		Note  string `json:"note"`
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		fail(w, http.StatusBadRequest, "BAD_JSON", err.Error())
		return
	}
	valid, total := len(in.Items) > 0, 0.0
	for _, it := range in.Items {
		valid = valid && sku.MatchString(it.SKU) && it.Quantity > 0
		total += 9.95 * float64(it.Quantity)
	}
	if !valid && p.faultOf("createOrder", r) != NoChecks {
		fail(w, http.StatusUnprocessableEntity, "BAD_ITEMS", "an order has items with a SKU and a quantity")
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		if known := p.seen[key]; known != "" {
			fail(w, http.StatusConflict, "SEEN_BEFORE", "the key has made "+known)
			return
		}
		p.seen[key] = id(p.next)
	}
	o := &order{ID: id(p.next), Status: "new", Total: total, Items: in.Items, Note: in.Note, CreatedAt: time.Date(2026, 1, 2, 3, 4, p.next%60, 0, time.UTC).Format(time.RFC3339)}
	if o.Items == nil {
		o.Items = []item{}
	}
	p.next++
	p.orders = append(p.orders, o)
	w.Header().Set("Location", Base+"/orders/"+o.ID)
	write(w, http.StatusCreated, o)
}

func id(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
