package shared_test

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestConnections holds that many requests at once share the connections that a replica may
// have: 64, the one that listens and the one of the heartbeat.
func TestConnections(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	s := openRedis(t, server, shared.Options{})
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			for j := range 5 {
				if _, err := s.Enter(t.Context(), fmt.Sprint("s", i, "-", j), "", true); err != nil {
					t.Error(err)
				}
				if _, err := s.Session(t.Context(), fmt.Sprint("s", i, "-", j)); err != nil { // a pipeline
					t.Error(err)
				}
			}
		})
	}
	all.Wait() // the connections stay for later
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(server.URL(), "redis://"), "/0"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprint(conn, "INFO clients\r\n"); err != nil {
		t.Fatal(err)
	}
	connected := 0
	for lines := bufio.NewScanner(conn); connected == 0 && lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "connected_clients:"); ok {
			if connected, err = strconv.Atoi(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if connected < 3 || connected > 64+2+1 { // with the one that asks
		t.Errorf("%d connections", connected)
	}
}
