package mock_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// broken has a stub for each fault, chosen by the id.
const broken = `
operations:
  getOrder:
    - {when: {path: {id: 1}}, respond: {fault: EMPTY_RESPONSE}}
    - {when: {path: {id: 2}}, respond: {fault: MALFORMED_RESPONSE_CHUNK}}
    - {when: {path: {id: 3}}, respond: {fault: RANDOM_DATA_THEN_CLOSE}}
    - {when: {path: {id: 4}}, respond: {fault: CONNECTION_RESET_BY_PEER}}
    - {when: {path: {id: 5}}, respond: [{fault: EMPTY_RESPONSE, times: 2}, {status: 404}]}
`

// faults is what a raw client sees of each.
var faults = map[string]func(got string, err error) bool{
	"/orders/1": func(got string, err error) bool { return got == "" && err == nil },
	"/orders/2": func(got string, err error) bool {
		head, chunk, _ := strings.Cut(got, "\r\n\r\n")
		return err == nil && strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") && strings.Contains(head, "\r\nTransfer-Encoding: chunked") &&
			strings.Contains(head, "\r\nUnderstudy-Why: active-scenario: stub broken/getOrder#2, fault MALFORMED_RESPONSE_CHUNK") &&
			strings.Contains(head, "\r\nUnderstudy-Request-Id: ") && strings.Contains(chunk, "nor-a-chunk")
	},
	"/orders/3": func(got string, err error) bool { return err == nil && got != "" && !strings.Contains(got, "HTTP/") },
	"/orders/4": func(got string, err error) bool { return got == "" && errors.Is(err, syscall.ECONNRESET) },
}

// TestFaults looks at each fault as it goes over a socket, with and without TLS.
func TestFaults(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{Active: []string{"broken"}}, map[string]string{"broken": broken})
	plain, secure := httptest.NewServer(m), httptest.NewTLSServer(m)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	dials := map[string]func() (net.Conn, error){
		"plain": func() (net.Conn, error) { return net.Dial("tcp", plain.Listener.Addr().String()) },
		"TLS": func() (net.Conn, error) {
			return tls.Dial("tcp", secure.Listener.Addr().String(), &tls.Config{RootCAs: secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs})
		},
	}
	for transport, dial := range dials {
		for path, want := range faults {
			for _, method := range []string{"GET", "HEAD"} {
				t.Run(transport+" "+method+path, func(t *testing.T) {
					t.Parallel()
					conn, err := dial()
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					got, err := exchangeRaw(t, conn, method+" "+path+" HTTP/1.1\r\nHost: mock\r\n\r\n")
					if !want(got, err) {
						t.Errorf("%q, %v", got, err)
					}
				})
			}
		}
	}
}

// TestFaultsInASequence holds that a client which tries again gets through.
func TestFaultsInASequence(t *testing.T) {
	t.Parallel()
	url := start(t, mock.Options{Active: []string{"broken"}}, map[string]string{"broken": broken})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for i, want := range []int{0, 0, 404, 404} {
		res, err := client.Get(url + "/orders/5")
		if err != nil {
			if want != 0 || !errors.Is(err, io.EOF) {
				t.Errorf("request %d: %v", i+1, err)
			}
			continue
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i+1, res.StatusCode, want)
		}
	}
	// A forced status is looked for among the answers: a fault has none.
	got := ask(t, url, "GET /orders/5", "", "Prefer: scenario=broken, code=404")
	if got.Status != 404 || got.Header.Get("Understudy-Scenario") != "broken" {
		t.Errorf("%+v", got)
	}
	if got := ask(t, url, "GET /orders/1", "", "Prefer: scenario=broken, code=200"); got.Status != 404 || got.Header.Get("Understudy-Error") != "NO_STUB_MATCHED" {
		t.Errorf("%+v", got)
	}
}

// TestFaultsWithoutASocket holds that over HTTP/2 the stream alone is reset, and that
// the handler aborts where there is no connection.
func TestFaultsWithoutASocket(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	m := newMock(t, mock.Options{Active: []string{"broken"}, Logger: slog.New(slog.NewTextHandler(&logged, nil))}, map[string]string{"broken": broken})
	server := httptest.NewUnstartedServer(m)
	server.EnableHTTP2 = true
	server.StartTLS()
	for path := range faults {
		res, err := server.Client().Get(server.URL + path)
		if err == nil {
			res.Body.Close()
			t.Errorf("%s: answered %s %s", path, res.Proto, res.Status)
		} else if !strings.Contains(err.Error(), "stream error") {
			t.Errorf("%s: %v", path, err)
		}
	}
	res, err := server.Client().Get(server.URL + "/orders/6")
	if err != nil || res.ProtoMajor != 2 || res.StatusCode != 200 {
		t.Errorf("after the faults: %+v %v", res, err)
	} else {
		res.Body.Close()
	}
	server.Close()
	if text := logged.String(); strings.Count(text, "fault=") != 4 || strings.Contains(text, "internal error") {
		t.Errorf("the log: %s", text)
	}
	defer func() {
		if e := recover(); e != http.ErrAbortHandler {
			t.Errorf("the handler panicked with %v", e)
		}
	}()
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/orders/1", nil))
	t.Error("the handler went on")
}
