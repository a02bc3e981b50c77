package mock_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// besideOneThatIsStuck tells the server of a replica that lives and confirms nothing.
func besideOneThatIsStuck(t *testing.T, server *testenv.RedisServer) {
	t.Helper()
	if got := server.Ask(fmt.Sprintf(`HSET {understudy}:replicas STUCK "1 %d 7 4 0"`, time.Now().Add(time.Hour).UnixMilli())); got != ":1" {
		t.Fatal(got)
	}
}

// TestStopAsksOthersNoLongerThanItMay stops a mock whose time is over beside a replica that
// confirms nothing: it has what was written, and says that there may be more.
func TestStopAsksOthersNoLongerThanItMay(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	m := replicasOf(t, 1, mock.Options{State: server.URL()})[0]
	besideOneThatIsStuck(t, server)
	send1(m, "GET /orders/1")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Stop(over); err != nil {
		t.Error(err)
	}
	if c := coverageOf(t, m); c.Requests != 1 || c.Missing != "there was no time to ask other replicas: context canceled" {
		t.Errorf("%d requests, %q", c.Requests, c.Missing)
	}
	if got := server.Ask("EXISTS {understudy}:asked"); got != ":0" {
		t.Errorf("replicas were asked: %s", got)
	}
}

// TestResetAsksReplicasOnce counts the calls to write that a reset sends to the other
// replicas, which it waits for.
func TestResetAsksReplicasOnce(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	m := replicasOf(t, 2, mock.Options{State: server.URL()})[0]
	conn, err := net.Dial("tcp", server.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprint(conn, "SUBSCRIBE {understudy}:changes\r\n"); err != nil {
		t.Fatal(err)
	}
	asked, told := 0, bufio.NewScanner(conn)
	for told.Scan() && told.Text() != ":1" { // it is heard from here on
	}
	session, err := m.Session(t.Context(), "s1")
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := server.Ask(`PUBLISH {understudy}:changes the-end`); !strings.HasPrefix(got, ":") {
		t.Fatal(got)
	}
	for told.Scan() && told.Text() != "the-end" {
		if strings.Contains(told.Text(), `"kind":"flush"`) {
			asked++
		}
	}
	if asked != 1 || told.Err() != nil {
		t.Errorf("asked %d times, %v", asked, told.Err())
	}
}
