package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// Fault is a way in which the service departs from its contract or from what it did
// before.
type Fault string

// The faults. Each spoils the answers of the operation for which it was switched on.
const (
	WrongStatus        Fault = "wrong-status"         // 202 in place of a success
	UndocumentedStatus Fault = "undocumented-status"  // 299 in place of any
	ServerError        Fault = "server-error"         // 500 with the contract's error
	WrongType          Fault = "wrong-type"           // a member of another type: total, code or token is an array
	MissingField       Fault = "missing-field"        // without status, message or token
	ExtraField         Fault = "extra-field"          // with a member that the contract forbids
	NullField          Fault = "null-field"           // createdAt, code or token is null
	BadEnum            Fault = "bad-enum"             // a status that the contract does not have
	BadFormat          Fault = "bad-format"           // createdAt is no date
	WrongContentType   Fault = "wrong-content-type"   // application/xml
	MissingContentType Fault = "missing-content-type" // none at all
	MissingHeader      Fault = "missing-header"       // without Location, ETag, X-Total-Count and Set-Cookie
	BadHeader          Fault = "bad-header"           // X-Total-Count is no number
	EmptyBody          Fault = "empty-body"           // a body of no bytes
	BrokenJSON         Fault = "broken-json"          // half a body, with its length
	UnexpectedBody     Fault = "unexpected-body"      // a body with every status that may have one
	Compressed         Fault = "compressed"           // with Content-Encoding: gzip
	Slow               Fault = "slow"                 // after Provider.Slow
	Close              Fault = "close"                // closes the connection without an answer
	Cut                Fault = "cut"                  // closes the connection in the middle of the body
	IgnoreKey          Fault = "ignore-key"           // serves without credentials
	NoChecks           Fault = "no-checks"            // createOrder takes what the contract forbids
	Forgets            Fault = "forgets"              // 404 for everything
)

// Faults lists all faults.
var Faults = []Fault{
	WrongStatus, UndocumentedStatus, ServerError, WrongType, MissingField, ExtraField, NullField, BadEnum, BadFormat,
	WrongContentType, MissingContentType, MissingHeader, BadHeader, EmptyBody, BrokenJSON, UnexpectedBody, Compressed,
	Slow, Close, Cut, IgnoreKey, NoChecks, Forgets,
}

// Switch sets the fault of an operation, by its operationId; "" takes it back.
func (p *Provider) Switch(operation string, f Fault) error {
	if f != "" && !slices.Contains(Faults, f) {
		return fmt.Errorf("there is no fault %q; there are %v", f, Faults)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[operation] = f
	return nil
}

// FaultHeader names the fault of one request, in place of a switched one.
const FaultHeader = "X-Fault"

func (p *Provider) faultOf(operation string, r *http.Request) Fault {
	if f := Fault(r.Header.Get(FaultHeader)); f != "" {
		return f
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults[operation]
}

// spoil lets the fault act on the answer of next.
func (p *Provider) spoil(w http.ResponseWriter, r *http.Request, f Fault, next http.HandlerFunc) {
	switch f {
	case Close:
		panic(http.ErrAbortHandler)
	case NoChecks:
		next(w, r)
		return
	case Slow:
		wait := p.Slow
		if wait == 0 {
			wait = time.Second
		}
		select {
		case <-time.After(wait):
			next(w, r)
		case <-r.Context().Done():
		}
		return
	case Forgets:
		fail(w, http.StatusNotFound, "NOT_FOUND", "nothing is known")
		return
	case ServerError:
		fail(w, http.StatusInternalServerError, "BROKEN", "the service is broken")
		return
	}
	rec := httptest.NewRecorder()
	next(rec, r)
	res := rec.Result()
	body := rec.Body.Bytes()
	f.head(res)
	body = f.body(res.Header, body)
	for name, lines := range res.Header {
		w.Header()[name] = lines
	}
	if f == MissingContentType {
		w.Header()["Content-Type"] = nil // keeps net/http from guessing one
	}
	if f == Cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+10))
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(body)
	if f == Cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// head spoils status and header.
func (f Fault) head(res *http.Response) {
	switch f {
	case WrongStatus:
		if res.StatusCode < 300 {
			res.StatusCode = http.StatusAccepted
		}
	case UndocumentedStatus:
		res.StatusCode = 299
	case UnexpectedBody:
		if res.StatusCode == http.StatusNoContent {
			res.StatusCode = http.StatusOK
		}
	case WrongContentType:
		res.Header.Set("Content-Type", "application/xml")
	case MissingContentType:
		res.Header.Del("Content-Type")
	case MissingHeader:
		for _, name := range []string{"Location", "ETag", "X-Total-Count", "Set-Cookie"} {
			res.Header.Del(name)
		}
	case BadHeader:
		res.Header.Set("X-Total-Count", "many")
	}
}

// body spoils the body.
func (f Fault) body(h http.Header, body []byte) []byte {
	switch f {
	case EmptyBody:
		return nil
	case BrokenJSON:
		return body[:len(body)/2]
	case UnexpectedBody:
		h.Set("Content-Type", "application/json")
		return []byte(`{"unexpected":true}`)
	case Compressed:
		h.Set("Content-Encoding", "gzip")
		return zip(body)
	}
	if !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		return body
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return body
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		f.members(list[0])
	} else {
		f.members(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// members spoils a member of an object.
func (f Fault) members(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	first := func(names ...string) string {
		for _, name := range names {
			if _, has := m[name]; has {
				return name
			}
		}
		return "other"
	}
	switch f {
	case WrongType:
		m[first("total", "code", "token")] = []any{"x"}
	case MissingField:
		delete(m, first("status", "message", "token"))
	case ExtraField:
		m["undeclared"] = true
	case NullField:
		m[first("createdAt", "code", "token")] = nil
	case BadEnum:
		m["status"] = "lost"
	case BadFormat:
		m["createdAt"] = "yesterday"
	}
}
