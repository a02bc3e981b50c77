// Package exchange holds the one record that travels with a request: what was
// asked, what was learned about it, why an answer was chosen and what was sent.
//
// Each stage of the pipeline adds to the record. What could be decoded is kept also when
// it breaks the contract, because scenarios match on it and the journal shows it.
package exchange

import (
	"net/http"
	"time"
)

// Exchange is one request and its answer. It is owned by the goroutine that
// serves the request until it was answered and is immutable afterwards.
type Exchange struct {
	// ID names the exchange in answers, logs and the journal.
	ID string
	// Number counts the requests of a mock from 1. What chance decides depends on it,
	// and on the request itself, so that a run can be repeated.
	Number uint64
	// Time is when the request arrived.
	Time time.Time

	Request Request
	// Session is the isolated session's id, "" for the one that requests without
	// an id share.
	Session string
	// SessionByCookie tells that nothing but a cookie names the session.
	SessionByCookie bool
	// Prefer are the directives of the request, see ParsePrefer.
	Prefer Prefer
	// Operation is the name of the operation that the request is for, "" for none, and
	// API that of its description.
	Operation, API string

	// Parameters holds an entry for each declared parameter of the operation, in
	// the contract's order (the path's own parameters last).
	Parameters []Parameter
	// MediaType is the media type or range, as the contract writes it, that the request's
	// body falls under; "" where there is no body or the contract has none for it.
	MediaType string
	// Security numbers the alternative of the operation's security requirements that the
	// request meets, from 1 in the contract's order; 0 for none.
	Security int
	// Body is what the request's body says.
	Body Content
	// Violations are all breaches of the contract, each once; nil for none.
	Violations []Violation
	// Unchecked says what of an exchange with the real API was not checked, and why; nil
	// for nothing.
	Unchecked []string

	Decision Decision
	Answer   Answer

	// Held is how many bytes of the answer were made for this request alone and are counted
	// as memory until it is written. Those of its calls are among them.
	Held int64

	query, cookies pairs // see QueryPairs and CookiePairs
}

// Request is what arrived, after directives, session carriers and prefixes were
// taken off.
type Request struct {
	Method string
	// Protocol is the version of HTTP as net/http names it, such as HTTP/1.1.
	Protocol string
	// Host is the host of the request line or the Host header.
	Host string
	// Prefix is the session's base path that was taken off the path, "" for none.
	Prefix string
	// Path is the escaped path, beginning with "/".
	Path string
	// Base is the base path that Path begins with, under which the API is served; "" for
	// none, also where a path without it was let pass.
	Base string
	// RawQuery is the query without "?" and without directives.
	RawQuery string
	// Header is read-only: it belongs to net/http.
	Header http.Header
	// Body is the whole body as sent, nil for none; of one that is Stored its first bytes.
	Body []byte
	// Stored is the whole body where it is too large for memory, else nil. OpenBody reads
	// both.
	Stored Stored
	// HasBody tells an absent body from an empty one that was announced.
	HasBody bool
	// Oversize tells that the body is larger than the limit, so that Body is nil. Only
	// the real API can answer the request then.
	Oversize bool
	// TLS tells whether the request came over TLS.
	TLS bool
	// ClientCertificate tells whether the request came over TLS with one.
	ClientCertificate bool
}

// URL is what the client asked for, with the session's base path and without
// directives.
func (r *Request) URL() string {
	scheme := "http://"
	if r.TLS {
		scheme = "https://"
	}
	query := ""
	if r.RawQuery != "" {
		query = "?" + r.RawQuery
	}
	return scheme + r.Host + r.Prefix + r.Path + query
}

// Parameter is one declared parameter of the operation as found in the request.
type Parameter struct {
	In   Location
	Name string
	// Present tells whether the request had it.
	Present bool
	// Raw is the text as sent (percent-encoding removed), for parameters of
	// several members joined as sent.
	Raw string
	// Value is the decoded value by the contract's types; nil if absent. Text that
	// could not be decoded stays a string.
	Value any
	// Valid is false when a violation names this parameter.
	Valid bool
}

// Parameter gives the entry of a declared parameter, nil for an undeclared one.
// Header names are compared without case.
func (e *Exchange) Parameter(in Location, name string) *Parameter {
	for i := range e.Parameters {
		p := &e.Parameters[i]
		if p.In == in && (p.Name == name || in == Header && http.CanonicalHeaderKey(p.Name) == http.CanonicalHeaderKey(name)) {
			return p
		}
	}
	return nil
}

// Refused tells that the request was refused before the API was reached. It is
// nobody's then: it belongs to no session and counts for nothing.
func (e *Exchange) Refused() bool { return e.Decision.Step == StepRefused }

// Violate adds a violation.
func (e *Exchange) Violate(v Violation) { e.Violations = append(e.Violations, v) }

// Answer is what is to be sent. It is data: only the HTTP adapter waits and writes.
type Answer struct {
	// Status is 0 where there is a fault.
	Status int
	Header http.Header
	// Body is shared and read-only; nil for none.
	Body []byte
	// Delay is the wait before the first byte, 0 for none.
	Delay time.Duration
	// Pieces are what Body is sent in, where it is not sent at once; joined they are Body.
	Pieces []Piece
	// Unsized leaves the length of Body unsaid, as with event streams.
	Unsized bool
	// Calls are what the API sends by itself behind the answer.
	Calls []Call
	// Fault breaks the connection in place of all else but the delay; "" for none.
	Fault Fault
	// Problem is set when Understudy speaks for itself and not in the API's name.
	Problem *Problem
	// OffContract is the reason that a response gives for departing from the contract.
	OffContract string
	// Violations are the ways in which the real API's answer departs from the contract,
	// each once; nil for none, and for answers that are not the real API's. They are also
	// set where a problem has taken the place of that answer.
	Violations []Violation

	lines *lines // see SetHeader; copies of an Answer have the same
}

// lines is room for as many lines as the headers of most answers have.
type lines struct {
	used int
	all  [6]string
}

// SetHeader gives a header one line, in place of those that it has. name is in canonical
// form. The lines of an answer's headers share one piece of memory.
func (a *Answer) SetHeader(name, line string) {
	if a.lines == nil || a.lines.used == len(a.lines.all) {
		a.lines = &lines{}
	}
	l, n := a.lines, a.lines.used
	l.all[n] = line
	l.used++
	a.Header[name] = l.all[n : n+1 : n+1]
}

// Piece is a part of a body that is sent by itself.
type Piece struct {
	// Wait comes before the piece, behind the one before it.
	Wait time.Duration
	// Data is shared and read-only.
	Data []byte
}
