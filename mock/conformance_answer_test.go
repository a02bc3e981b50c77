package mock_test

import (
	"errors"
	"net/http/httptest"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// response asks for one documented status, in each media type that is described.
func (x *conformance) response(op *contract.Operation, call *sample.Call, r *contract.Response) {
	x.Helper()
	_, number, sendable := op.Respond(r.Status)
	if !sendable {
		x.leave("statuses that are no final ones")
		return
	}
	code := "Prefer: code=" + r.Status
	if len(r.Content()) == 0 || exchange.Bodiless(number) {
		x.done["answers without a body"]++
		w := x.send(call, code)
		x.answered(op, call, r, number, w)
		if w.Body.Len() > 0 || w.Header().Get("Content-Type") != "" {
			x.Errorf("%s %s: a body of %q where none is described: %.200s", op.Name(), r.Status, w.Header().Get("Content-Type"), w.Body)
		}
		return
	}
	for _, m := range r.Content() {
		if t := m.Type.Nearest(); !t.IsText() && !m.Data(t) {
			x.done["answers of bytes"]++
		} else if !t.IsJSON() && !t.IsText() {
			x.done["answers of "+t.Type+"/"+t.Subtype]++
		}
		accept := "Accept: " + m.ContentType(nil)[0]
		for _, prefer := range []string{code, code + ", dynamic=true, seed=" + strconv.Itoa(number)} {
			x.media(op, call, m, number, x.send(call, prefer, accept))
		}
		x.head(op, call, r, code, accept)
	}
}

// answered holds what is true of every answer: its status, and that it is the API's own.
func (x *conformance) answered(op *contract.Operation, call *sample.Call, r *contract.Response, number int, w *httptest.ResponseRecorder) bool {
	x.Helper()
	if code := w.Header().Get("Understudy-Error"); code != "" {
		x.Errorf("%s %s: %s: %s", op.Name(), r.Status, code, w.Body)
		return false
	}
	if w.Code != number {
		x.Errorf("%s %s: status %d, want %d", op.Name(), r.Status, w.Code, number)
	}
	if call.Method == "HEAD" {
		if w.Body.Len() > 0 {
			x.Errorf("%s %s: HEAD has a body", op.Name(), r.Status)
		}
		for _, v := range r.CheckHeaders(w.Header()) {
			x.Errorf("%s %s: %s", op.Name(), r.Status, v)
		}
		return false
	}
	for _, v := range op.ValidateResponse(w.Code, w.Header(), w.Body.Bytes()) {
		x.Errorf("%s %s: %s\n%.500s", op.Name(), r.Status, v, w.Body)
	}
	return true
}

// media judges an answer of one media type.
func (x *conformance) media(op *contract.Operation, call *sample.Call, m *contract.Media, number int, w *httptest.ResponseRecorder) {
	x.Helper()
	r := m.Response()
	if w.Header().Get("Understudy-Error") == string(exchange.ProblemNoBody) {
		if _, err := m.Schema(); err != nil {
			x.leave("bodies: a schema that cannot be compiled")
			return
		}
		_, err := sample.Body(m, sample.Options{})
		if err == nil {
			_, err = sample.Headers(r, sample.Options{})
		}
		x.expectUnsatisfiable(op.Name()+" "+r.Status+" "+m.Name, err)
		x.leave("bodies: a schema that no value fits")
		return
	}
	x.done["answers"]++
	if !x.answered(op, call, r, number, w) {
		return
	}
	t, _ := contract.ParseMediaType(w.Header().Get("Content-Type"))
	if _, ok := m.Type.Admits(t); !ok {
		x.Errorf("%s %s: asked for %s, got %q", op.Name(), r.Status, m.Name, w.Header().Get("Content-Type"))
		return
	}
	if t.IsJSON() {
		verdict, judged := x.judge.body(r.Media(t.String()), w.Body.Bytes())
		if judged {
			x.done["second opinions"]++
		}
		if verdict != "" {
			x.Errorf("%s %s %s: %s\n%.500s", op.Name(), r.Status, m.Name, verdict, w.Body)
		}
	}
}

// head asks with HEAD, which nobody has to describe, for what GET answers.
func (x *conformance) head(op *contract.Operation, call *sample.Call, r *contract.Response, code, accept string) {
	x.Helper()
	if op.Method != "GET" || x.contract.Operation("HEAD "+op.Template) != nil {
		return
	}
	get := x.send(call, code, accept)
	asked := *call
	asked.Method = "HEAD"
	head := x.send(&asked, code, accept)
	if head.Code != get.Code || head.Body.Len() > 0 || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") {
		x.Errorf("%s %s: GET gives %d %s, HEAD gives %d %s with %d bytes", op.Name(), r.Status, get.Code, get.Header().Get("Content-Type"), head.Code, head.Header().Get("Content-Type"), head.Body.Len())
	}
}

// expectUnsatisfiable holds that nothing could be made because of what Findings tells.
func (x *conformance) expectUnsatisfiable(what string, err error) {
	x.Helper()
	var u *sample.Unsatisfiable
	if !errors.As(err, &u) {
		x.Errorf("%s: %v", what, err)
		return
	}
	if !x.unsatisfiable[u.At] {
		x.Errorf("%s: %v, of which no finding tells", what, err)
	}
	x.Logf("%s: %v", what, u)
}
