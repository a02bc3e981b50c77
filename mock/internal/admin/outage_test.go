package admin_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// wire passes connections on to a server until it is cut.
type wire struct {
	net.Listener
	to string

	mu    sync.Mutex // guards the fields below
	left  int        // writes of the client until it is cut, -1 for never
	open  []net.Conn
	ended sync.WaitGroup
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to, left: -1}
	w.ended.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.cut(0)
		w.ended.Wait()
	})
	return w
}

func (w *wire) accept() {
	for {
		client, err := w.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		w.mu.Lock()
		w.open = append(w.open, client, server)
		w.breakLocked()
		w.mu.Unlock()
		w.ended.Go(func() { _, _ = io.Copy(client, server) })
		w.ended.Go(func() { w.pass(server, client) })
	}
}

// pass passes on what the client writes. The last write before a cut arrives, and its
// answer is lost.
func (w *wire) pass(server, client net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			_ = server.Close()
			return
		}
		w.mu.Lock()
		if w.left > 0 {
			w.left--
		}
		_, _ = server.Write(buf[:n])
		w.breakLocked()
		w.mu.Unlock()
	}
}

// breakLocked closes all connections where it is time.
func (w *wire) breakLocked() {
	if w.left != 0 {
		return
	}
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

// cut breaks all connections after some more writes, and those to come; -1 mends it.
func (w *wire) cut(after int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = after
	w.breakLocked()
}

// TestChangesAreWholeWhenSharedStateBreaks loses the shared state at every step of a
// change: it is made as a whole or not at all, and whoever is told that it is made can rely
// on that.
func TestChangesAreWholeWhenSharedStateBreaks(t *testing.T) {
	t.Parallel()
	const force = `{"status": 500}`
	for _, change := range []struct{ request, body, before, after string }{
		{"POST %s/reset", "", "forced", "released"},
		{"DELETE %s/operations/getOrder/answer", "", "forced", "released"},
		{"PUT %s/operations/getOrder/answer", force, "released", "forced"},
	} {
		for scope, path := range map[string]string{"": "/orders/1", "/sessions/s": "/__session/s/orders/1"} {
			request := strings.Replace(change.request, "%s", scope, 1)
			t.Run(request, func(t *testing.T) {
				t.Parallel()
				wire := newWire(t, testenv.NewRedis(t).Address())
				p := newPlane(t, mock.Options{State: "redis://" + wire.Addr().String() + "/0"})
				has := func() string {
					got := p.status("GET", path) // of a session, takes over what it has
					switch forced := p.forced(scope, "getOrder"); {
					case forced == "" && got == 200:
						return "released"
					case forced != "" && got == 500:
						return "forced"
					default:
						return fmt.Sprintf("told as %q, and %d is sent", forced, got)
					}
				}
				has() // makes the session
				got := ""
				defer func() {
					if t.Failed() {
						t.Log("in the end: " + got)
					}
				}()
				for _, after := range []int{1, 2, 3, 5} {
					testenv.Eventually(t, "it is reset", func() bool { return p.do("POST "+scope+"/reset", "").Status == 200 })
					if change.before == "forced" {
						testenv.Eventually(t, "it is forced", func() bool { return p.do("PUT "+scope+"/operations/getOrder/answer", force).Status == 200 })
					}
					if got = has(); got != change.before {
						t.Fatalf("before it is cut after %d: %s", after, got)
					}
					wire.cut(after)
					a := p.do(request, change.body)
					wire.cut(0)
					wire.cut(-1)
					made := a.Status < 300 || a.Problem == "REPLICA_NOT_CONFIRMED"
					if !made && (a.Status != 503 || a.Problem != "STATE_UNAVAILABLE") {
						t.Errorf("cut after %d: %d %s", after, a.Status, a.Body)
					}
					testenv.Eventually(t, fmt.Sprintf("cut after %d and told as %d %s, and so it is", after, a.Status, a.Problem), func() bool {
						got = has()
						s, _ := p.mock.SharedState()
						return s.Err == nil && (got == change.after || got == change.before && !made)
					})
				}
			})
		}
	}
}
