package scenario

import (
	"cmp"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// index finds the stubs of one scenario and operation that may answer a request,
// without asking all of them.
//
// A stub that wants one value to be equal to something is filed under that value,
// at the place where it stands; of several such values under the one that it
// shares with the fewest others. The others are loose. A request is looked up once
// at each place. What is found is a superset of what matches, because keys are
// coarser than equality. An index is immutable.
type index struct {
	loose  []*Stub // in the order in which they are tried, as all lists of an index
	places []indexedPlace
}

// indexedPlace is one place with the stubs that are filed there.
type indexedPlace struct {
	place   place
	fold    bool
	buckets map[string][]*Stub // by key
}

const (
	// maxPlaces bounds the places of an index, and so the look-ups of a request.
	maxPlaces = 16
	// fewStubs are so few that asking them all costs no more than looking them up.
	fewStubs = 4
)

// newIndex files the stubs, which are in the order in which they are tried.
func newIndex(stubs []*Stub) *index {
	x := &index{}
	for i, st := range stubs {
		st.position = i
	}
	if len(stubs) <= fewStubs {
		x.loose = stubs
		return x
	}
	f := newFiling(stubs)
	for _, p := range f.mostUsed(maxPlaces) {
		x.places = append(x.places, indexedPlace{p.place, p.fold, map[string][]*Stub{}})
		p.index = len(x.places) - 1
	}
	for i, st := range stubs {
		best := f.best(i, func(p *filingPlace) bool { return p.index >= 0 })
		if best == nil {
			x.loose = append(x.loose, st)
			continue
		}
		buckets := x.places[best.place.index].buckets
		for _, key := range best.keys {
			buckets[key] = append(buckets[key], st)
		}
	}
	return x
}

// candidates gives the stubs that may match the request, in the order in which
// they are tried: every one that matches is among them. The slice may be shared and
// is read-only.
func (x *index) candidates(ex *exchange.Exchange) []*Stub {
	var found [maxPlaces + 1][]*Stub
	lists := found[:0]
	if len(x.loose) > 0 {
		lists = append(lists, x.loose)
	}
	for i := range x.places {
		if bucket := x.places[i].find(ex); len(bucket) > 0 {
			lists = append(lists, bucket)
		}
	}
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	return merged(lists)
}

// maxShortKey is the length up to which a key is looked up without allocating.
const maxShortKey = 128

// find gives the stubs that are filed under the request's value.
func (p *indexedPlace) find(ex *exchange.Exchange) []*Stub {
	var short [maxShortKey]byte
	key, ok := p.place.operand(ex).appendKey(short[:0], p.fold)
	if !ok {
		return nil
	}
	return p.buckets[string(key)]
}

// merged puts lists together in the order of their stubs. No stub is in two.
func merged(lists [][]*Stub) []*Stub {
	total := 0
	for _, list := range lists {
		total += len(list)
	}
	all := make([]*Stub, 0, total)
	for len(all) < total {
		first := -1
		for i, list := range lists {
			if len(list) > 0 && (first < 0 || list[0].position < lists[first][0].position) {
				first = i
			}
		}
		all = append(all, lists[first][0])
		lists[first] = lists[first][1:]
	}
	return all
}

// filing chooses where each stub is filed.
type filing struct {
	places map[string]*filingPlace // by id, and whether case counts
	byUse  []*filingPlace
	wishes [][]wish // of each stub
}

type filingPlace struct {
	place place
	fold  bool
	count map[string]int // stubs that could be filed under a key
	used  int            // stubs that would be filed here
	index int            // in the index, -1 for none
}

// wish is a place where a stub could be filed, with its keys there.
type wish struct {
	place *filingPlace
	keys  []string
}

func newFiling(stubs []*Stub) *filing {
	f := &filing{places: map[string]*filingPlace{}, wishes: make([][]wish, len(stubs))}
	for i, st := range stubs {
		atoms, _ := st.atoms()
		for _, a := range atoms {
			if w, ok := f.wish(a); ok {
				f.wishes[i] = append(f.wishes[i], w)
			}
		}
	}
	for i := range stubs {
		if best := f.best(i, func(*filingPlace) bool { return true }); best != nil {
			best.place.used++
		}
	}
	return f
}

// wish gives the place and the keys of an atom, if it asks for equality.
func (f *filing) wish(a atom) (w wish, ok bool) {
	nodes, fold, ok := equals(a.matcher)
	if !ok {
		return w, false
	}
	id := a.place.id
	if fold {
		id += " in any case"
	}
	p := f.places[id]
	if p == nil {
		p = &filingPlace{place: a.place, fold: fold, count: map[string]int{}, index: -1}
		f.places[id] = p
		f.byUse = append(f.byUse, p)
	}
	keys := make([]string, len(nodes))
	for i, n := range nodes {
		keys[i] = keyOf(n, fold)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, key := range keys {
		p.count[key]++
	}
	return wish{p, keys}, true
}

// best gives the wish of a stub that it shares with the fewest others, nil for none.
func (f *filing) best(stub int, allowed func(*filingPlace) bool) *wish {
	var best *wish
	fewest := 0
	for i := range f.wishes[stub] {
		w := &f.wishes[stub][i]
		others := 0
		for _, key := range w.keys {
			others += w.place.count[key]
		}
		if allowed(w.place) && (best == nil || others < fewest) {
			best, fewest = w, others
		}
	}
	return best
}

// mostUsed gives the places where most stubs want to be filed.
func (f *filing) mostUsed(n int) []*filingPlace {
	slices.SortStableFunc(f.byUse, func(a, b *filingPlace) int { return cmp.Compare(b.used, a.used) })
	used := f.byUse[:min(n, len(f.byUse))]
	return slices.DeleteFunc(slices.Clone(used), func(p *filingPlace) bool { return p.used == 0 })
}
