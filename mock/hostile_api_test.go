package mock_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

const hostileSpec = `
openapi: 3.1.0
info: {title: Hostile, version: "1"}
paths:
  /a/{name}:
    get:
      operationId: ../../a
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {default: {description: any, content: {application/json: {schema: {}}, text/plain: {schema: {type: string}}}}}
`

// hostile is a server that writes bytes as they are: for each request those of the last
// segment of its path, and then those of the segment with "+" again and again.
func hostile(t *testing.T, raw map[string]string) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serve := func(conn net.Conn) {
		defer conn.Close()
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		name := filepath.Base(r.URL.Path)
		_, err = io.WriteString(conn, raw[name])
		for again := raw[name+"+"]; again != "" && err == nil; {
			_, err = io.WriteString(conn, again)
		}
	}
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return "http://" + listener.Addr().String()
}

func packed(t *testing.T, text []byte, times int) string {
	t.Helper()
	for range times {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		text = b.Bytes()
	}
	return string(text)
}

// read is a body as a client reads it: JSON as its values, with the text of numbers.
func read(body string) any {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return body
	}
	return value
}

// TestHostileAPI has a real API answer what no client should trust, in front of which
// somebody records. Each answer comes to the end that stands here, and what was recorded
// loads and gives the answers again that were whole.
func TestHostileAPI(t *testing.T) {
	t.Parallel()
	const data, text = "Content-Type: application/json\r\n", "Content-Type: text/plain\r\n"
	answer := func(header, body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s", header, len(body), body)
	}
	chunked := "HTTP/1.1 200 OK\r\nConnection: close\r\n" + data + "Transfer-Encoding: chunked\r\n\r\n"
	const early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
	zeros := make([]byte, 11<<20)
	raw := map[string]string{}
	type ending struct {
		status int
		has    string // a line of the header, or what it says of the problem
		again  bool   // the recording gives the same body and the header X
	}
	want := map[string]ending{}
	add := func(name, bytes string, status int, has string, again bool) {
		raw[name], want[name] = bytes, ending{status, has, again}
	}
	const unreachable = "UPSTREAM_UNREACHABLE"
	add("plain", answer(data, `{"a": [1, 1.0, 1e400, -0]}`), 200, "", true)
	add("short", "HTTP/1.1 200 OK\r\n"+data+"Content-Length: 9\r\n\r\n{}", 502, unreachable, false)
	add("lengths", "HTTP/1.1 200 OK\r\n"+data+"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 502, unreachable, false)
	add("negative", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 502, unreachable, false)
	add("codings", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 502, unreachable, false)
	add("name", answer("X\x01: a\r\n", "1"), 502, unreachable, false)
	add("value", answer("X: a\x1b[2J\r\n", "1"), 502, unreachable, false)
	add("return", answer("X: a\rSet-Cookie: b=c\r\n", "1"), 502, unreachable, false)
	add("no-http", "SSH-2.0-OpenSSH\r\n", 502, unreachable, false)
	add("upgrade", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", 502, unreachable, false)
	add("status", "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", 502, unreachable, false)
	add("metadata", "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n", 302, "Location: http://169.254.169.254/latest/", false)
	add("loopback", "HTTP/1.1 307 T\r\nConnection: close\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 307, "Location: http://127.0.0.1:1/", false)
	add("types", answer(data+text, "{}"), 200, "Understudy-Response-Violations: header \"Content-Type\" must be sent once", false)
	add("no-type", answer("", "<html>"), 200, "", false)
	add("long-type", answer("Content-Type: a/"+strings.Repeat("x", 100_000)+"\r\n", "{}"), 200, "Understudy-Response-Violations: header \"Content-Type\" must be application/json or text/plain, got \"a/xxx", false)
	add("lies", answer(data, "<html>"), 200, "Understudy-Response-Violations: body must be JSON", false)
	add("cookies", answer(data+strings.Repeat("Set-Cookie: a=b; Path=/\r\n", 9_000), "{}"), 200, "", false)
	add("headers", answer(data+strings.Repeat("Y: b\r\n", 50_000), "{}"), 200, "", false)
	add("deep", answer(data, strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)), 200, "nested more than 1000 deep", false)
	add("deep-enough", answer(data, strings.Repeat(`{"a":[`, 450)+strings.Repeat("]}", 450)), 200, "", true)
	add("digits", answer(data, `{"a": 1e999999999, "b": `+strings.Repeat("9", 100_000)+"}"), 200, "", true)
	add("twice", answer(data, `{"a": 1, "a": 2}`), 200, "duplicate", true)
	add("latin", answer("X: caf\xe9\r\n"+data, "{}"), 200, "", false)
	add("expressions", answer("X: ${1+1} $${x} {{x}} &a *a !!int \"3\" # - : |\r\n"+data, `{"a": "${1+1}", "b": "$${x}", "c": "a ${env.HOME} {{b}}", "d": "$"}`), 200, "", true)
	add("keys", answer(data, `{"${1+1}": 1, "<<": {"a": 1}, "": 2, "null": 3, "- a": 4, "&a": 5, "*a": 6, "a: b": 7, "!!x": 8}`), 200, "", true)
	add("words", answer("X: null\r\n"+data, `["null", "~", "yes", "No", "on", "010", "0x10", "1_000", "1e3", ".inf", ".NaN", "=", "<<", "2020-01-01", "12:30:45", "&a", "*a", "!!int 3", "", " a ", "a\nb\n", "a\n\n", "\t", "\u0000", "\ufeff", "\u2028\u0085", "\ud83d\ude00", "---", "...", "# a", "a: b", "- a", "'\"", "|", ">", "%a", "@a"]`), 200, "", true)
	add("text", answer("X: 010\r\n"+text, "true"), 200, "", true)
	add("lines", answer(text, "a\r\nb\rc  \n\n \u2028\u0085\ufeff${1+1}$${x}\n"), 200, "", true)
	add("zero", answer(text, "a\x00b"), 200, "", true)
	add("bomb", answer(data+"Content-Encoding: gzip\r\n", packed(t, zeros, 1)), 200, "Understudy-Unchecked: the body of the answer is larger", false)
	add("bombs", answer(data+"Content-Encoding: gzip, gzip, gzip, gzip\r\n", packed(t, zeros, 4)), 200, "Understudy-Unchecked: the body of the answer is larger", false)
	add("no-gzip", answer(data+"Content-Encoding: gzip\r\n", "{}"), 200, "Understudy-Unchecked: the body of the answer is not gzip", false)
	add("trailers", chunked+"1\r\n1\r\n0\r\n"+strings.Repeat("X: y\r\n", 100_000)+"\r\n", 502, unreachable, false)
	add("extension", chunked+"1;"+strings.Repeat("x", 100_000)+"\r\n1\r\n0\r\n\r\n", 502, unreachable, false)
	add("early", strings.Repeat(early, 100)+answer(data, "{}"), 200, "", true)
	add("too-early", strings.Repeat(early, 101)+answer(data, "{}"), 502, "it sends more than 100 informational answers", false)
	add("own", answer("Understudy-Error: X\r\nUnderstudy-Request-Id: 1\r\n"+data, "{}"), 200, "", true)
	// Without end.
	add("header", "HTTP/1.1 200 OK\r\n", 502, unreachable, false)
	raw["header+"] = "X: " + strings.Repeat("y", 50_000) + "\r\n"
	add("hints", "", 502, "it sends more than 100 informational answers", false)
	raw["hints+"] = early
	add("continue", "", 502, unreachable, false)
	raw["continue+"] = "HTTP/1.1 100 Continue\r\n\r\n"
	add("body", "HTTP/1.1 200 OK\r\n"+data+"\r\n\"", 200, "Understudy-Unchecked: the body of the answer is larger", false)
	raw["body+"] = strings.Repeat("a", 100_000)
	add("events", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", 200, "", false)
	raw["events+"] = "data: " + strings.Repeat("a", 50_000) + "\n\n"

	spec, dir := filepath.Join(t.TempDir(), "hostile.yaml"), t.TempDir()
	if err := os.WriteFile(spec, []byte(hostileSpec), 0o600); err != nil {
		t.Fatal(err)
	}
	specs := []mock.Spec{{Location: spec}}
	rec, err := mock.NewRecorder(t.Context(), mock.Options{Specs: specs, Upstream: []string{hostile(t, raw)}, Listen: "127.0.0.1:0"}, mock.RecordTo{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	m := rec.Mock()
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Stop(context.Background()) }()
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 4 << 20}
	interim := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { return nil }})
	get := func(base, name string) (*http.Response, string) {
		req, err := http.NewRequestWithContext(interim, "GET", base+"/a/"+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(res.Body, 20<<20))
		return res, string(body)
	}
	answers := map[string]any{}
	for name, test := range want {
		began := time.Now()
		res, body := get(m.URL(), name)
		var head strings.Builder
		_ = res.Header.Write(&head)
		if res.StatusCode != test.status || !strings.Contains(head.String()+body, test.has) || test.has == "" && res.Header.Get("Understudy-Error") != "" {
			t.Errorf("%s: %s after %s, want %d with %q:\n%.600s\n%.300s", name, res.Status, time.Since(began), test.status, test.has, &head, body)
		}
		if name == "no-type" && res.Header["Content-Type"] != nil {
			t.Errorf("a type that nobody has sent: %q", res.Header["Content-Type"])
		}
		answers[name] = []any{res.Header.Get("X"), read(body)}
	}
	result, err := rec.Write()
	if err != nil || len(result.LeftOut) > 0 {
		t.Fatal(err, result.LeftOut)
	}
	for _, departure := range result.OffContract {
		if len(departure.Reason) > 5_000 {
			t.Errorf("%d bytes say why an answer is off the contract: %.200s", len(departure.Reason), departure.Reason)
		}
	}
	for _, name := range result.Files {
		if filepath.Dir(name) != mock.DefaultRecording || strings.Contains(name, "..") {
			t.Errorf("%s is outside of the recording", name)
		}
	}
	again, err := mock.New(t.Context(), mock.Options{Specs: specs, Scenarios: []string{dir}, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Stop(context.Background()) }()
	for name, test := range want {
		if !test.again {
			continue
		}
		res, body := get(again.URL(), name)
		if got := any([]any{res.Header.Get("X"), read(body)}); !reflect.DeepEqual(got, answers[name]) { // go-cmp takes minutes for what is nested deeply
			t.Errorf("%s is replayed as %.500q, and was %.500q", name, got, answers[name])
		}
	}
	if res, _ := get(again.URL(), "latin"); res.Header["X"] != nil {
		t.Errorf("a header that is no text is replayed as %q", res.Header["X"])
	}
}
