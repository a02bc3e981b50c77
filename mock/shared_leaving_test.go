package mock_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
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

// TestStopBehindASlowLink stops a mock that has more in its journal than it can write in
// time: it has written its counts first, which Coverage tells, and that it may lack others'.
func TestStopBehindASlowLink(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	m := replicasOf(t, 1, mock.Options{State: "redis://" + slowLink(t, server.Address()) + "/0"})[0]
	const requests = 9000
	for range requests {
		send1(m, "GET /orders/1")
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if c := coverageOf(t, m); c.Requests != requests || !strings.HasPrefix(c.Missing, "there was no time to ask other replicas: ") {
		t.Errorf("%d requests, %q", c.Requests, c.Missing)
	}
}

// slowLink gives an address that leads to a server, with 200 KB a second on each connection.
func slowLink(t *testing.T, to string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(all.Wait)
	t.Cleanup(func() { _ = listener.Close() })
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				continue
			}
			all.Go(func() {
				defer server.Close()
				for part := make([]byte, 4<<10); ; {
					n, err := client.Read(part)
					time.Sleep(time.Duration(n) * 5 * time.Microsecond)
					if _, failed := server.Write(part[:n]); err != nil || failed != nil {
						return
					}
				}
			})
			all.Go(func() {
				defer client.Close()
				_, _ = io.Copy(client, server)
			})
		}
	})
	return listener.Addr().String()
}
