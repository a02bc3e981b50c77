package shared_test

import (
	"errors"
	"maps"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// control changes something by the control plane.
func (in *interleaving) control() {
	ctx, s := in.t.Context(), in.store()
	id, name := []string{"", "a", "b", "a", "b"}[in.rand.IntN(5)], []string{"s", "t"}[in.rand.IntN(2)]
	m := in.sessions[id]
	expect := func(err error) bool {
		in.t.Helper()
		if m == nil != errors.Is(err, state.ErrNoSession) || m != nil && err != nil {
			in.t.Fatalf("%q: %v", id, err)
		}
		return m != nil
	}
	own := &in.global
	restarted := slices.Collect(maps.Values(in.sessions))
	if id != "" && m != nil {
		own, restarted = &m.own, []*modelSession{m}
	}
	switch in.rand.IntN(5) {
	case 0:
		if expect(s.Activate(ctx, id, on(name)...)) {
			*own = slices.Concat([]string{name}, slices.DeleteFunc(slices.Clone(*own), func(n string) bool { return n == name }))
		}
	case 1:
		if expect(s.Deactivate(ctx, id, name)) {
			*own = slices.DeleteFunc(slices.Clone(*own), func(n string) bool { return n == name })
		}
	case 2:
		if expect(s.Reset(ctx, id, "ben")) {
			*own = slices.Clone(m.start)
			clear(m.cells)
		}
		restarted = nil
	case 3:
		if id != "" && expect(s.Delete(ctx, id)) {
			delete(in.sessions, id)
		}
		return
	case 4:
		if id == "" {
			return
		}
		isNew, err := s.Make(ctx, id, state.Start{Scenarios: []string{name}}, "ann")
		if in.must(err); isNew != (m == nil) {
			in.t.Fatal(id, "is new:", isNew)
		}
		m = &modelSession{start: []string{name}, own: []string{name}, cells: map[state.Cell]state.Value{}}
		in.sessions[id], restarted = m, nil
	}
	if m == nil {
		return
	}
	for _, other := range restarted {
		other.restart(name)
	}
	for id := range in.sessions {
		in.changed(id)
	}
}
