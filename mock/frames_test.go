package mock_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// Frames of HTTP/2 (RFC 9113 section 6) and header blocks (RFC 7541) are written by hand
// here: a library writes none that are wrong.
const (
	frameData = iota
	frameHeaders
	framePriority
	frameReset
	frameSettings
	framePush
	framePing
	frameGoAway
	frameWindow
	frameContinuation

	endStream, endHeaders, padded = 1, 4, 8
)

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

func frame(kind, flags byte, stream uint32, payload string) string {
	n := len(payload)
	return string([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}) + uint32Text(stream) + payload
}

func uint32Text(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }

// fields are literals that are never indexed, without Huffman coding.
func fields(pairs ...string) string {
	var b strings.Builder
	for _, text := range pairs {
		name, value, _ := strings.Cut(strings.TrimPrefix(text, ":"), ": ")
		if strings.HasPrefix(text, ":") {
			name = ":" + name
		}
		b.WriteByte(0x10)
		for _, part := range []string{name, value} {
			b.WriteString(prefixed(7, len(part)) + part)
		}
	}
	return b.String()
}

// prefixed is an integer as HPACK writes it (RFC 7541 section 5.1), with the bits above the
// prefix being 0.
func prefixed(bits, n int) string {
	most := 1<<bits - 1
	if n < most {
		return string([]byte{byte(n)})
	}
	b := []byte{byte(most)}
	for n -= most; n >= 128; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return string(append(b, byte(n)))
}

// asked is a whole request without a body.
func framed(stream uint32, pairs ...string) string {
	return frame(frameHeaders, endHeaders|endStream, stream, fields(pairs...))
}

// order is a request with a body in one piece.
func framedOrder(body string, pairs ...string) string {
	return frame(frameHeaders, endHeaders, 1, fields(append([]string{":method: POST", ":scheme: http", ":path: /orders", ":authority: localhost", "content-type: application/json"}, pairs...)...)) +
		frame(frameData, endStream, 1, body)
}

// outcome reads what a server sends until it has answered stream 1, reset it or ended the
// connection: "200", "reset 1" or "goaway 1", with the error codes of RFC 9113 section 7.
func outcome(conn net.Conn) string {
	r := bufio.NewReader(conn)
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(r, head); err != nil {
			if errors.Is(err, io.EOF) || strings.Contains(err.Error(), "reset") {
				return "closed"
			}
			return err.Error()
		}
		payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(r, payload); err != nil {
			return err.Error()
		}
		stream := binary.BigEndian.Uint32(head[5:])
		switch {
		case head[3] == frameReset && stream == 1:
			return fmt.Sprintf("reset %d", binary.BigEndian.Uint32(payload))
		case head[3] == frameGoAway:
			return fmt.Sprintf("goaway %d", binary.BigEndian.Uint32(payload[4:]))
		case head[3] == frameHeaders && stream == 1:
			return statusOfBlock(payload)
		}
	}
}

// statusOfBlock is the :status with which a header block begins: indexed, or a literal in the
// Huffman code of digits (RFC 7541 appendices A and B).
func statusOfBlock(block []byte) string {
	if block[0]&0x80 != 0 {
		return map[byte]string{8: "200", 9: "204", 10: "206", 11: "304", 12: "400", 13: "404", 14: "500"}[block[0]&0x7f]
	}
	if block[1]&0x80 == 0 {
		return string(block[2 : 2+block[1]])
	}
	var digits strings.Builder
	bits, left := uint32(block[2])<<24|uint32(block[3])<<16|uint32(block[4])<<8, 8*int(block[1]&0x7f)
	for left >= 5 && digits.Len() < 3 {
		n, length := bits>>27, 5
		if n > 2 {
			n, length = bits>>26-0b011001+3, 6
		}
		fmt.Fprint(&digits, n)
		bits, left = bits<<length, left-length
	}
	return digits.String()
}

// TestFrames sends what clients of HTTP/2 must not send, or what means two things.
func TestFrames(t *testing.T) {
	t.Parallel()
	m, _ := attacked(t, mock.Options{HTTP2: true}, nil)
	get := func(pairs ...string) string {
		return framed(1, append([]string{":method: GET", ":scheme: http", ":path: /orders/1", ":authority: localhost"}, pairs...)...)
	}
	path := func(path string, pairs ...string) string {
		return framed(1, append([]string{":method: GET", ":scheme: http", ":path: " + path}, pairs...)...)
	}
	const json = `{"sku": "a"}`
	for _, test := range []struct{ name, raw, want string }{
		{"a request", get(), "200"},
		{"an order", framedOrder(json, "content-length: 12"), "201"},
		{"a frame of no known type", frame(0xbe, 0xff, 1, "x") + get(), "200"},

		{"no method", framed(1, ":scheme: http", ":path: /orders/1", ":authority: localhost"), "reset 1"},
		{"no path", framed(1, ":method: GET", ":scheme: http", ":authority: localhost"), "reset 1"},
		{"an empty path", path("", ":authority: localhost"), "reset 1"},
		{"a path twice", get(":path: /__admin/scenarios"), "reset 1"},
		{"an unknown pseudo header", get(":path2: /"), "reset 1"},
		{"a status", get(":status: 200"), "reset 1"},
		{"a pseudo header behind others", framed(1, ":method: GET", ":scheme: http", "x: y", ":path: /orders/1", ":authority: localhost"), "reset 1"},
		{"a method that is none", framed(1, ":method: GE T", ":scheme: http", ":path: /orders/1", ":authority: localhost"), "405"},
		{"a path without a slash", path("orders/1", ":authority: localhost"), "reset 1"},
		{"everything", path("*", ":authority: localhost"), "404"},
		{"a line end in the path", path("/orders/1\r\nX: y", ":authority: localhost"), "reset 1"},
		{"another scheme", framed(1, ":method: GET", ":scheme: file", ":path: /orders/1", ":authority: localhost"), "reset 1"},
		{"a URL as path, for the control plane of another site", path("http://localhost/__admin/scenarios", ":authority: other.example"), "403"},
		{"a tunnel", framed(1, ":method: CONNECT", ":authority: other.example:443"), "404"},
		{"a tunnel to a path", framed(1, ":method: CONNECT", ":scheme: http", ":path: /orders/1", ":authority: localhost"), "reset 1"},
		{"a tunnel with a protocol", framed(1, ":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /orders/1", ":authority: localhost"), "reset 1"},

		{"the control plane", path("/__admin/scenarios", ":authority: localhost"), "200"},
		{"the control plane by another name", path("/__admin/scenarios", ":authority: other.example"), "403"},
		{"the control plane by a host alone", path("/__admin/scenarios", "host: other.example"), "403"},
		{"no name", path("/__admin/scenarios"), "403"},
		{"a host that is another", path("/__admin/scenarios", ":authority: localhost", "host: other.example"), "400"},
		{"an authority that is another", path("/__admin/scenarios", ":authority: other.example", "host: localhost"), "400"},
		{"an authority twice", path("/orders/1", ":authority: localhost", ":authority: localhost"), "reset 1"},
		{"a user before the authority", path("/__admin/scenarios", ":authority: localhost@other.example"), "reset 1"},

		{"a name in capitals", get("X-A: b"), "reset 1"},
		{"a name with a space", get("x y: b"), "reset 1"},
		{"a value with a line end", get("x: a\r\nset-cookie: b"), "reset 1"},
		{"a value with a zero byte", get("x: \x00"), "reset 1"},
		{"headers of a connection", get("connection: close"), "400"},
		{"chunks", framedOrder(json, "transfer-encoding: chunked"), "400"},
		{"an upgrade", get("upgrade: websocket"), "400"},
		{"other trailers than trailers", get("te: gzip"), "400"},
		{"cookies in crumbs", get("cookie: a=b", "cookie: c=d"), "200"},
		{"two types of content", framedOrder(json, "content-type: text/plain"), "415"},

		{"less than its length", framedOrder(json, "content-length: 13"), "400"},
		{"more than its length", framedOrder(json, "content-length: 1"), "reset 1"},
		{"two lengths", framedOrder(json, "content-length: 12", "content-length: 1"), "400"},
		{"the same length twice", framedOrder(json, "content-length: 12", "content-length: 12"), "201"},
		{"no number for a length", framedOrder(json, "content-length: x"), "400 or reset 1"}, // whichever is seen first
		{"a length of no end", framedOrder(json, "content-length: 9223372036854775807"), "413"},
		{"a length without a body", get("content-length: 5"), "400"},
		{"no body, and its length", get("content-length: 0"), "200"},
		{"the same host twice", path("/__admin/scenarios", ":authority: localhost", "host: LOCALHOST"), "200"},

		{"a pseudo header behind the body", frame(frameHeaders, endHeaders, 1, fields(":method: POST", ":scheme: http", ":path: /orders", ":authority: localhost", "content-type: application/json")) +
			frame(frameData, 0, 1, json) + framed(1, ":path: /__admin"), "reset 1"},
		{"data of no stream", frame(frameData, 0, 0, "x"), "goaway 1"},
		{"data before the header", frame(frameData, 0, 1, "x"), "goaway 1"},
		{"more padding than there is", frame(frameData, padded, 1, "\xffx"), "goaway 1"},
		{"a stream of the server", framed(2, ":method: GET", ":scheme: http", ":path: /orders/1", ":authority: localhost"), "goaway 1"},
		{"a header block that is none", frame(frameHeaders, endHeaders|endStream, 1, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "goaway 9"},
		{"an index of nothing", frame(frameHeaders, endHeaders|endStream, 1, "\xfe"), "goaway 9"},
		{"a table larger than was agreed", frame(frameHeaders, endHeaders|endStream, 1, "\x3f"+prefixed(7, 1<<20)), "goaway 9"},
		{"a header that is expanded", frame(frameHeaders, endHeaders|endStream, 1, fields(":method: GET", ":scheme: http", ":path: /orders/1", ":authority: localhost")+
			"\x40"+prefixed(7, 1)+"x"+prefixed(7, 4000)+strings.Repeat("y", 4000)+strings.Repeat("\xbe", 12_000)), "431"},
		{"a push", frame(framePush, endHeaders, 1, uint32Text(2)+fields(":method: GET")), "goaway 1"},
		{"a continuation of nothing", frame(frameContinuation, endHeaders, 1, ""), "goaway 1"},
		{"something within a header block", frame(frameHeaders, 0, 1, "") + frame(framePing, 0, 0, "12345678"), "goaway 1"},
		{"a window of nothing", frame(frameWindow, 0, 0, uint32Text(0)), "goaway 1"},
		{"a window of too much", frame(frameWindow, 0, 0, uint32Text(1<<31-1)), "goaway 3"},
		{"settings of no value", frame(frameSettings, 0, 0, "\x00\x05"+uint32Text(0)), "goaway 1"},
		{"settings of half a value", frame(frameSettings, 0, 0, "\x00\x05"), "goaway 6"},
		{"a frame larger than was agreed", string([]byte{0xff, 0xff, 0xff, frameData, 0, 0, 0, 0, 1}), "goaway 6"},
	} {
		conn, err := net.Dial("tcp", m.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.WriteString(conn, preface+frame(frameSettings, 0, 0, "")+test.raw); err != nil {
			t.Fatal(err)
		}
		if got := outcome(conn); !slices.Contains(strings.Split(test.want, " or "), got) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		_ = conn.Close()
	}
}

// TestFloods sends frames without end. Requests that are reset, by the client or for a fault
// of theirs, never run in greater number than others do; what is gathered or queued for the
// client ends its connection before it is much.
func TestFloods(t *testing.T) {
	t.Parallel()
	m := long(t, mock.Options{HTTP2: true})
	server := m.Server()
	var mu sync.Mutex
	now, most := map[string]int{}, 0 // requests at one time, by connection
	count := func(r *http.Request, n int) {
		mu.Lock()
		defer mu.Unlock()
		now[r.RemoteAddr] += n
		most = max(most, now[r.RemoteAddr])
	}
	handler := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count(r, 1)
		defer count(r, -1)
		handler.ServeHTTP(w, r)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(m.Listener(listener)) // ends with Close
	}()
	defer func() {
		_ = server.Close()
		<-done
	}()
	get := fields(":method: GET", ":scheme: http", ":path: /orders/2", ":authority: localhost")
	for name, test := range map[string]struct {
		begin string
		each  func(stream uint32) string
		reads bool // the client takes what the server sends
		most  int  // bytes that are sent
		ends  bool // the connection, before they are
	}{
		"requests that are reset": {"", func(n uint32) string {
			return frame(frameHeaders, endHeaders|endStream, n, get) + frame(frameReset, 0, n, uint32Text(8))
		}, true, 1 << 20, false},
		"requests that have a fault": {"", func(n uint32) string {
			return frame(frameHeaders, endHeaders|endStream, n, get) + frame(frameWindow, 0, n, uint32Text(0))
		}, true, 1 << 20, false},
		"more requests than are taken": {"", func(n uint32) string { return frame(frameHeaders, endHeaders|endStream, n, get) }, true, 1 << 20, false},
		"continuations": {frame(frameHeaders, 0, 1, get), func(uint32) string {
			return frame(frameContinuation, 0, 1, fields("x: "+strings.Repeat("y", 16_000)))
		}, true, 16 << 20, true},
		"pings without their answers": {"", func(uint32) string { return frame(framePing, 0, 0, "12345678") }, false, 64 << 20, true},
	} {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		var reader sync.WaitGroup
		if test.reads {
			reader.Go(func() { _, _ = io.Copy(io.Discard, conn) })
		}
		w := bufio.NewWriterSize(conn, 64<<10)
		sent, err := w.WriteString(preface + frame(frameSettings, 0, 0, "") + test.begin)
		for stream := uint32(1); err == nil && sent < test.most; stream += 2 {
			var n int
			n, err = w.WriteString(test.each(stream))
			sent += n
		}
		if test.ends && err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %d bytes were taken, and %v", name, sent, err)
		}
		if !test.ends { // what was sent last is not read before the end of the connection is seen
			testenv.Eventually(t, "a request runs", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return most > 0
			})
		}
		_ = conn.Close()
		reader.Wait()
	}
	mu.Lock()
	if most == 0 || most > mock.MaxStreams {
		t.Errorf("%d requests of a connection at one time", most)
	}
	mu.Unlock()
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: p}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Get("http://" + listener.Addr().String() + "/orders/1")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %s", res.Status)
	}
}

// TestHeaderBlockThatDoesNotEnd holds that a connection of HTTP/2 ends whose client goes on
// with a header block for ever, with frames that have nothing in them. It runs on a clock of
// its own.
func TestHeaderBlockThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{HTTP2: true}, nil)
		p, _ := serveBehind(t, m.Server(), m.Listener)
		conn := p.dial()
		defer conn.Close()
		began := time.Now()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, err := io.WriteString(conn, preface+frame(frameSettings, 0, 0, "")+frame(frameHeaders, 0, 1, ""))
			for err == nil {
				time.Sleep(time.Second)
				_, err = io.WriteString(conn, frame(frameContinuation, 0, 1, ""))
			}
		}()
		_, _ = io.Copy(io.Discard, conn)
		if took := time.Since(began); took < time.Minute || took > 3*time.Minute {
			t.Errorf("the connection has ended after %s", took)
		}
		_ = conn.Close()
		<-ended
	})
}
