package mock_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestContradictionsBehindAnotherServer serves a mock as the handler of somebody else's
// server: requests of HTTP/2 that say two things of one are refused there too, and the
// request stays as that server has made it.
func TestContradictionsBehindAnotherServer(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, nil)
	for _, test := range []struct {
		name   string
		major  int
		header http.Header
		want   int
	}{
		{"nothing", 2, http.Header{}, 201},
		{"the same host", 2, http.Header{"Host": {"LOCALHOST"}}, 201},
		{"another host", 2, http.Header{"Host": {"other.example"}}, 400},
		{"another host over HTTP/3", 3, http.Header{"Host": {"other.example"}}, 400},
		{"another length", 2, http.Header{"Content-Length": {"13"}}, 400},
		{"two lengths", 2, http.Header{"Content-Length": {"12", "1"}}, 400},
		{"its length", 2, http.Header{"Content-Length": {"12"}}, 201},
		{"another length over HTTP/1.1, which net/http refuses", 1, http.Header{"Content-Length": {"13"}}, 201},
	} {
		r := httptest.NewRequest("POST", "http://localhost/orders", strings.NewReader(`{"sku": "a"}`))
		test.header.Set("Content-Type", "application/json")
		r.ProtoMajor, r.Header = test.major, test.header
		hosts := len(r.Header["Host"])
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != test.want || len(r.Header["Host"]) != hosts {
			t.Errorf("%s: %d %s, want %d; the header is left as %v", test.name, w.Code, w.Body, test.want, r.Header)
		}
	}
}

// TestContradictionsToTheControlPlane are refused where it listens by itself.
func TestContradictionsToTheControlPlane(t *testing.T) {
	t.Parallel()
	m, _ := attacked(t, mock.Options{HTTP2: true, AdminListen: "127.0.0.1:0"}, nil)
	for host, want := range map[string]string{"localhost": "200", "other.example": "400"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(m.AdminURL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		request := framed(1, ":method: GET", ":scheme: http", ":path: /__admin/scenarios", ":authority: localhost", "host: "+host)
		if _, err := io.WriteString(conn, preface+frame(frameSettings, 0, 0, "")+request); err != nil {
			t.Fatal(err)
		}
		if got := outcome(conn); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
		_ = conn.Close()
	}
}
