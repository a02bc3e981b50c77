package mock_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// serveAPI makes a mock of a description of its own, with scenario files.
func serveAPI(t *testing.T, api string, opts mock.Options, scenarios map[string]string) *mock.Mock {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(api), 0o600); err != nil {
		t.Fatal(err)
	}
	opts.Specs = []mock.Spec{{Location: file}}
	return newMock(t, opts, scenarios)
}

// exchangeRaw sends a request as it is written and gives what comes back until the
// server closes the connection, with the error that ended it.
func exchangeRaw(t *testing.T, conn net.Conn, request string) (string, error) {
	t.Helper()
	if _, err := fmt.Fprint(conn, request); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	_, err := bufio.NewReader(conn).WriteTo(&got)
	return got.String(), err
}

// TestStatusesWithoutContent holds what goes over the wire for the statuses that
// never have a body: a 205 ends with an announced length, 204 and 304 have none.
func TestStatusesWithoutContent(t *testing.T) {
	t.Parallel()
	m := serveAPI(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {text/plain: {example: hello}}}
        "204": {description: none, content: {text/plain: {example: hello}}}
        "205": {description: none, content: {text/plain: {example: hello}}}
        "304": {description: none, content: {text/plain: {example: hello}}}
`, mock.Options{}, nil)
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	for code, want := range map[string]string{"200": "Content-Length: 5\r\n", "204": "", "205": "Content-Length: 0\r\n", "304": ""} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		got, err := exchangeRaw(t, conn, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nPrefer: code="+code+"\r\n\r\n")
		head, body, _ := strings.Cut(got, "\r\n\r\n")
		if err != nil || !strings.HasPrefix(got, "HTTP/1.1 "+code) || (body != "") != (code == "200") {
			t.Errorf("%s: %q, %v", code, got, err)
		}
		length := ""
		for line := range strings.SplitSeq(head, "\r\n") {
			if strings.HasPrefix(line, "Content-Length") || strings.HasPrefix(line, "Transfer-Encoding") {
				length = line + "\r\n"
			}
		}
		if length != want {
			t.Errorf("%s: %q, want %q", code, length, want)
		}
	}
}
