package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

const callbackAPI = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /streams:
    post:
      operationId: subscribe
      responses: {"201": {description: ok}}
      callbacks:
        onData:
          "{$request.body#/callbackUrl}":
            post:
              parameters: [{name: X-Sequence, in: header, required: true, schema: {type: integer}}]
              requestBody:
                required: true
                content:
                  application/json: {schema: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}}}}
                  application/xml: {schema: {type: object}}
              responses: {"204": {description: taken}}
          x-internal: true
        onEnd: {$ref: "#/components/callbacks/End"}
        broken:
          "{$request.form.url}": {post: {responses: {"200": {description: ok}}}}
components:
  callbacks:
    End:
      "{$request.query.end}": {$ref: "#/components/pathItems/End"}
      "$url": {delete: {responses: {"200": {description: ok}}}}
  pathItems:
    End: {put: {responses: {"200": {description: ok}}}, post: {responses: {"200": {description: ok}}}}
webhooks:
  newPet: {post: {requestBody: {content: {text/plain: {schema: {type: string, maxLength: 3}}}}, responses: {"200": {description: ok}}}}
`

func TestCallbacks(t *testing.T) {
	t.Parallel()
	c := load(t, callbackAPI, contract.Options{})
	op := c.Operation("subscribe")
	var got []string
	for _, list := range [][]*contract.Callback{op.Callbacks(), c.Webhooks()} {
		for _, callback := range list {
			for _, r := range callback.Requests {
				got = append(got, fmt.Sprintf("%s: %s %s, %d", callback.Name, r.Method, r.Expression, len(r.Content())))
			}
		}
	}
	want := []string{
		"onData: POST {$request.body#/callbackUrl}, 2", "onEnd: PUT {$request.query.end}, 0", "onEnd: POST {$request.query.end}, 0", "onEnd: DELETE $url, 0",
		"broken: POST {$request.form.url}, 0", "newPet: POST , 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if op.Callback("onStart") != nil || c.Webhook("onData") != nil || c.Webhook("newPet").At().Position().Line == 0 {
		t.Error("callbacks and webhooks are not told apart")
	}
	// What the API sends it may send with the members that it alone writes.
	request := op.Callback("onData").Requests[0]
	for name, test := range map[string]struct{ header, body, rules string }{
		"conforming":        {"Content-Type: application/json|X-Sequence: 1", `{"id": 1}`, ""},
		"header missing":    {"Content-Type: application/json", `{"id": 1}`, "required"},
		"body and header":   {"Content-Type: application/json|X-Sequence: a", `{}`, "type required"},
		"write-only member": {"Content-Type: application/json|X-Sequence: 1", `{"id": 1, "secret": "a"}`, "writeOnly"},
		"other media type":  {"Content-Type: text/plain|X-Sequence: 1", `a`, "mediaType"},
	} {
		h := http.Header{}
		for line := range strings.SplitSeq(test.header, "|") {
			k, v, _ := strings.Cut(line, ": ")
			h.Set(k, v)
		}
		var rules []string
		for _, v := range request.Check(h, []byte(test.body)) {
			rules = append(rules, v.Rule)
		}
		if diff := cmp.Diff(test.rules, strings.Join(rules, " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if found := op.Callback("onEnd").Requests[0].Check(http.Header{}, []byte("a")); len(found) != 1 || found[0].Rule != "notAllowed" {
		t.Error(found)
	}
	var told []string
	for _, d := range append(op.Findings(), c.WebhookFindings()...) {
		told = append(told, d.Message)
	}
	if diff := cmp.Diff([]string{`"$request.form.url" is no runtime expression`}, told); diff != "" {
		t.Error(diff)
	}
}

// TestRuntimeExpressions resolves expressions for one request and its answer; the
// first of them are the specification's examples.
func TestRuntimeExpressions(t *testing.T) {
	t.Parallel()
	var body any
	decoder := json.NewDecoder(strings.NewReader(`{"url": "http://a.example/x?y=1", "user": {"uuid": "u"}, "list": [{"n": 1.50}], "a/b": {"c~d": true}, "": "empty", "null": null}`))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		t.Fatal(err)
	}
	ex := &exchange.Exchange{
		Request: exchange.Request{
			Method: "POST", Host: "example.org", Path: "/subscribe/myevent", RawQuery: "queryUrl=https://clientdomain.com/stillrunning&a%20b=c+d&bad=%zz", TLS: true,
			Header: http.Header{"Content-Type": {"application/json"}},
		},
		Parameters: []exchange.Parameter{{In: exchange.Path, Name: "eventType", Present: true, Raw: "myevent"}},
		Body:       exchange.Decoded(body),
		Answer:     exchange.Answer{Status: 201, Header: http.Header{"Location": {"https://example.org/subscription/1"}}, Body: []byte(`{"id": 9007199254740993}`)},
	}
	for expression, want := range map[string]string{
		"{$url}":                                        "https://example.org/subscribe/myevent?queryUrl=https://clientdomain.com/stillrunning&a%20b=c+d&bad=%zz",
		"{$method}":                                     "POST",
		"{$statusCode}":                                 "201",
		"{$request.path.eventType}":                     "myevent",
		"{$request.query.queryUrl}":                     "https://clientdomain.com/stillrunning",
		"{$request.header.content-Type}":                "application/json",
		"{$request.body#/url}":                          "http://a.example/x?y=1",
		"{$request.body#/user/uuid}":                    "u",
		"{$response.header.Location}":                   "https://example.org/subscription/1",
		"$request.body#/url":                            "http://a.example/x?y=1",
		"{$request.header.host}":                        "example.org",
		"{$request.query.a b}":                          "c d",
		"{$request.body#/list/0/n}":                     "1.50",
		"{$request.body#/list/0}":                       `{"n":1.50}`,
		"{$request.body#/a~1b/c~0d}":                    "true",
		"{$request.body#/}":                             "empty",
		"{$response.body#/id}":                          "9007199254740993",
		"{$response.body}":                              `{"id":9007199254740993}`,
		"http://x/?id={$response.body#/id}&m={$method}": "http://x/?id=9007199254740993&m=POST",
		"http://fixed.example/":                         "http://fixed.example/",
		// What cannot be resolved, and what is none.
		"{$request.body#/nothing}":    "! $request.body#/nothing cannot be resolved: it is not there",
		"{$request.body#/list/1}":     "! $request.body#/list/1 cannot be resolved: it is not there",
		"{$request.body#/list/00}":    "! $request.body#/list/00 cannot be resolved: it is not there",
		"{$request.body#/url/x}":      "! $request.body#/url/x cannot be resolved: it is not there",
		"{$request.body#/null}":       "! $request.body#/null cannot be resolved: it is null",
		"{$request.query.nothing}":    "! $request.query.nothing cannot be resolved: it is not there",
		"{$request.query.bad}":        `! $request.query.bad cannot be resolved: invalid URL escape "%zz"`,
		"{$request.path.nothing}":     "! $request.path.nothing cannot be resolved: it is not there",
		"{$response.header.X}":        "! $response.header.X cannot be resolved: it is not there",
		"{$response.query.x}":         `! "$response.query.x" is no runtime expression: write one such as $request.body#/url, $request.query.url, $response.header.Location or $url`,
		"{$request.header.a b}":       `! "$request.header.a b" is no runtime expression: write one such as $request.body#/url, $request.query.url, $response.header.Location or $url`,
		"{$request.body#url}":         `! "$request.body#url" is no runtime expression: write one such as $request.body#/url, $request.query.url, $response.header.Location or $url`,
		"http://x/{id}":               `! "id" is no runtime expression: write one such as $request.body#/url, $request.query.url, $response.header.Location or $url`,
		"{$request.body#/callbackUrl": `! "{$request.body#/callbackUrl" has no closing brace: write {$request.body#/url}`,
	} {
		c := load(t, `{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"callbacks": {"c": {`+string(quoted(expression))+`: {"post": {}}}}}}}}`, contract.Options{})
		got, err := c.Operations[0].Callback("c").Requests[0].URL(ex)
		if err != nil {
			got = "! " + err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", expression, diff)
		}
	}
}

func quoted(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return text
}
