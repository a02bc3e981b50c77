package importer

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// answer maps the response definition; false where there is none to write.
func (w *wireRule) answer(n *source.Node) bool {
	r := &response{at: n.At(), status: "200"}
	if s := n.Get("status"); s != nil {
		r.status = s.Scalar()
	}
	if r.mediaType = contentType(n); r.mediaType != "" {
		if _, ok := contract.ParseMediaType(r.mediaType); !ok {
			w.without(n.Get("headers").KeyAt(), "", "the media type %q cannot be read", r.mediaType)
			r.mediaType = ""
		}
	}
	w.s.responds = []*response{r}
	if n.Has("proxyBaseUrl") {
		w.leftOut(n.Get("proxyBaseUrl").KeyAt(), "serve with --upstream: what no scenario answers goes to the real API", "a rule that goes to another server cannot be carried over")
		return false
	}
	for key, each := range n.Members() {
		w.answerKey(r, n, key, each)
	}
	if fault := n.Get("fault"); fault.Str() != "" {
		return w.fault(r, fault)
	}
	if !w.sendable(r.status, r.at) {
		return false
	}
	w.bodyOfAnswer(r, n)
	w.headersOfAnswer(r, n)
	w.other(n)
	return true
}

// answerKey maps what needs nothing else, and tells what is not carried over.
func (w *wireRule) answerKey(r *response, all *source.Node, key string, n *source.Node) {
	switch key {
	case "status", "headers", "body", "jsonBody", "base64Body", "bodyFileName", "fault", "transformers", "fromConfiguredStub":
	case "statusMessage":
		if n.Str() != "" && n.Str() != http.StatusText(statusNumber(r.status)) {
			w.without(n.KeyAt(), "clients must not rely on it (RFC 9110 section 15.1)", "the reason phrase %q is not sent", n.Str())
		}
	case "fixedDelayMilliseconds":
		if wait, ok := milliseconds(n); ok {
			w.delay(r, wait, n.KeyAt())
		} else if !n.Is(source.Null) {
			w.without(n.At(), "write a number of milliseconds", "the delay is not carried over")
		}
	case "delayDistribution":
		w.distribution(r, n, all.Get("fixedDelayMilliseconds"))
	case "chunkedDribbleDelay":
		w.dribble(r, n)
	case "transformerParameters":
		w.without(n.KeyAt(), "", "transformerParameters is not carried over")
	default:
		if !n.Is(source.Null) {
			w.without(n.KeyAt(), "", "%s is not carried over", key)
		}
	}
}

func statusNumber(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (w *wireRule) fault(r *response, n *source.Node) bool {
	if !slices.Contains(exchange.Faults, n.Str()) {
		w.leftOut(n.At(), source.DidYouMean(n.Str(), exchange.Faults), "there is no fault %q", n.Str())
		return false
	}
	*r = response{at: r.at, fault: exchange.Fault(n.Str()), delay: r.delay}
	return true
}

// distribution maps a random delay. fixed comes on top of it in WireMock.
func (w *wireRule) distribution(r *response, n, fixed *source.Node) {
	if fixed != nil && fixed.Scalar() != "0" && !fixed.Is(source.Null) {
		w.without(fixed.KeyAt(), "", "of a fixed and a random delay only the random one is carried over")
	}
	wait := func(key string) time.Duration {
		d, _ := milliseconds(n.Get(key))
		if d > exchange.MaxWait {
			w.changed(n.Get(key).KeyAt(), "", "the delay of %s becomes the longest there is, %s", d, exchange.MaxWait)
		}
		return min(d, exchange.MaxWait)
	}
	var value source.Node
	switch kind := n.Get("type").Str(); {
	case kind == "uniform" && wait("lower") <= wait("upper"):
		value = matcher("uniform", list(duration(wait("lower")), duration(wait("upper"))))
	case kind == "lognormal" && wait("median") > 0:
		members := []source.Node{member("median", duration(wait("median"))), member("sigma", number(n.Get("sigma").Scalar()))}
		if most := wait("maxValue"); most > 0 {
			members = append(members, member("max", duration(most)))
		}
		if sigma, err := strconv.ParseFloat(n.Get("sigma").Scalar(), 64); err != nil || sigma < 0 || sigma > 10 {
			w.without(n.At(), "sigma is a number from 0 to 10", "the delay distribution is not carried over")
			return
		}
		value = matcher("lognormal", object(members...))
	case kind == "fixed":
		w.delay(r, wait("milliseconds"), n.At())
		return
	default:
		w.without(n.At(), "there are uniform and lognormal", "the delay distribution is not carried over")
		return
	}
	r.delay = &value
}

// Limits on pieces of a body, as scenario files have them.
const maxPieces = 1000

func (w *wireRule) dribble(r *response, n *source.Node) {
	chunks, ok := atLeast(n.Get("numberOfChunks"), 1)
	over, ok2 := milliseconds(n.Get("totalDuration"))
	if !ok || !ok2 {
		w.without(n.At(), "", "chunkedDribbleDelay is not carried over: it needs numberOfChunks and totalDuration")
		return
	}
	if chunks > maxPieces || over > exchange.MaxWait {
		w.changed(n.At(), "", "a body is sent in at most %d pieces over at most %s", maxPieces, exchange.MaxWait)
		chunks, over = min(chunks, maxPieces), min(over, exchange.MaxWait)
	}
	value := object(member("chunks", whole(chunks)), member("over", duration(over)))
	r.dribble = &value
}

// headersOfAnswer maps the headers but the media type, which the body has.
func (w *wireRule) headersOfAnswer(r *response, n *source.Node) {
	for name, value := range n.Get("headers").Members() {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case canonical == "Content-Type":
			continue
		case droppedHeaders[canonical]:
			w.changed(value.KeyAt(), "", "the header %s is set by the mock itself", canonical)
			continue
		}
		var lines []source.Node
		items := []*source.Node{value}
		if value.Is(source.Array) {
			items = nil
			for _, item := range value.Items() {
				items = append(items, item)
			}
		}
		complete := true
		for _, item := range items {
			line, failed := w.filledIn(n, item.Scalar(), false)
			if failed != "" {
				w.without(item.At(), "", "the header %s is not carried over: there is no expression for %s", canonical, failed)
				complete = false
				break
			}
			lines = append(lines, text(line))
		}
		switch {
		case !complete || len(lines) == 0:
		case len(lines) == 1:
			r.headers.add(name, lines[0])
		default:
			r.headers.add(name, list(lines...))
		}
	}
}

// contentType is the media type that the response states.
func contentType(n *source.Node) string {
	for name, value := range n.Get("headers").Members() {
		if http.CanonicalHeaderKey(name) == "Content-Type" {
			if value.Is(source.Array) && len(value.Kids) > 0 {
				return value.Kids[0].Scalar()
			}
			return value.Scalar()
		}
	}
	return ""
}

// bodyOfAnswer maps the body in whatever form it is stated.
func (w *wireRule) bodyOfAnswer(r *response, n *source.Node) {
	var data []byte
	at := n.At()
	switch {
	case n.Has("jsonBody"):
		at, data = n.Get("jsonBody").KeyAt(), n.Get("jsonBody").AppendJSON(nil)
		if contentType(n) == "" {
			r.mediaType = "application/json"
		}
	case n.Has("base64Body"):
		at = n.Get("base64Body").KeyAt()
		var err error
		if data, err = base64.StdEncoding.DecodeString(n.Get("base64Body").Str()); err != nil {
			w.without(at, "", "the body is not carried over: it is no base64")
			return
		}
	case n.Get("bodyFileName").Str() != "":
		at = n.Get("bodyFileName").KeyAt()
		var err error
		if data, err = w.files.body(w.from.bodies, n.Get("bodyFileName").Str()); err != nil {
			w.without(at, "files are read below __files alone", "the body is not carried over: %s: %v", n.Get("bodyFileName").Str(), err)
			return
		}
	case n.Get("body").Scalar() != "":
		at, data = n.Get("body").KeyAt(), []byte(n.Get("body").Scalar())
	}
	if len(data) == 0 {
		w.noBody(r, w.t.op, at)
		return
	}
	if w.bodyOfNone(r, at) {
		return
	}
	var helper translator
	if w.templated(n) {
		helper = w.helper
	}
	w.setBody(r, data, helper, at)
}

// templated tells whether WireMock fills in the answer.
func (w *wireRule) templated(n *source.Node) bool {
	for _, each := range n.Get("transformers").Items() {
		if each.Str() == "response-template" {
			return true
		}
	}
	return false
}

func (w *wireRule) filledIn(n *source.Node, value string, json bool) (line, failed string) {
	if !w.templated(n) {
		return escaped(value), ""
	}
	line, failed, _ = translate(value, json, w.helper)
	return line, failed
}

// other tells transformers that are none of WireMock's own.
func (w *wireRule) other(n *source.Node) {
	for _, each := range n.Get("transformers").Items() {
		if each.Str() != "response-template" {
			w.without(each.At(), "", "the transformer %s is code, which cannot be carried over", fmt.Sprintf("%q", each.Str()))
		}
	}
}
