package mock_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestHalfClosed holds that a client which closes its side of the connection, and so counts
// as gone, takes nothing for an answer of the API that is none, nor for a whole one that was
// cut off.
func TestHalfClosed(t *testing.T) {
	t.Parallel()
	streams := t.TempDir()
	if err := os.WriteFile(filepath.Join(streams, "streams.yaml"), []byte("default: true\noperations: {events: {respond: {status: 200, body: [{data: a}, {data: b, delay: 5m}]}}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{}, 1)
	url, m := inFront(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}), func(opts *mock.Options) { opts.Scenarios = []string{streams} })
	for _, test := range []struct {
		path    string
		begins  string // of the answer; "" for none
		waits   <-chan struct{}
		outcome mock.Outcome
	}{
		{"/text?__code=200", "HTTP/1.1 200 OK\r\n", nil, "sent"},
		{"/text?__code=200&__delay=5m", "", nil, "client-gone"},
		{"/text?__delay=5m", "", nil, "client-gone"},
		{"/text", "", asked, "client-gone"},
		{"/events", "HTTP/1.1 200 OK\r\n", nil, "cut-off"},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", test.path)
		if test.waits != nil {
			<-test.waits
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(conn)
		_ = conn.Close()
		if err != nil || !strings.HasPrefix(string(got), test.begins) || test.begins == "" && len(got) > 0 {
			t.Errorf("%s: %v, %q", test.path, err, got)
		}
		if whole := strings.HasSuffix(string(got), "\r\n0\r\n\r\n"); whole {
			t.Errorf("%s has a proper end: %q", test.path, got)
		}
		page, err := m.Journal(t.Context(), mock.JournalQuery{Limit: 1})
		if err != nil || len(page.Requests) != 1 || page.Requests[0].Response.Outcome != test.outcome {
			t.Errorf("%s: %+v, %v, want %s", test.path, page.Requests, err, test.outcome)
		}
	}
}
