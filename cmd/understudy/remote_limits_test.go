package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
