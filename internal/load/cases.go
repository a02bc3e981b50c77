//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/understudy-mock/understudy/mock"
)

// a testCase is one kind of request that is measured.
type testCase struct {
	name string
	// requests are sent one after the other, again and again.
	requests []sent
	// options prepares what is served; folder is empty and there for files.
	options func(folder string) (mock.Options, error)
	// prepare is called before the first request; nil is not called. What it starts
	// ends with ctx.
	prepare func(ctx context.Context, m *mock.Mock, folder string) error
}

// sent is a request as it goes over the wire, with the status that it must be answered
// with.
type sent struct {
	text   string
	status int
}

const (
	identification = "/v1/orgs/yoigo/identifications/identity_document/3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51"
	installation   = "x-installation_id: 625fc44b-5b1c-451e-bcc7-276c911f0af8\r\n"
	fingerprint    = "x-fingerprint: 33dd65c7fefc7078776965ca85cee243\r\n"
	browser        = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"

	manySessions = 500
	manyPaths    = 1_000
	manyStubs    = 10_000
)

// request writes one in HTTP/1.1 (RFC 9112).
func request(status int, method, target, header, body string) sent {
	if body != "" {
		header += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return sent{method + " " + target + " HTTP/1.1\r\nHost: mock.example\r\n" + browser + header + "\r\n" + body, status}
}

func cases() []testCase {
	first := func(string) (mock.Options, error) {
		return mock.Options{Specs: []mock.Spec{{Location: "openapi.yaml"}}, Scenarios: []string{"scenarios"}}, nil
	}
	list := []testCase{
		{name: "GET, answered with the contract's example", options: first, requests: []sent{request(200, "GET", identification, "", "")}},
		{name: "POST without a body, three required headers", options: first, requests: []sent{request(204, "POST", identification+"/validate", installation+fingerprint, "")}},
		{name: "POST with a JSON body of 1 KB", options: orders, requests: []sent{request(201, "POST", "/orders", "", order)}},
		{name: "POST that breaks the contract in two places", options: first, requests: []sent{request(400, "POST", identification+"/validate", "", "")}},
		{name: "GET with a forced status", options: first, requests: []sent{request(500, "GET", identification, "Prefer: code=500\r\n", "")}},
	}
	stubs := testCase{name: "10,000 stubs, told apart by a path parameter", options: stubsOf}
	for i := range 1_000 {
		stubs.requests = append(stubs.requests, request(200, "GET", fmt.Sprintf("/items/%d", i*manyStubs/1_000), "", ""))
	}
	paths := testCase{name: "a contract of 1,000 paths", options: pathsOf}
	for i := range manyPaths {
		paths.requests = append(paths.requests, request(200, "GET", fmt.Sprintf("/resource%d/7/parts/x", i), "", ""))
	}
	sessions := testCase{name: "500 sessions, each with a scenario of its own", options: first, prepare: activate}
	for i := range manySessions {
		sessions.requests = append(sessions.requests, request(409, "POST", identification+"/validate", installation+fingerprint+fmt.Sprintf("Understudy-Session: s%d\r\n", i), ""))
	}
	return append(list, stubs, paths, sessions)
}

func activate(ctx context.Context, m *mock.Mock, _ string) error {
	for i := range manySessions {
		if _, err := m.MakeSession(ctx, fmt.Sprintf("s%d", i), mock.SessionStart{Scenarios: []string{"validate/409"}}); err != nil {
			return err
		}
	}
	return nil
}

// order is a body of 1,024 bytes with fifteen members.
var order = func() string {
	const head = `{"number":"A-000017","customer":{"id":4711,"name":"Maria Garcia","email":"maria@example.com"},"currency":"EUR","total":129.9,"paid":true,"placed":"2026-01-31T09:30:00Z","tags":["gift","express"],"lines":[{"sku":"0123456789012","quantity":2,"price":19.95},{"sku":"0123456789029","quantity":1,"price":90}],"note":"`
	const tail = `"}`
	return head + strings.Repeat("n", 1024-len(head)-len(tail)) + tail
}()

func orders(string) (mock.Options, error) {
	return mock.Options{Specs: []mock.Spec{{Location: "testdata/load/orders.yaml"}}, Scenarios: []string{}}, nil
}

func stubsOf(folder string) (mock.Options, error) {
	var b strings.Builder
	b.WriteString("default: true\noperations:\n  getItem:\n")
	for i := range manyStubs {
		fmt.Fprintf(&b, "    - when: {path: {id: %d}}\n      respond: {status: 200, body: {name: item %d}}\n", i, i)
	}
	return written(folder, `openapi: 3.1.0
info: {title: Items, version: "1"}
paths:
  /items/{id}:
    get:
      operationId: getItem
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: the item, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
`, b.String())
}

func pathsOf(folder string) (mock.Options, error) {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: Many, version: \"1\"}\npaths:\n")
	for i := range manyPaths {
		fmt.Fprintf(&b, `  /resource%d/{id}/parts/{part}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: part, in: path, required: true, schema: {type: string}}]
    get: {operationId: getPart%d, responses: {"200": {description: it, content: {application/json: {example: {part: %d}}}}}}
`, i, i, i)
	}
	return written(folder, b.String(), "")
}

// written puts a description, and a scenario where there is one, into a folder.
func written(folder, description, scenario string) (mock.Options, error) {
	spec, scenarios := filepath.Join(folder, "openapi.yaml"), filepath.Join(folder, "scenarios")
	if err := os.WriteFile(spec, []byte(description), 0o600); err != nil {
		return mock.Options{}, err
	}
	if err := os.Mkdir(scenarios, 0o700); err != nil {
		return mock.Options{}, err
	}
	if scenario != "" {
		if err := os.WriteFile(filepath.Join(scenarios, "many.yaml"), []byte(scenario), 0o600); err != nil {
			return mock.Options{}, err
		}
	}
	return mock.Options{Specs: []mock.Spec{{Location: spec}}, Scenarios: []string{scenarios}}, nil
}
