package author_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// written gives the text of the scenario, and the reasons why stubs were left out.
func written(t *testing.T, stubs ...author.Stub) (text string, reasons []string) {
	t.Helper()
	r := author.Write(author.Scenario{Name: "test", Stubs: stubs}, []*contract.Contract{theShop(t)}, author.Options{})
	for _, each := range r.LeftOut {
		reasons = append(reasons, each.Reason)
	}
	if r.Files == nil {
		return "", reasons
	}
	text = string(r.Files[0].Data)
	if _, err := scenario.LoadFiles([]*source.File{{Name: "test.yaml", Data: r.Files[0].Data}}, []*contract.Contract{theShop(t)}, scenario.Options{}); err != nil {
		t.Errorf("%s\n%v", text, err)
	}
	return text, reasons
}

// member reads a member from YAML.
func member(t *testing.T, text string) source.Node {
	t.Helper()
	n, found := source.Parse(&source.File{Name: "member.yaml", Data: []byte(text)}, source.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return n.Kids[0]
}

func TestWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	op := theShop(t).Operation("getOrder")
	missing := author.Answer{Status: 404, ContractBody: true}
	for _, test := range []struct {
		name   string
		stubs  []author.Stub
		text   string // in the file
		reason string // of what is left out
	}{
		{"nothing to say", []author.Stub{{Operation: op}}, "", "it has no answer"},
		{"hidden by another", []author.Stub{{Operation: op, Answers: []author.Answer{missing}}, {Operation: op, Answers: []author.Answer{{Status: 200, ContractBody: true}}}},
			"- respond: {status: 404}", "a stub before it answers all of its requests"},
		{"a condition of the caller", []author.Stub{{Operation: op, When: parsedNode(t, "path: {id: abc}"), Answers: []author.Answer{missing}}, {Operation: op, Answers: []author.Answer{missing}}},
			"- respond: {status: 404}", `no valid request has "abc" in path "id": the condition never holds`},
		{"a member of the caller", []author.Stub{{Operation: op, Answers: []author.Answer{missing}, More: []source.Node{member(t, "set: {none: a}")}}}, "", `the scenario has no state "none"`},
		{"a name that cannot be", []author.Stub{{Operation: op, Name: strings.Repeat("x", 101), Answers: []author.Answer{missing}}}, "getOrder: # GET /orders/{id}\n    - respond: {status: 404}\n", ""},
		{"names that are the same", []author.Stub{{Operation: op, Name: "one", When: parsedNode(t, "path: {id: 1}"), Answers: []author.Answer{missing}}, {Operation: op, Name: "one", Answers: []author.Answer{{Status: 200, ContractBody: true}}}},
			"- name: one\n      when: {path: {id: 1}}\n      respond: {status: 404}\n    - respond: {status: 200}\n", ""},
		{"a body that the caller states", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 404, Body: []byte("no"), More: []source.Node{member(t, "body: {code: '${request.id}'}"), member(t, "delay: 1s")}}}}},
			`respond: {status: 404, body: {code: "${request.id}"}, delay: "1s"}`, ""},
		{"an expression that fails", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 404, More: []source.Node{member(t, "body: {code: '${nobody}'}")}}}}}, "", "an expression has no name \"nobody\""},
		{"a fault", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 200, Fault: exchange.FaultReset}}}}, "respond: {fault: CONNECTION_RESET_BY_PEER}", ""},
		{"a body that is not known", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 200, Body: []byte("{"), Unknown: "of 9 bytes one is left"}}}},
			"# The body is the contract's own: of 9 bytes one is left.\n    - respond: {status: 200}", ""},
		{"the reason of the caller", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 404, Body: []byte("5"), OffContract: "as ${seen}"}}}},
			`respond: {status: 404, body: 5, offContract: "as $ {seen}"}`, ""},
		{"bytes", []author.Stub{{Operation: theShop(t).Operation("getLabel"), Answers: []author.Answer{{Status: 200, Header: map[string][]string{"Content-Type": {"image/png"}}, Body: []byte("\x89PNG")}}}},
			"respond: {status: 200, mediaType: image/png, base64: iVBORw==}", ""},
		{"no body where one is described", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 404}}}},
			"text: \"\"\n        offContract: the contract describes a body for status 404 and none was sent", ""},
		{"headers of a connection", []author.Stub{{Operation: op, Answers: []author.Answer{{Status: 404, ContractBody: true, Header: map[string][]string{"Connection": {"x-a, close"}, "X-A": {"1"}, "X-B": {"1", "2"}, "Understudy-Why": {"x"}}}}}},
			`respond: {status: 404, headers: {X-B: ["1", "2"]}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, reasons := written(t, test.stubs...)
			if all := strings.Join(reasons, "; "); all != test.reason && (test.reason == "" || !strings.Contains(all, test.reason)) {
				t.Errorf("left out: %q, not %q", all, test.reason)
			}
			if !strings.Contains(text, test.text) || test.text == "" && text != "" {
				t.Errorf("the file does not have\n%s\n%s", test.text, text)
			}
		})
	}
}

func parsedNode(t *testing.T, text string) *source.Node {
	t.Helper()
	n, found := source.Parse(&source.File{Name: "when.yaml", Data: []byte(text)}, source.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return n
}

// TestSecrets holds that no condition asks for what is not shown.
func TestSecrets(t *testing.T) {
	t.Parallel()
	seen := conversation(t, "> GET /orders?page=1\n> X-Tenant: a\n< 200\n< Set-Cookie: [redacted]\n< X-Note: for [redacted]\n< Content-Type: application/json\n<\n< []\n\n"+
		"> GET /orders?page=1\n> X-Tenant: b\n< 500\n< Content-Type: application/json\n<\n< {\"code\": \"A\", \"message\": \"[redacted]\"}")
	for i := range seen {
		*seen[i].Exchange.Parameter(exchange.Header, "x-tenant") = exchange.Parameter{In: exchange.Header, Name: "x-tenant", Present: true, Value: exchange.Redacted}
	}
	text, _ := written(t, author.Stubs(seen, exchange.Query)...)
	want := `operations:
  listOrders: # GET /orders
    - when: {query: {page: 1}}
      respond:
        - {status: 200, body: []}
        - {status: 500, body: {code: A, message: "[redacted]"}}
`
	if text != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}
