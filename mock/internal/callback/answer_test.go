package callback

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestLargeAnswers holds that of an answer no more is read than MaxAnswer: a body goes
// unread from there on, and a longer header has failed.
func TestLargeAnswers(t *testing.T) {
	t.Parallel()
	cut := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/header" {
			w.Header().Set("X-Long", strings.Repeat("a", 2*MaxAnswer))
			return
		}
		for range 1000 { // of which the sockets take a part
			if _, err := w.Write(make([]byte, MaxAnswer)); err != nil {
				cut <- true
				return
			}
		}
		cut <- false
	}))
	defer server.Close()
	var log logged
	s := New(hosts(t, "127.0.0.1"), log.logger())
	send(t, s, call(server.URL+"/body"), call(server.URL+"/header"))
	s.Stop(t.Context())
	if !<-cut {
		t.Error("all of the body was read")
	}
	if text := log.String(); strings.Count(text, "callback sent") != 1 || strings.Count(text, "callback failed") != 1 {
		t.Error(text)
	}
}
