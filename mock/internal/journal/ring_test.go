package journal

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sized makes an entry of a size that can be told to be whole: its id is made of its
// number and size.
func sized(size int64) *kept {
	e := &kept{size: size}
	e.data = strconv.FormatInt(size, 10)
	return e
}

// TestRingModel holds a ring against a list: after each of many random steps both
// keep the same entries, and never more than the bounds.
func TestRingModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		count, bytes := 1+random.IntN(8), int64(1+random.IntN(40))
		dropped := 0
		r := newRing(count, bytes, func(*kept) { dropped++ })
		var model []*kept // oldest first
		wantDropped := 0
		drop := func() {
			model = model[1:]
			wantDropped++
		}
		for step := range 100 {
			switch random.IntN(6) {
			case 0: // remove one
				if len(model) > 0 {
					i := random.IntN(len(model))
					if !r.remove(model[i]) {
						t.Fatalf("seed %d, step %d: an entry could not be removed", seed, step)
					}
					model = append(model[:i:i], model[i+1:]...)
				}
			case 1: // replace one
				if len(model) > 0 {
					i := random.IntN(len(model))
					with := sized(int64(random.IntN(20)))
					with.number = model[i].number
					replaceInModel(&model, i, with, bytes, &wantDropped)
					r.replace(r.slot(with.number).Load(), with)
				}
			default:
				e := sized(int64(random.IntN(50)))
				r.add(e)
				for len(model) > 0 && model[0].number+uint64(count) <= e.number {
					drop()
				}
				if e.size > bytes {
					wantDropped++
					break
				}
				for total(model)+e.size > bytes {
					drop()
				}
				model = append(model, e)
			}
			if diff := cmp.Diff(numbers(model), slots(r)); diff != "" {
				t.Fatalf("seed %d, step %d: %s", seed, step, diff)
			}
			if got := r.bytes.Load(); got != total(model) || got > bytes {
				t.Fatalf("seed %d, step %d: %d bytes of %d, want %d", seed, step, got, bytes, total(model))
			}
			if dropped != wantDropped {
				t.Fatalf("seed %d, step %d: %d dropped, want %d", seed, step, dropped, wantDropped)
			}
		}
	}
}

// replaceInModel puts another version in the place of model[i]: older ones make room.
func replaceInModel(model *[]*kept, i int, with *kept, bytes int64, dropped *int) {
	list := *model
	rest := total(list) - list[i].size
	for rest+with.size > bytes && i > 0 {
		rest -= list[0].size
		list, i = list[1:], i-1
		*dropped++
	}
	if rest+with.size <= bytes {
		list[i] = with
	}
	*model = list
}

func total(list []*kept) int64 {
	var sum int64
	for _, e := range list {
		sum += e.size
	}
	return sum
}

func numbers(list []*kept) []uint64 {
	var all []uint64
	for i := range list {
		all = append(all, list[len(list)-1-i].number)
	}
	return all
}

func slots(r *ring) []uint64 {
	var all []uint64
	for e := range r.newest(0) {
		all = append(all, e.number)
	}
	return all
}

// TestRingConcurrently has many writers and readers at once: entries are seen whole
// and newest first, the bounds hold all the time, and at the end the newest are there.
func TestRingConcurrently(t *testing.T) {
	t.Parallel()
	const writers, each, count, bytes = 8, 2_000, 64, 1_000
	var dropped atomic.Int64
	r := newRing(count, bytes, func(*kept) { dropped.Add(1) })
	stop := make(chan struct{})
	var readers, all sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := checkWhole(r); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for w := range writers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 1))
			for range each {
				r.add(sized(int64(random.IntN(60))))
			}
		})
	}
	all.Wait()
	close(stop)
	readers.Wait()
	left := slots(r)
	if got := dropped.Load() + int64(len(left)); got != writers*each {
		t.Errorf("%d dropped and kept, want %d", got, writers*each)
	}
	var sum int64
	for e := range r.newest(0) {
		sum += e.size
	}
	if sum != r.bytes.Load() || sum > bytes {
		t.Errorf("%d bytes are kept, %d are counted, %d are allowed", sum, r.bytes.Load(), bytes)
	}
	for i := range uint64(count) { // what comes last is kept
		r.add(sized(10))
		if got := slots(r); got[0] != writers*each+i+1 {
			t.Fatalf("the newest is %d, want %d", got[0], writers*each+i+1)
		}
	}
	if got := len(slots(r)); got != count {
		t.Errorf("%d kept, want %d", got, count)
	}
}

func checkWhole(r *ring) error {
	var before uint64
	n := 0
	for e := range r.newest(0) {
		if before != 0 && e.number >= before {
			return fmt.Errorf("%d follows %d", e.number, before)
		}
		if e.data != strconv.FormatInt(e.size, 10) {
			return fmt.Errorf("entry %d is not whole: %q", e.number, e.data)
		}
		before = e.number
		n++
	}
	if n > len(r.slots) {
		return fmt.Errorf("%d entries in %d slots", n, len(r.slots))
	}
	return nil
}

func TestRingBelow(t *testing.T) {
	t.Parallel()
	r := newRing(3, 100, func(*kept) {})
	for range 5 {
		r.add(sized(1))
	}
	for below, want := range map[uint64][]uint64{0: {5, 4, 3}, 9: {5, 4, 3}, 5: {4, 3}, 4: {3}, 3: nil, 1: nil} {
		var got []uint64
		for e := range r.newest(below) {
			got = append(got, e.number)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("below %d: %s", below, diff)
		}
	}
}
