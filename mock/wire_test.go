package mock_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// lockedLog is a log that is read while it is written.
type lockedLog struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestWire sends what clients that mean harm, or know no better, send over a connection.
// Each request gets the answer that stands here, and then the connection ends.
func TestWire(t *testing.T) {
	t.Parallel()
	var log lockedLog
	_, send := attacked(t, mock.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, nil)
	with := func(line string, header ...string) string {
		return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + strings.Join(append(header, ""), "\r\n") + "\r\n"
	}
	hosted := func(host string) string {
		return "GET /__admin/scenarios HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n"
	}
	order := func(contentType, body string, header ...string) string {
		return with("POST /orders", append([]string{"Content-Type: " + contentType, "Transfer-Encoding: chunked"}, header...)...) + body
	}
	chunk := func(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }
	const json = "application/json"
	one := chunk(`{"sku": "a"}`)
	for _, test := range []struct {
		name, raw string
		status    string // of the first answer, with what follows it
		has       string // "" for anything, the code of a problem, or a line of the header
	}{
		{"HTTP/2 without being asked", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", "404", "NO_PATH_MATCHED_ERROR"},
		{"an upgrade to HTTP/2", with("GET /orders/1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMA"), "200", ""},
		{"an upgrade to WebSocket", with("GET /orders/1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), "200", ""},
		{"a tunnel", "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\nConnection: close\r\n\r\n\x16\x03\x01", "404", "NO_PATH_MATCHED_ERROR"},
		{"a tunnel to a path", with("CONNECT /orders/1"), "405", "NO_METHOD_MATCHED_ERROR"},
		{"a tunnel to the control plane", with("CONNECT /__admin/reset"), "405", "CONTROL_METHOD"},
		{"TRACE, which repeats nothing", with("TRACE /orders/1", "X-Secret: hush"), "405", "Allow: GET, OPTIONS, HEAD"},
		{"TRACE of the control plane", with("TRACE /__admin/health"), "405", "CONTROL_METHOD"},
		{"a method that means another", with("GET /orders/1", "X-HTTP-Method-Override: DELETE"), "200", ""},
		{"a method in lower case", with("get /orders/1"), "405", "NO_METHOD_MATCHED_ERROR"},

		{"another site's URL", with("GET http://other.example/orders/1"), "200", ""},
		{"another site's URL for the control plane", with("GET http://other.example/__admin/scenarios"), "403", "HOST_NOT_ALLOWED"},
		{"a user before another site", with("GET http://localhost@other.example/__admin/scenarios"), "403", "HOST_NOT_ALLOWED"},
		{"a URL without a path", with("GET http://localhost"), "404", "NO_PATH_MATCHED_ERROR"},
		{"a file", with("GET file:///etc/passwd"), "404", "NO_PATH_MATCHED_ERROR"},
		{"two slashes", with("GET //localhost/orders/1"), "404", "NO_PATH_MATCHED_ERROR"},
		{"everything", with("GET *"), "404", "NO_PATH_MATCHED_ERROR"},
		{"a path without a slash", with("GET orders/1"), "400", ""},
		{"a line end in the path", with("GET /orders/1%0d%0aX: y"), "400", ""},
		{"a backslash", with(`GET /..\__admin\scenarios`), "404", "NO_PATH_MATCHED_ERROR"},
		{"parameters of a segment", with("GET /..;/__admin/scenarios"), "404", "NO_PATH_MATCHED_ERROR"},
		{"parameters of the prefix", with("GET /__admin;x=1/scenarios"), "404", "NO_PATH_MATCHED_ERROR"},
		{"parameters below the prefix", with("GET /__admin/..;/orders/1"), "404", "CONTROL_PATH_UNKNOWN"},
		{"a zero byte behind the prefix", with("GET /__admin%00/scenarios"), "404", "NO_PATH_MATCHED_ERROR"},
		{"the path that another server took off", with("GET /orders/1", "X-Original-URL: /__admin/scenarios", "X-Rewrite-URL: /__admin/scenarios"), "200", ""},
		{"more bytes than a character has", with("GET /orders/%c0%ae%c0%ae"), "400", "UNDECODABLE"},
		{"half a character", with("GET /orders/1?page=%ed%a0%80"), "400", "UNDECODABLE"},
		{"bytes that are no characters", with("GET /orders/\xff"), "400", "UNDECODABLE"},

		{"no host", hosted(""), "400", ""},
		{"an empty host", hosted("Host:\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"no host in an old version", "GET /__admin/scenarios HTTP/1.0\r\n\r\n", "403", "HOST_NOT_ALLOWED"},
		{"a host twice", hosted("Host: localhost\r\nHost: localhost\r\n"), "400", ""},
		{"a list of hosts", hosted("Host: localhost, other.example\r\n"), "400", ""},
		{"a user before the host", hosted("Host: localhost@other.example\r\n"), "400", ""},
		{"a host behind the port", hosted("Host: localhost:80.other.example\r\n"), "200", ""}, // what no browser sends
		{"a number for an address", hosted("Host: 2130706433\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"half an address", hosted("Host: 127.1\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"no address", hosted("Host: 0.0.0.0\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"a name that leads here", hosted("Host: 127.0.0.1.other.example\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"two dots", hosted("Host: localhost..\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"a zone", hosted("Host: [::1%25lo]:80\r\n"), "200", ""},
		{"a host that somebody has forwarded", hosted("X-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\nHost: other.example\r\n"), "403", "HOST_NOT_ALLOWED"},
		{"letters that look alike", hosted("Host: l\xc3\xb6calhost\r\n"), "400", ""},

		{"a header without a name", with("GET /orders/1", ": x"), "400", ""},
		{"a header without a colon", with("GET /orders/1", "x"), "400", ""},
		{"a name with a space", with("GET /orders/1", "X Y: z"), "400", ""},
		{"a name with a byte of no letter", with("GET /orders/1", "X\xff: z"), "400", ""},
		{"a value with a zero byte", with("GET /orders/1", "X: \x00"), "400", ""},
		{"a value with a lone CR", with("GET /orders/1", "X: a\rSet-Cookie: b"), "400", ""},
		{"a line in two", with("GET /orders/1", "X: a", " b"), "200", ""},
		{"fifty thousand headers", with("GET /orders/1", strings.Repeat("A: b\r\n", 49_999)+"A: b"), "200", ""},
		{"a name of 100,000 letters", with("GET /orders/1", strings.Repeat("x", 100_000)+": y"), "200", ""},
		{"a method of 100,000 letters", with(strings.Repeat("X", 100_000) + " /orders/1"), "405", "NO_METHOD_MATCHED_ERROR"},
		{"a path of 500,000 letters", with("GET /" + strings.Repeat("a/", 250_000)), "404", "NO_PATH_MATCHED_ERROR"},
		{"200,000 cookies that are none", with("GET /nothing", "Cookie: "+strings.Repeat(";", 200_000)), "404", "NO_PATH_MATCHED_ERROR"},
		{"100,000 cookies that are one", with("GET /orders/1", "Cookie: "+strings.Repeat("c=v;", 100_000)), "200", ""},
		{"200,000 pairs in the query", with("GET /orders/1?" + strings.Repeat("a=1&", 200_000)), "200", ""},
		{"one parameter 100,000 times", with("GET /orders/1?" + strings.Repeat("page=1&", 100_000)), "400", "UNPROCESSABLE_ENTITY"},
		{"a range of ranges", with("GET /orders/1", "Range: bytes=0-"+strings.Repeat(",0-", 100_000)), "200", ""},
		{"100,000 preferences", with("GET /orders/1", "Prefer: "+strings.Repeat("a=b,", 100_000)), "200", ""},
		{"a wait of no end", with("GET /orders/1", "Prefer: delay=9999999h"), "400", "INVALID_PREFERENCE"},
		{"two types of content", order(json, one+"0\r\n\r\n", "Content-Type: text/plain"), "415", "INVALID_CONTENT_TYPE"},
		{"the same type twice", order(json, one+"0\r\n\r\n", "content-type: application/json"), "415", "INVALID_CONTENT_TYPE"},
		{"a list of types", order(json+", text/plain", one+"0\r\n\r\n"), "415", "INVALID_CONTENT_TYPE"},
		{"two types for the control plane", with("POST /__admin/reset", "Content-Type: application/json", "Content-Type: text/plain", "Content-Length: 2") + "{}", "415", "CONTROL_MEDIA_TYPE"},
		{"two sessions", with("GET /orders/1", "Understudy-Session: a", "Understudy-Session: b"), "400", "INVALID_SESSION"},

		{"a chunk with an extension", order(json, "c;a=b\r\n{\"sku\": \"a\"}\r\n0\r\n\r\n"), "201", ""},
		{"an extension with a line end", order(json, "c;a\nb\r\n{\"sku\": \"a\"}\r\n0\r\n\r\n"), "400", "BODY_UNREADABLE"},
		{"an extension of 100,000 letters", order(json, "c;"+strings.Repeat("x", 100_000)), "400", "BODY_UNREADABLE"},
		{"chunks with lone line feeds", order(json, "c\n{\"sku\": \"a\"}\n0\n\n"), "400", "BODY_UNREADABLE"},
		{"a size in another notation", order(json, "0xc\r\n{\"sku\": \"a\"}\r\n0\r\n\r\n"), "400", "BODY_UNREADABLE"},
		{"trailers that mean something", order(json, one+"0\r\nHost: other\r\nContent-Length: 1\r\nUnderstudy-Session: s\r\nPrefer: code=422\r\n\r\n"), "201", ""},
		{"a trailer that was announced", order(json, one+"0\r\n\r\n", "Trailer: Content-Length"), "400", ""},
		{"100,000 trailers", order(json, one+"0\r\n"+strings.Repeat("X: y\r\n", 100_000)), "400", "BODY_UNREADABLE"},
		{"a length that no body has", with("POST /orders", "Content-Type: "+json, "Content-Length: 9223372036854775807"), "413", "BODY_TOO_LARGE"},
		{"a length for the control plane", with("POST /__admin/verify", "Content-Type: "+json, "Content-Length: 9223372036854775807"), "413", "BODY_TOO_LARGE"},
		{"another expectation", with("POST /orders", "Expect: a miracle", "Content-Length: 9"), "417", ""},
		{"a body that is compressed", order(json, chunk("\x1f\x8b")+"0\r\n\r\n", "Content-Encoding: gzip, gzip"), "415", "INVALID_CONTENT_TYPE"},
		{"a member twice, once escaped", order(json, chunk(`{"sku": "a", "\u0073ku": 1}`)+"0\r\n\r\n"), "400", "UNDECODABLE"},
		{"half a character in JSON", order(json, chunk(`{"sku": "\ud800"}`)+"0\r\n\r\n"), "400", "UNDECODABLE"},
		{"a mark before JSON", order(json, chunk("\xef\xbb\xbf{\"sku\": \"a\"}")+"0\r\n\r\n"), "400", "UNDECODABLE"},
		{"a number of no end", order(json, chunk(`{"sku": "a", "amount": 1e999999999}`)+"0\r\n\r\n"), "201", ""},
		{"less than nothing", order(json, chunk(`{"sku": "a", "amount": -0}`)+"0\r\n\r\n"), "201", ""},
	} {
		answer := send(test.raw)
		head, _, _ := strings.Cut(answer, "\r\n\r\n")
		if !strings.HasPrefix(head, "HTTP/1.1 "+test.status) && !strings.HasPrefix(head, "HTTP/1.0 "+test.status) {
			t.Errorf("%s: %.300q, want %s", test.name, answer, test.status)
		}
		want := test.has
		if want != "" && !strings.Contains(want, ": ") {
			want = "Understudy-Error: " + want
		}
		if !strings.Contains(head+"\r\n", want) || want == "" && strings.Contains(head, "Understudy-Error") {
			t.Errorf("%s: %.300q, want %q", test.name, head, want)
		}
		if n := strings.Count(answer, "HTTP/1.1 "); n > 1 || strings.Contains(answer, "hush") {
			t.Errorf("%s: %d answers: %.300q", test.name, n, answer)
		}
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "goroutine") || len(line) > 5000 {
			t.Errorf("the log has %d bytes: %.300s", len(line), line)
		}
	}
}

// TestBodyThatNobodyAsksFor holds that a client who waits to be asked for its body gets the
// answer where nobody will.
func TestBodyThatNobodyAsksFor(t *testing.T) {
	t.Parallel()
	m, _ := attacked(t, mock.Options{}, nil)
	conn, err := net.Dial("tcp", m.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, "POST /__admin/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNotFound || !res.Close {
		t.Errorf("%s, and the connection ends: %t", res.Status, res.Close)
	}
}
