package shared_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestAServerOfTheClusterIsGone holds that one session alone waits for a server that does
// not answer: others of that server are refused at once, those of other servers are served,
// and when the server answers again, so are they all.
func TestAServerOfTheClusterIsGone(t *testing.T) {
	t.Parallel()
	nodes := testenv.NewRedisCluster(t, 3)
	address, err := shared.ParseAddress(nodes[0].URL() + "?cluster=true")
	if err != nil {
		t.Fatal(err)
	}
	s := openRedis(t, nil, shared.Options{Address: address})
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
	nodes[paused].Pause()
	resumed := false
	defer func() {
		if !resumed {
			nodes[paused].Resume()
		}
	}()
	for i, id := range there {
		_, err := s.Enter(t.Context(), id, "", false)
		if !errors.Is(err, shared.ErrUnavailable) {
			t.Fatalf("%s: %v", id, err)
		}
		if at := "the server " + nodes[paused].Address() + " of the cluster does not answer"; strings.Contains(err.Error(), at) != (i > 0) {
			t.Errorf("%s, number %d: %v", id, i, err)
		}
	}
	for _, id := range elsewhere {
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
}
