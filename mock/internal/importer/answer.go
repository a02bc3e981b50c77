package importer

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// setBody states the body of an answer. With a translator it is a template; one with a
// helper that has no expression is left out and told.
func (m *maker) setBody(r *response, data []byte, helper translator, at source.Span) {
	if helper != nil {
		isJSON := looksLikeTemplateOfJSON(data)
		filled, failed, changed := translate(string(data), isJSON, helper)
		switch n := dataOf([]byte(filled)); {
		case failed != "":
			m.without(at, "write the body with expressions: ${…}", "the body is not carried over: there is no expression for %s", failed)
			return
		case changed && isJSON && n != nil:
			body := n.Clone().Renamed("body")
			r.body = &body
			return
		case changed:
			body := member("text", text(filled))
			r.body = &body
			return
		}
	}
	r.data = data
}

// looksLikeTemplateOfJSON tells whether a text is JSON once it is filled in.
func looksLikeTemplateOfJSON(data []byte) bool {
	filled, failed, _ := translate(string(data), true, func([]string) (phrase, bool) { return phrase{code: "0", fixed: true}, true })
	return failed == "" && json.Valid([]byte(filled))
}

// dataOf reads a text as JSON; nil where it is none.
func dataOf(data []byte) *source.Node {
	if !json.Valid(data) {
		return nil
	}
	n, found := source.Parse(&source.File{Name: "body.json", Data: data}, source.Options{})
	if found.Errors() > 0 {
		return nil
	}
	return n
}

// noBody tells that an answer without a body gets the contract's.
func (m *maker) noBody(r *response, op *contract.Operation, at source.Span) {
	if op == nil || exchange.Bodiless(statusNumber(r.status)) {
		return
	}
	if described, _, ok := op.Respond(r.status); ok && len(described.Content()) > 0 {
		m.changed(at, "", "the answer states no body: the contract's own is sent with status %s of %s", r.status, op.Name())
	}
}

// bodyOfNone leaves out the body of a status that never has one.
func (m *maker) bodyOfNone(r *response, at source.Span) bool {
	if exchange.Bodiless(statusNumber(r.status)) {
		m.without(at, "", "the body is left out: an answer with status %s never has one", r.status)
		return true
	}
	return false
}

// droppedHeaders are headers of answers that the mock sets itself, or that belong to
// the connection.
var droppedHeaders = map[string]bool{
	"Content-Length": true, "Transfer-Encoding": true, "Connection": true, "Keep-Alive": true, "Date": true, "Content-Encoding": true,
	"Trailer": true, "Upgrade": true, "Proxy-Connection": true, "Te": true,
}

// delay states a wait, bounded as scenario files bound it.
func (m *maker) delay(r *response, wait time.Duration, at source.Span) {
	if wait <= 0 {
		return
	}
	if wait > exchange.MaxWait {
		m.changed(at, "", "the delay of %s becomes the longest there is, %s", wait, exchange.MaxWait)
		wait = exchange.MaxWait
	}
	n := duration(wait)
	r.delay = &n
}

// sendable tells whether a status can be sent, and says so where not.
func (m *maker) sendable(status string, at source.Span) bool {
	_, number, err := contract.ParseStatus(status)
	if err != nil || number == 0 {
		m.leftOut(at, "statuses from 200 to 599 can be sent", "the status %s cannot be sent", strings.TrimSpace(status))
		return false
	}
	return true
}
