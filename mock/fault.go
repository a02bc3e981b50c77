package mock

import (
	"bytes"
	"net"
	"net/http"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// garbage is what the faults send that send something: neither HTTP nor a chunk.
const garbage = "\x13\xf8\x00neither-HTTP-nor-a-chunk\xff\xfe\x7f\r\n"

// faultTimeout bounds the writing of a fault to a client that does not read.
const faultTimeout = 10 * time.Second

// breakOff breaks the connection in place of an answer. Over HTTP/2, and where there
// is no connection at all, it ends the handler with http.ErrAbortHandler, which resets
// the stream.
func breakOff(w http.ResponseWriter, entry *journal.Entry, a *exchange.Answer) {
	entry.Begin(true)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		entry.End(journal.OutcomeFault, 0, nil)
		panic(http.ErrAbortHandler)
	}
	var sent []byte
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(faultTimeout)) // the connection is broken at the end in any case
	switch a.Fault {
	case exchange.FaultEmpty:
	case exchange.FaultRandomData:
		sent = []byte(garbage)
		_, _ = conn.Write(sent)
	case exchange.FaultMalformedChunk:
		sent = []byte(garbage)
		_, _ = conn.Write(malformedChunk(a))
	case exchange.FaultReset:
		reset(conn)
	}
	entry.End(journal.OutcomeFault, len(sent), sent)
}

// malformedChunk is an answer whose header says that chunks follow, and which tells
// where it came from.
func malformedChunk(a *exchange.Answer) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	h := a.Header.Clone()
	h["Transfer-Encoding"] = []string{"chunked"}
	_ = h.Write(&b) // a buffer takes everything
	b.WriteString("\r\n" + garbage)
	return b.Bytes()
}

// reset makes closing a connection reset it, also below TLS, which would take leave
// of the client first.
func reset(conn net.Conn) {
	for {
		around, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = around.NetConn()
	}
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
