package journal

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestSinceOverAClockChange enters requests while the system's clock is set back and forth.
// The order is that in which they came, and since and until choose by the time that each
// record shows, wherever it stands.
func TestSinceOverAClockChange(t *testing.T) {
	t.Parallel()
	j := New(Options{Entries: 10, Bytes: DefaultBytes})
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for number, at := range []time.Duration{0, time.Minute, -time.Hour, -time.Hour + time.Minute, time.Hour, 2 * time.Minute} {
		entered(j, func(ex *exchange.Exchange) {
			ex.ID, ex.Number, ex.Time = strconv.Itoa(number+1), uint64(number+1), noon.Add(at)
		})
	}
	for name, test := range map[string]struct {
		filter Filter
		want   []string
	}{
		"all":   {Filter{}, []string{"6", "5", "4", "3", "2", "1"}},
		"since": {Filter{Since: noon}, []string{"6", "5", "2", "1"}},
		"until": {Filter{Until: noon.Add(2 * time.Minute)}, []string{"4", "3", "2", "1"}},
		"both":  {Filter{Since: noon.Add(-time.Hour), Until: noon.Add(time.Minute)}, []string{"4", "3", "1"}},
	} {
		page, err := j.List(t.Context(), Query{Filter: test.filter})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range page.Requests {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLossesOverAClockChange holds that who asks for what came since a time is told of
// requests that have gone, also where the clock was set back behind them.
func TestLossesOverAClockChange(t *testing.T) {
	t.Parallel()
	j := New(Options{Entries: 2, Bytes: DefaultBytes})
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for number, at := range []time.Duration{time.Hour, 0, time.Minute, 2 * time.Minute} { // the first two go
		entered(j, func(ex *exchange.Exchange) {
			ex.ID, ex.Number, ex.Time = strconv.Itoa(number+1), uint64(number+1), noon.Add(at)
		})
	}
	for since, want := range map[time.Duration]bool{-time.Minute: true, 30 * time.Minute: true, 2 * time.Hour: false} {
		if got := j.lost.within(&Scope{Since: noon.Add(since)}); got != want {
			t.Errorf("since noon and %s: lost is %t, want %t", since, got, want)
		}
	}
}
