package sample

import "github.com/understudy-mock/understudy/mock/internal/contract/schema"

// watchKind is the kind of a watch.
type watchKind uint8

const (
	watchNot    watchKind = iota // view must not fit
	watchIf                      // then must fit if view fits, else otherwise
	watchMember                  // view must fit if the member name is there
)

// obstacle says what stands in the way where a watch cannot be kept.
func (k watchKind) obstacle() string {
	switch k {
	case watchNot:
		return "whatever fits all else also fits this, which must not fit"
	case watchIf:
		return "neither this and then nor else can be fulfilled"
	}
	return "the member can neither be there nor be left out"
}

// watch is something that a finished value must fulfil. Most values do so without
// any care; facts are made narrower only for those that do not.
type watch struct {
	kind                  watchKind
	scope                 int
	name                  string
	view, then, otherwise schema.View // zero for none
}

// broken tells whether the value breaks what is watched.
func (w *watch) broken(data any) bool {
	switch w.kind {
	case watchNot:
		return w.view.Valid(data)
	case watchIf:
		next := w.otherwise
		if w.view.Valid(data) {
			next = w.then
		}
		return !next.IsZero() && !next.Valid(data)
	}
	object, ok := data.(map[string]any)
	if !ok {
		return false
	}
	_, there := object[w.name]
	return there && !w.view.Valid(data)
}

// repairs gives the ways to fulfil what the value has broken, the one that changes
// least of it first.
func (w *watch) repairs(data any) []way {
	switch w.kind {
	case watchNot:
		return []way{{items: []item{w.demand(w.view, true)}}}
	case watchIf:
		holds := way{items: []item{w.demand(w.view, false)}}
		if !w.then.IsZero() {
			holds.items = append(holds.items, w.demand(w.then, false))
		}
		fails := way{items: []item{w.demand(w.view, true)}}
		if !w.otherwise.IsZero() {
			fails.items = append(fails.items, w.demand(w.otherwise, false))
		}
		if w.view.Valid(data) {
			return []way{holds, fails}
		}
		return []way{fails, holds}
	}
	with := way{items: []item{w.demand(w.view, false)}, narrow: withMember(w.name)}
	return []way{with, {narrow: withoutMember(w.name)}}
}

func (w *watch) demand(v schema.View, not bool) item { return item{demand{view: v, not: not}, w.scope} }

// withMember makes the facts those of an object with the member.
func withMember(name string) func(*facts) bool {
	return func(f *facts) bool {
		f.object.require(name)
		return only(schema.TypeObject)(f)
	}
}

// withoutMember forbids an object the member.
func withoutMember(name string) func(*facts) bool {
	return func(f *facts) bool {
		f.object.absent = append(f.object.absent, name)
		return true
	}
}
