package scenario

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// waits draws n times from what is written as a delay.
func waits(t *testing.T, delay string, n int) (*Delay, []time.Duration) {
	t.Helper()
	st := onlyStub(t, load(t, "operations:\n  getOrder:\n    - respond: {status: 404, delay: "+delay+"}\n"), "getOrder")
	ex := request(t, "GET /orders/1")
	out, err := st.Render(ex, memory{}, ex.Time, 0)
	if err != nil {
		t.Fatal(err)
	}
	drawn := make([]time.Duration, n)
	for seed := range drawn {
		drawn[seed] = out.Delay.Draw(uint64(seed))
	}
	return out.Delay, drawn
}

func TestDelay(t *testing.T) {
	t.Parallel()
	for delay, want := range map[string]struct {
		shown                string
		least, median, most  time.Duration
		tolerance            time.Duration // of the median
		reachesMost, isDrawn bool
	}{
		"300ms": {"300ms", 300 * time.Millisecond, 300 * time.Millisecond, 300 * time.Millisecond, 0, true, false},
		"1.5s":  {"1.5s", 1500 * time.Millisecond, 1500 * time.Millisecond, 1500 * time.Millisecond, 0, true, false},
		"5m":    {"5m0s", 5 * time.Minute, 5 * time.Minute, 5 * time.Minute, 0, true, false},
		"{uniform: [100ms, 400ms]}": {"uniform from 100ms to 400ms", 100 * time.Millisecond, 250 * time.Millisecond, 400 * time.Millisecond,
			10 * time.Millisecond, false, true},
		"{uniform: [1ns, 3ns]}":   {"uniform from 1ns to 3ns", 1, 2, 3, 0, true, true},
		"{uniform: [50ms, 50ms]}": {"uniform from 50ms to 50ms", 50 * time.Millisecond, 50 * time.Millisecond, 50 * time.Millisecond, 0, true, true},
		"{lognormal: {median: 80ms, sigma: 0.4, max: 200ms}}": {"lognormal around 80ms with sigma 0.4, at most 200ms", 0, 80 * time.Millisecond, 200 * time.Millisecond,
			3 * time.Millisecond, true, true},
		"{lognormal: {median: 80ms, sigma: 0}}": {"lognormal around 80ms with sigma 0, at most 5m0s", 80 * time.Millisecond, 80 * time.Millisecond, 80 * time.Millisecond, 0, true, true},
	} {
		t.Run(delay, func(t *testing.T) {
			t.Parallel()
			d, drawn := waits(t, delay, 10_000)
			if d.String() != want.shown || d.Drawn() != want.isDrawn {
				t.Errorf("%q, drawn %t", d, d.Drawn())
			}
			slices.Sort(drawn)
			median := drawn[len(drawn)/2]
			if drawn[0] < want.least || drawn[len(drawn)-1] > want.most || (median-want.median).Abs() > want.tolerance {
				t.Errorf("from %s over %s to %s", drawn[0], median, drawn[len(drawn)-1])
			}
			if want.reachesMost && drawn[len(drawn)-1] != want.most {
				t.Errorf("the longest wait is %s", drawn[len(drawn)-1])
			}
			again := d.Draw(7)
			if got := d.Draw(7); got != again {
				t.Errorf("the same seed gave %s and %s", again, got)
			}
		})
	}
}

// TestDrawnWaits holds the waits themselves: a run is repeated by its seed, also with
// another version.
func TestDrawnWaits(t *testing.T) {
	t.Parallel()
	var got []string
	for _, delay := range []string{"{uniform: [100ms, 400ms]}", "{lognormal: {median: 80ms, sigma: 0.4, max: 2s}}"} {
		_, drawn := waits(t, delay, 3)
		for _, wait := range drawn {
			got = append(got, wait.String())
		}
	}
	if diff := cmp.Diff([]string{"365.2ms", "270.1ms", "277.3ms", "66.75ms", "79.1ms", "79.82ms"}, got); diff != "" {
		t.Error(diff)
	}
}
