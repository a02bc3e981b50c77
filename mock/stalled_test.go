package mock_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// long is a mock with a long answer, and one in pieces.
func long(t *testing.T, opts mock.Options) *mock.Mock {
	opts.Active = []string{"long"}
	return newMock(t, opts, map[string]string{"long": `
operations:
  getOrder:
    - when: {path: {id: 1}}
      respond: {offContract: it is long, status: 200, headers: {Content-Type: text/plain}, body: ` + strings.Repeat("abcdefghij", 30_000) + `}
    - when: {path: {id: 2}}
      respond: {offContract: it is slow, status: 200, headers: {Content-Type: text/plain}, body: abcdefghij, dribble: {chunks: 2, over: 3m}}
`})
}

// TestClientsThatDoNotRead holds that a client who does not take its answer loses the
// connection, that one who takes it slowly does not, and that waits of the mock do not count.
// It runs on a clock of its own.
func TestClientsThatDoNotRead(t *testing.T) {
	t.Parallel()
	const takes = 300_000
	for name, test := range map[string]struct {
		path  string
		every time.Duration // between two pieces that the client takes, 0 for a client who takes nothing
		whole bool          // it gets all
		least time.Duration // that it takes
		most  time.Duration
	}{
		"nothing is read":              {"/orders/1", 0, false, 50 * time.Second, 60 * time.Second},
		"nothing of the control plane": {"/__admin/openapi.yaml", 0, false, 50 * time.Second, 60 * time.Second},
		"slowly":                       {"/orders/1", 40 * time.Second, true, 2 * time.Minute, time.Hour},
		"too slowly":                   {"/orders/1", 70 * time.Second, false, 50 * time.Second, 70 * time.Second},
		"a slow answer":                {"/orders/2", time.Nanosecond, true, 90 * time.Second, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := long(t, mock.Options{})
				server := m.Server()
				served := tellServed(server)
				p, _ := serveBehind(t, server, m.Listener)
				conn := p.dial()
				defer conn.Close()
				began := time.Now()
				if _, err := io.WriteString(conn, "GET "+test.path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				got := 0
				if test.every > 0 {
					b := make([]byte, 64<<10)
					for {
						n, err := io.ReadFull(conn, b)
						if got += n; err != nil {
							break
						}
						time.Sleep(test.every)
					}
				}
				if took := (<-served).Sub(began); took < test.least || took > test.most {
					t.Errorf("the handler has ended after %s", took)
				}
				if test.path == "/orders/1" && got > takes != test.whole || test.whole && got < 10 {
					t.Errorf("%d bytes have come", got)
				}
			})
		})
	}
}

// tellServed gives when the handler of a server has ended, for one request.
func tellServed(server *http.Server) <-chan time.Time {
	served := make(chan time.Time, 1)
	handler := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { served <- time.Now() }()
		handler.ServeHTTP(w, r)
	})
	return served
}

// TestStreamsThatAreNotRead holds the same for a stream of HTTP/2 whose client reads all
// that the connection has, and gives the stream no window.
func TestStreamsThatAreNotRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path        string
		reads       bool
		least, most time.Duration
	}{
		"nothing is read": {"/orders/1", false, 60 * time.Second, 60 * time.Second},
		"all is read":     {"/orders/1", true, 0, 0},
		"a slow answer":   {"/orders/2", true, 90 * time.Second, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := long(t, mock.Options{HTTP2: true})
				server := m.Server()
				served := tellServed(server)
				p, _ := serveBehind(t, server, m.Listener)
				protocols := new(http.Protocols)
				protocols.SetUnencryptedHTTP2(true)
				transport := &http.Transport{
					Protocols:   protocols,
					DialContext: func(context.Context, string, string) (net.Conn, error) { return p.dial(), nil },
					HTTP2:       &http.HTTP2Config{MaxReceiveBufferPerStream: 64 << 10},
				}
				defer transport.CloseIdleConnections()
				began := time.Now()
				res, err := (&http.Client{Transport: transport}).Get("http://localhost" + test.path)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				if res.ProtoMajor != 2 {
					t.Error(res.Proto)
				}
				if test.reads {
					if body, err := io.ReadAll(res.Body); err != nil || len(body) < 10 {
						t.Errorf("%d bytes, %v", len(body), err)
					}
				}
				if took := (<-served).Sub(began); took < test.least || took > test.most {
					t.Errorf("the handler has ended after %s", took)
				}
			})
		})
	}
}

// TestStreamsOfAConnection holds how many requests of one HTTP/2 connection there are at one
// time, as the server tells it in its settings (RFC 9113 section 6.5.2).
func TestStreamsOfAConnection(t *testing.T) {
	t.Parallel()
	m := long(t, mock.Options{HTTP2: true})
	p, _ := serveBehind(t, m.Server(), m.Listener)
	conn := p.dial()
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	}()
	head := make([]byte, 9)
	if _, err := io.ReadFull(conn, head); err != nil || head[3] != 4 {
		t.Fatalf("%v is no frame of settings: %v", head, err)
	}
	settings := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
	if _, err := io.ReadFull(conn, settings); err != nil {
		t.Fatal(err)
	}
	for ; len(settings) >= 6; settings = settings[6:] {
		if settings[0] == 0 && settings[1] == 3 {
			if n := int(settings[4])<<8 | int(settings[5]); n != mock.MaxStreams {
				t.Errorf("%d streams", n)
			}
			return
		}
	}
	t.Error("the server does not say how many")
}
