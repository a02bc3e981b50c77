package author

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// judge finds out how the answer departs from the contract, and marks it.
func (r *reply) judge() {
	op := r.draft.stub.Operation
	if op == nil || r.reason != "" || r.Fault != "" || r.Status == 0 || r.states("headers", "body", "text", "base64", "file", "merge", "example", "generate") {
		return // what the format says of these is proved
	}
	response, _, described := op.Respond(strconv.Itoa(r.Status))
	var found []exchange.Violation
	switch {
	case !described || !r.bare && (len(r.Body) > 0 || len(response.Content()) == 0 || exchange.Bodiless(r.Status)):
		found = op.ValidateResponse(r.Status, r.typed(response), r.Body)
	default:
		found = response.CheckHeaders(r.Header)
		if media := response.Media(r.Header.Get("Content-Type")); !r.bare && (media == nil || len(media.CheckBytes(nil)) > 0) {
			r.reason = fmt.Sprintf("the contract describes a body for status %d and none was sent", r.Status)
			return
		}
	}
	if len(found) > 0 {
		r.reason = plainReason(reasonOf(&found[0], r.Status, len(found)-1))
	}
}

// typed gives the header, with a Content-Type also where the answer had none: a stub
// always sends one.
func (r *reply) typed(response *contract.Response) http.Header {
	if len(r.Body) == 0 || r.Header.Get("Content-Type") != "" || response == nil || len(response.Content()) == 0 {
		return r.Header
	}
	h := r.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h["Content-Type"] = response.Content()[0].ContentType(nil)
	return h
}

// states tells whether the caller has written one of the members.
func (r *reply) states(keys ...string) bool {
	return slices.ContainsFunc(r.More, func(n source.Node) bool { return slices.Contains(keys, n.Key) })
}

// reasonOf says why an answer is off the contract, and how many more reasons there are.
func reasonOf(v *exchange.Violation, status, more int) string {
	text := v.String()
	switch {
	case v.In == exchange.Status:
		return fmt.Sprintf("the contract does not describe status %d", status)
	case v.In == exchange.Body && v.Rule == exchange.RuleNotAllowed:
		text = fmt.Sprintf("the contract describes no body for status %d", status)
	}
	if more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// maxReason bounds a reason in characters.
const maxReason = 200

// plainReason makes a text fit for offContract.
func plainReason(text string) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "${", "$ {")
	if runes := []rune(text); len(runes) > maxReason {
		return string(runes[:maxReason-1]) + "…"
	}
	return text
}

// node is the answer as it stands in the file. file puts a body into a file of its
// own and gives its name; nil keeps all bodies inside.
func (r *reply) node(file func(ext string, data []byte) string, inList bool) source.Node {
	n := source.New(nil, source.Object, "respond", "")
	add := func(kid *source.Node) {
		if kid != nil {
			n.Kids = append(n.Kids, *kid)
		}
	}
	if r.Fault != "" {
		add(text("fault", string(r.Fault)))
	} else {
		r.members(add, file)
	}
	n.Kids = append(n.Kids, r.More...)
	if inList && r.Times > 1 {
		times := source.New(nil, source.Number, "times", strconv.Itoa(r.Times))
		add(&times)
	}
	return n
}

// members adds what an answer consists of that is no fault.
func (r *reply) members(add func(*source.Node), file func(ext string, data []byte) string) {
	var response *contract.Response
	if r.Status != 0 {
		status := source.New(nil, source.Number, "status", strconv.Itoa(r.Status))
		add(&status)
		response = r.response(status.Text)
	} else if op := r.draft.stub.Operation; op != nil {
		response, _, _ = op.Success()
	}
	add(headers(r.Header, response))
	for _, n := range r.body(response, file) {
		add(&n)
	}
	if r.reason != "" {
		add(text("offContract", r.reason))
	}
}

// response is what the contract describes for a status, nil where it describes nothing,
// or for several operations.
func (r *reply) response(status string) *contract.Response {
	if r.draft.stub.Operation == nil {
		return nil
	}
	response, _, _ := r.draft.stub.Operation.Respond(status)
	return response
}

// text is a member that is a text.
func text(key, value string) *source.Node {
	n := source.New(nil, source.String, key, value)
	return &n
}
