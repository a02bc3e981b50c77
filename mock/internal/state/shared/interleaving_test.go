package shared_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestInterleavings takes the steps of several requests and of the control plane in a
// random order, on several stores of one truth, and compares each with a model that does
// one thing at a time.
func TestInterleavings(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) []state.Store{
		"memory": func(*testing.T) []state.Store {
			s := new(state.Memory)
			return []state.Store{s, s}
		},
		"redis": func(t *testing.T) []state.Store { return openReplicas(t, testenv.NewRedis(t).URL()) },
		"cluster": func(t *testing.T) []state.Store {
			return openReplicas(t, testenv.NewRedisCluster(t, 3)[2].URL()+"?cluster=true")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			in := &interleaving{t: t, stores: open(t), rand: rand.New(rand.NewPCG(seed, 0)), sessions: map[string]*modelSession{"": {cells: map[state.Cell]state.Value{}}}}
			for step := range 1500 {
				if in.step(); t.Failed() {
					t.Fatalf("at step %d with seed %d", step, seed)
				}
			}
			if in.again == 0 && name != "memory" {
				t.Error("no decision was made again: nothing was shown")
			}
		})
	}
}

func openReplicas(t *testing.T, url string) []state.Store {
	var list []state.Store
	for range 3 {
		address, err := shared.ParseAddress(url)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, openRedis(t, nil, shared.Options{Address: address}))
	}
	return list
}

// modelSession is what a session must be.
type modelSession struct {
	start, own []string // own has the newest first
	cells      map[state.Cell]state.Value
}

type moment struct {
	own   []string
	cells map[state.Cell]state.Value
}

func (m *modelSession) restart(scenarios ...string) {
	maps.DeleteFunc(m.cells, func(c state.Cell, _ state.Value) bool { return slices.Contains(scenarios, c.Scenario) })
}

func (m *modelSession) now() moment { return moment{slices.Clone(m.own), maps.Clone(m.cells)} }

type interleaving struct {
	t        *testing.T
	rand     *rand.Rand
	stores   []state.Store
	sessions map[string]*modelSession
	global   []string
	requests []*modelRequest
	count    int
	again    int // decisions that were made again
}

// modelRequest is a request under way.
type modelRequest struct {
	store   state.Store
	session string
	id      string
	create  bool
	cells   []state.Cell
	steps   bool // it changes the first cell
	stage   int
	since   []moment // what the session was when it entered, and is since
	active  state.Active
	view    state.View
}

func (in *interleaving) must(err error) {
	in.t.Helper()
	if err != nil {
		in.t.Fatal(err)
	}
}

func (in *interleaving) store() state.Store { return in.stores[in.rand.IntN(len(in.stores))] }

// step lets one thing happen.
func (in *interleaving) step() {
	if n := len(in.requests); n > 0 && (n >= 6 || in.rand.IntN(4) > 0) {
		i := in.rand.IntN(n)
		if in.advance(in.requests[i]) {
			in.requests = slices.Delete(in.requests, i, i+1)
		}
		return
	}
	if in.rand.IntN(5) == 0 {
		in.control()
		return
	}
	in.count++
	r := &modelRequest{
		store: in.store(), session: []string{"", "a", "b"}[in.rand.IntN(3)], id: fmt.Sprint("request-", in.count),
		create: in.rand.IntN(4) > 0, steps: in.rand.IntN(3) > 0,
	}
	for _, c := range in.rand.Perm(4)[:in.rand.IntN(3)] {
		r.cells = append(r.cells, state.Cell{Scenario: []string{"s", "t"}[c%2], Key: fmt.Sprint(c)})
	}
	r.steps = r.steps && len(r.cells) > 0
	in.requests = append(in.requests, r)
}

// made has the model follow where a session may have been made.
func (in *interleaving) made(id string) *modelSession {
	_, err := in.stores[0].Session(in.t.Context(), id)
	m := in.sessions[id]
	switch {
	case errors.Is(err, state.ErrNoSession):
		if m != nil {
			in.t.Fatalf("the session %q has gone", id)
		}
	case err != nil:
		in.t.Fatal(err)
	case m == nil:
		m = &modelSession{cells: map[state.Cell]state.Value{}}
		in.sessions[id] = m
		in.changed(id)
	}
	return m
}

// advance takes the next step of a request and tells whether that was the last.
func (in *interleaving) advance(r *modelRequest) (over bool) {
	ctx := in.t.Context()
	r.stage++
	switch r.stage {
	case 1:
		return !in.enter(r)
	case 2:
		return !in.look(r)
	case 3:
		var err error
		r.view, err = r.store.View(ctx, r.session, &r.active, r.cells)
		in.must(err)
	case 4:
		for try := 0; !in.commit(r); try++ {
			if in.again++; try > 1 {
				in.t.Fatal("a decision over what has not changed since it was told was not committed")
			}
		}
		return true
	}
	return false
}

// look has the request see what is active, and tells whether it goes on in its session.
func (in *interleaving) look(r *modelRequest) bool {
	var err error
	r.active, err = r.store.Active(in.t.Context(), r.session)
	if errors.Is(err, state.ErrNoSession) {
		if in.sessions[r.session] != nil {
			in.t.Fatalf("the session %q is not found", r.session)
		}
		return in.enter(r) && in.look(r)
	}
	in.must(err)
	if !slices.Equal(r.active.Global, in.global) {
		in.t.Fatalf("for everybody there is %v, not %v", r.active.Global, in.global)
	}
	return true
}

// enter tells whether the request goes on in its session.
func (in *interleaving) enter(r *modelRequest) bool {
	known, err := r.store.Enter(in.t.Context(), r.session, r.id, r.create)
	in.must(err)
	m := in.made(r.session)
	if !known && (m != nil || r.create) {
		in.t.Fatalf("the session %q is not found", r.session)
	}
	if m != nil {
		r.since = []moment{m.now()}
	}
	return known
}

// commit tells whether the request is over.
func (in *interleaving) commit(r *modelRequest) bool {
	ctx := in.t.Context()
	var effects []state.Effect
	if r.steps {
		effects = []state.Effect{{Cell: r.cells[0], Value: state.Value{Count: r.view.Values[0].Count + 1, Text: r.id}}}
	}
	ok, err := r.store.Commit(ctx, r.session, r.id, &r.view, effects)
	m := in.sessions[r.session]
	switch {
	case errors.Is(err, state.ErrNoSession):
		if m != nil {
			in.t.Fatalf("the session %q is not found", r.session)
		}
		if !in.enter(r) {
			return true
		}
	case err != nil:
		in.t.Fatal(err)
	case ok:
		in.committed(r, m)
		if shared, is := r.store.(*shared.Store); is && r.steps {
			if ok, err := shared.Commit(ctx, r.session, r.id, &r.view, effects); !ok || err != nil {
				in.t.Fatal("the repetition of a commit:", ok, err)
			}
		}
		return true
	}
	if !in.look(r) {
		return true
	}
	r.view, err = r.store.View(ctx, r.session, &r.active, r.cells)
	in.must(err)
	return false
}

// committed compares what a request has seen with the model, and takes its step there.
func (in *interleaving) committed(r *modelRequest, m *modelSession) {
	fits := func(now moment) bool {
		for i, c := range r.cells {
			if r.view.Values[i] != now.cells[c] {
				return false
			}
		}
		return slices.Equal(r.active.Own, now.own)
	}
	if r.steps {
		if m == nil || !fits(m.now()) {
			in.t.Fatalf("%q: decided over %v and %v, and there is %+v", r.session, r.active.Own, r.view, m)
		}
		m.cells[r.cells[0]] = state.Value{Count: r.view.Values[0].Count + 1, Text: r.id}
		in.changed(r.session)
		return
	}
	if !slices.ContainsFunc(r.since, fits) {
		in.t.Fatalf("%q: looked at %v and %v, which never was since the request came: %+v", r.session, r.active.Own, r.view, r.since)
	}
}

// changed notes what a session is now for the requests that are under way.
func (in *interleaving) changed(id string) {
	for _, r := range in.requests {
		if m := in.sessions[id]; r.session == id && m != nil && r.stage > 0 {
			r.since = append(r.since, m.now())
		}
	}
}
