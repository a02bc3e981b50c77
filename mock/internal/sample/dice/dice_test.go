package dice_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// TestSequence holds the numbers themselves: whoever changes them changes every
// body that was ever generated.
func TestSequence(t *testing.T) {
	t.Parallel()
	d := dice.New(7)
	got := []uint64{d.Uint64(), d.Uint64(), dice.Mix(7, ""), dice.Mix(7, "name")}
	want := []uint64{7191089600892374487, 309689372594955804, 970686936507468063, 7464184903030056986}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIntN(t *testing.T) {
	t.Parallel()
	d := dice.New(1)
	var seen [5]int
	for range 5000 {
		seen[d.IntN(5)]++
	}
	for n, times := range seen {
		if times < 800 || times > 1200 {
			t.Errorf("%d came %d times of 5000", n, times)
		}
	}
	if d.IntN(0) != 0 || d.IntN(1) != 0 || d.Between(3, 3) != 3 {
		t.Error("a single number must be given as it is")
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	d := dice.New(1)
	seen, often := map[int]bool{}, 0
	for range 500 {
		seen[d.Between(-2, 2)] = true
		if d.OneIn(4) {
			often++
		}
	}
	if diff := cmp.Diff(map[int]bool{-2: true, -1: true, 0: true, 1: true, 2: true}, seen); diff != "" {
		t.Error(diff)
	}
	if often < 90 || often > 160 {
		t.Errorf("one in four came %d times of 500", often)
	}
}

func TestMixTellsNamesApart(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	for _, name := range []string{"", "a", "b", "ab", "ba", "0", "1", "10", "01"} {
		for seed := range uint64(50) {
			h := dice.Mix(seed, name)
			if other, again := seen[h]; again {
				t.Errorf("%q and %q have the same seed", name, other)
			}
			seen[h] = name
		}
	}
}
