package shared_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestAServerOfTheClusterIsGone holds that one session alone waits for a server that does
// not answer: others of that server are refused at once, whatever is asked of them, those of
// other servers are served, and when the server answers again, so are they all.
func TestAServerOfTheClusterIsGone(t *testing.T) {
	t.Parallel()
	nodes := testenv.NewRedisCluster(t, 3)
	address, err := shared.ParseAddress(nodes[0].URL() + "?cluster=true")
	if err != nil {
		t.Fatal(err)
	}
	s := openRedis(t, nil, shared.Options{Address: address})
	gone := make(chan string, 10)
	openRedis(t, nil, shared.Options{Address: address, Gone: func(ids ...string) { gone <- ids[0] }})
	asked := raw(t, nodes[0])
	nodeOf := func(key string) int { // as NewRedisCluster shares the slots out
		slot, err := asked.ClusterKeySlot(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for n < 2 && int(slot) >= (n+1)*16384/3 {
			n++
		}
		return n
	}
	paused := (nodeOf("{understudy}:global") + 1) % 3
	var there, elsewhere []string
	for i := 0; len(there) < 5 || len(elsewhere) < 5; i++ {
		id := fmt.Sprint("s", i)
		enter(t, s, id)
		if nodeOf("{understudy:"+id+"}:session") == paused {
			there = append(there, id)
		} else {
			elsewhere = append(elsewhere, id)
		}
	}
	testenv.Eventually(t, "both replicas listen", func() bool {
		n, err := raw(t, nodes[nodeOf("{understudy}:global")]).PubSubNumSub(t.Context(), "{understudy}:changes").Result()
		return err == nil && n["{understudy}:changes"] == 2
	})
	nodes[paused].Pause()
	resumed := false
	defer func() {
		if !resumed {
			nodes[paused].Resume()
		}
	}()
	at, ctx := "the server "+nodes[paused].Address()+" of the cluster does not answer", t.Context()
	for i, id := range there {
		_, err := s.Enter(t.Context(), id, "", false)
		if !errors.Is(err, shared.ErrUnavailable) {
			t.Fatalf("%s: %v", id, err)
		}
		if strings.Contains(err.Error(), at) != (i > 0) {
			t.Errorf("%s, number %d: %v", id, i, err)
		}
	}
	count := func(id string) (err error) { _, err = s.Counted(ctx, id, shared.OfCoverage); return err }
	for name, ask := range map[string]func(id string) error{ // some of them ask other servers too
		"values":     func(id string) (err error) { _, err = s.Values(ctx, id); return err },
		"commit":     func(id string) (err error) { _, err = s.Commit(ctx, id, "r", &state.View{}, nil); return err },
		"activate":   func(id string) error { return s.Activate(ctx, id, on("x")...) },
		"everybody":  func(string) error { return s.Activate(ctx, "", on("x")...) },
		"session":    func(id string) (err error) { _, err = s.Session(ctx, id); return err },
		"sessions":   func(string) (err error) { _, err = s.Sessions(ctx); return err },
		"forget":     func(string) error { return s.Forget(ctx, func(state.Cell) bool { return false }) },
		"counted":    count,
		"uncount":    func(id string) error { return s.Uncount(ctx, id, shared.OfCoverage) },
		"beginnings": func(id string) (err error) { _, err = s.Journal().Began(ctx, id); return err },
		"delete":     func(id string) error { return s.Delete(ctx, id) },
	} {
		if err := ask(there[1]); !errors.Is(err, shared.ErrUnavailable) || !strings.Contains(err.Error(), at) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range elsewhere[1:] {
		if err := s.Delete(ctx, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		testenv.Eventually(t, "the other replica is told, whatever server does not answer", func() bool {
			select {
			case got := <-gone:
				return got == id
			default:
				return false
			}
		})
	}
	for _, id := range elsewhere[:1] {
		if known, err := s.Enter(t.Context(), id, "", false); !known || err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	nodes[paused].Resume()
	resumed = true
	testenv.Eventually(t, "the server is asked again", func() bool {
		known, err := s.Enter(t.Context(), there[0], "", false)
		return known && err == nil
	})
	all, err := s.Sessions(ctx)
	if err != nil || len(all) != len(there)+1 {
		t.Errorf("%d sessions, %v: one that could not be deleted is listed", len(all), err)
	}
}
