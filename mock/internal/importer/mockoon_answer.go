package importer

import (
	"net/http"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// answer maps a response; nil where there is none to write.
func (r *mockoonRoute) answer(n *source.Node) *response {
	a := &response{at: n.At(), status: n.Get("statusCode").Scalar()}
	if a.status == "" {
		a.status = "200"
	}
	if !r.sendable(a.status, a.at) {
		return nil
	}
	var wait time.Duration
	for _, latency := range []*source.Node{r.env.Get("latency"), n.Get("latency")} {
		if more, ok := milliseconds(latency); ok {
			wait += more
		}
	}
	r.delay(a, wait, a.at)
	if calls := n.Get("callbacks"); calls.Is(source.Array) && len(calls.Kids) > 0 {
		r.without(calls.KeyAt(), "describe the call as a callback or webhook in the contract, and fire it with callbacks or webhooks under respond", "callbacks are not carried over")
	}
	var helper translator
	if !n.Get("disableTemplating").IsTrue() {
		helper = r.helper
	}
	r.headers(a, n, helper)
	r.body(a, n, helper)
	return a
}

// headers maps those of the environment and those of the response, which go first.
func (r *mockoonRoute) headers(a *response, n *source.Node, helper translator) {
	stated := map[string]bool{}
	for _, group := range []*source.Node{n.Get("headers"), r.env.Get("headers")} {
		here := map[string]bool{}
		for _, h := range group.Items() {
			name := http.CanonicalHeaderKey(h.Get("key").Str())
			if name == "" || stated[name] {
				continue
			}
			here[name] = true
			r.header(a, name, h.Get("value"), helper)
		}
		for name := range here {
			stated[name] = true
		}
	}
}

func (r *mockoonRoute) header(a *response, name string, value *source.Node, helper translator) {
	line := escaped(value.Str())
	if helper != nil {
		filled, failed, _ := translate(value.Str(), false, helper)
		if failed != "" {
			r.without(value.At(), "", "the header %s is not carried over: there is no expression for %s", name, failed)
			return
		}
		line = filled
	}
	switch {
	case name == "Content-Type":
		if _, ok := contract.ParseMediaType(value.Str()); ok {
			a.mediaType = value.Str()
			return
		}
		r.without(value.At(), "", "the media type %q cannot be read", value.Str())
	case droppedHeaders[name]:
		r.changed(value.At(), "", "the header %s is set by the mock itself", name)
	case strings.HasPrefix(name, "Access-Control-"):
		r.changed(value.At(), "docs/responses.md", "the headers of CORS are set by the mock itself")
	default:
		for i := range a.headers {
			if have := &a.headers[i]; have.Key == name { // several lines
				lines := []source.Node{have.Renamed("")}
				if have.Is(source.Array) {
					lines = have.Kids
				}
				*have = member(name, list(append(lines, text(line))...))
				return
			}
		}
		a.headers.add(name, text(line))
	}
}

// body maps the body: written in the response, in a file beside the environment, or in a
// data bucket.
func (r *mockoonRoute) body(a *response, n *source.Node, helper translator) {
	var data []byte
	at := n.At()
	switch kind := n.Get("bodyType").Str(); {
	case kind == "FILE" || kind == "" && n.Get("filePath").Str() != "":
		file := n.Get("filePath")
		at = file.KeyAt()
		var err error
		if data, err = r.files.body(r.from.bodies, file.Str()); err != nil {
			r.without(at, "files are read beside the environment alone", "the body is not carried over: %s: %v", file.Str(), err)
			return
		}
		if !n.Get("sendFileAsBody").IsTrue() && n.Has("sendFileAsBody") {
			r.changed(n.Get("sendFileAsBody").KeyAt(), "", "the file is sent as the body, and not as a download")
		}
	case kind == "DATABUCKET":
		at = n.Get("databucketID").KeyAt()
		bucket := r.bucket(n.Get("databucketID").Str())
		if bucket == nil {
			r.without(at, "", "the body is not carried over: there is no data bucket %q", n.Get("databucketID").Str())
			return
		}
		data = []byte(bucket.Get("value").Str())
	default:
		if n.Has("body") {
			at = n.Get("body").KeyAt()
		}
		data = []byte(n.Get("body").Str())
	}
	if len(data) == 0 {
		r.noBody(a, r.t.op, at)
		return
	}
	if !r.bodyOfNone(a, at) {
		r.setBody(a, data, helper, at)
	}
}

// bucket finds a data bucket, nil for none.
func (r *mockoonRoute) bucket(id string) *source.Node {
	for _, each := range r.env.Get("data").Items() {
		if id != "" && (each.Get("id").Str() == id || each.Get("uuid").Str() == id) {
			return each
		}
	}
	return nil
}
