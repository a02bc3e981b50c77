package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"
)

// TestLongAnswerOfAMock holds that a command reads no more of what calls itself a mock than
// a mock has to say.
func TestLongAnswerOfAMock(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		spaces := strings.Repeat(" ", 1<<20)
		for range 2 * maxAnswer >> 20 {
			if _, err := io.WriteString(w, spaces); err != nil {
				return
			}
		}
	}))
	defer other.Close()
	var stderr strings.Builder
	code := run([]string{"status", "--server", other.URL}, environment{stdout: io.Discard, stderr: &stderr, lookup: func(string) (string, bool) { return "", false }})
	if code != exitWrong || !strings.Contains(stderr.String(), "answered what cannot be read: it is longer than 64 MiB") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}

// TestMockThatDoesNotAnswer holds how long a command waits for a mock that says nothing, and
// how much shorter who has pressed the tabulator waits, on a clock of its own.
func TestMockThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ask  func(*remote, *cobra.Command) bool
		want time.Duration
	}{
		"a completion": {func(r *remote, cmd *cobra.Command) bool { return r.ask(cmd, nil, "sessions") }, completeTimeout},
		"a command": {func(r *remote, cmd *cobra.Command) bool {
			return r.call(cmd.Context(), http.MethodGet, nil, nil, "sessions") == nil
		}, callTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := &remote{server: "http://mock.test"}
				client, err := r.connect()
				if err != nil {
					t.Fatal(err)
				}
				client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
					near, far := net.Pipe()
					go func() { _, _ = io.Copy(io.Discard, far) }() // until it is closed
					return near, nil
				}
				cmd := &cobra.Command{}
				cmd.SetContext(t.Context())
				began := time.Now()
				if test.ask(r, cmd) {
					t.Error("there is an answer")
				}
				if took := time.Since(began); took != test.want {
					t.Errorf("it has waited for %s", took)
				}
			})
		})
	}
}
