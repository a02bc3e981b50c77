package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/sequence"
	"github.com/understudy-mock/understudy/mock/internal/contract/xmlvalue"
)

// TestXML goes through the examples of the xml object (OpenAPI 3.1 section 4.8.26.2).
func TestXML(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", "application/xml", `
    schema:
      type: object
      required: [id]
      xml: {name: pet, namespace: "http://example.com/pets", prefix: p}
      properties:
        id: {type: integer, xml: {attribute: true}}
        name: {type: string, minLength: 1}
        renamed: {type: string, xml: {name: other}}
        note: {type: [string, 'null']}
        tags: {type: array, maxItems: 2, items: {type: string}}
        animals: {type: array, items: {type: string, xml: {name: animal}}}
        wrapped: {type: array, xml: {wrapped: true}, items: {type: integer}}
        aliens: {type: array, xml: {name: strangers, wrapped: true}, items: {type: object, xml: {name: alien}, properties: {n: {type: integer}}}}
        sub: {type: object, properties: {n: {type: number}, s: {$ref: "#/paths/~1a/post/requestBody/content/application~1xml/schema/properties/sub"}}}
        spaced: {type: string, xml: {namespace: "http://example.com/s", prefix: s}}
      additionalProperties: false`)
	const ct = "application/xml"
	in := func(attrs, inner string) string {
		return `<p:pet xmlns:p="http://example.com/pets"` + attrs + `>` + inner + `</p:pet>`
	}
	checkBodies(t, c, []bodyCase{
		{"members", ct, in(` id="7"`, `<name>Rex &amp; co</name><other>o</other>`), "", `{"id":7,"name":"Rex \u0026 co","renamed":"o"}`},
		{"another media type", "text/xml", `x`, `header "Content-Type" must be application/xml, got "text/xml"`, ``},
		{"prolog", ct, `<?xml version="1.0" encoding="UTF-8"?><!-- a -->` + in(` id="7"`, `<name>a<!-- b -->c<![CDATA[<d>]]></name>`), "", `{"id":7,"name":"ac\u003cd\u003e"}`},
		{"no attribute", ct, in("", ""), `body must be an object with property "id", got an object without it`, `{}`},
		{"a bad attribute", ct, in(` id="q"`, ""), `body /id must be an integer, got "q"`, `{"id":"q"}`},
		{"an empty string", ct, in(` id="7"`, "<name/>"), `body /name must be a string of at least 1 character, got "" (0 characters)`, `{"id":7,"name":""}`},
		{"nil", ct, in(` id="7" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`, `<note xsi:nil="true"/>`), "", `{"id":7,"note":null}`},
		{"repeated elements", ct, in(` id="7"`, "<tags>a</tags><tags>b</tags>"), "", `{"id":7,"tags":["a","b"]}`},
		{"too many", ct, in(` id="7"`, "<tags>a</tags><tags>b</tags><tags>c</tags>"), `body /tags must be an array of at most 2 items, got 3 items`, `{"id":7,"tags":["a","b","c"]}`},
		{"items with a name", ct, in(` id="7"`, "<animal>a</animal><animal>b</animal>"), "", `{"animals":["a","b"],"id":7}`},
		{"wrapped", ct, in(` id="7"`, "<wrapped><wrapped>1</wrapped><wrapped>2</wrapped></wrapped>"), "", `{"id":7,"wrapped":[1,2]}`},
		{"wrapped, with names", ct, in(` id="7"`, "<strangers><alien><n>1</n></alien></strangers>"), "", `{"aliens":[{"n":1}],"id":7}`},
		{"wrapped, another name", ct, in(` id="7"`, "<strangers><human/></strangers>"), `body "alien" /aliens/0 must be <alien>, got <human>`, `{"aliens":[{}],"id":7}`},
		{"wrapped, none", ct, in(` id="7"`, "<strangers/>"), "", `{"aliens":[],"id":7}`},
		{"objects inside of each other", ct, in(` id="7"`, strings.Repeat("<sub><s>", 1)+"<n>1.50</n>"+"</s></sub>"), "", `{"id":7,"sub":{"s":{"n":1.50}}}`},
		{"a recursive schema, deeper than shapes", ct, in(` id="7"`, "<sub>"+strings.Repeat("<s>", 20)+"<n>x</n>"+strings.Repeat("</s>", 20)+"</sub>"), `body /sub` + strings.Repeat("/s", 20) + `/n must be a number, got "x"`,
			`{"id":7,"sub":` + strings.Repeat(`{"s":`, 20) + `{"n":"x"}` + strings.Repeat("}", 20) + `}`},
		{"a namespace", ct, in(` id="7" xmlns:q="http://example.com/s"`, `<q:spaced>a</q:spaced>`), "", `{"id":7,"spaced":"a"}`},
		{"another namespace", ct, in(` id="7"`, `<spaced>a</spaced>`), `body /spaced must be in the namespace "http://example.com/s", got ""`, `{"id":7,"spaced":"a"}`},
		{"unknown elements", ct, in(` id="7"`, `<colour>red</colour>`), `body /colour must be absent, got "red"`, `{"colour":"red","id":7}`},
		{"sent twice", ct, in(` id="7"`, `<name>a</name><name>b</name>`), `body /name must be sent once, got 2 values`, `{"id":7,"name":"a"}`},
		{"text between elements", ct, in(` id="7"`, `a<name>b</name>`), `body must be elements alone, got text between them`, `{"id":7,"name":"b"}`},
		{"another root", ct, `<cat id="7"/>`, `body must be <pet>, got <cat>; body must be in the namespace "http://example.com/pets", got ""`, `{"id":7}`},
		{"half a document", ct, `<pet><a>`, `body must be XML, got line 1: unexpected EOF`, ``},
		{"a document type", ct, `<!DOCTYPE pet [<!ENTITY e "x">]><pet id="7">&e;</pet>`, `body must be XML, got it has a document type, and none is read`, ``},
		{"an entity", ct, `<pet id="7">&e;</pet>`, `body must be XML, got line 1: invalid character entity &e;`, ``},
		{"another encoding", ct, "<?xml version='1.0' encoding='latin1'?><pet/>", `body must be XML, got xml: encoding "latin1" declared but Decoder.CharsetReader is nil`, ``},
		{"two roots", ct, `<pet/><pet/>`, `body must be XML, got it has more than one root element`, ``},
	})
	if found := c.Operation("POST /a").Findings(); len(found) > 0 {
		t.Errorf("it is all enforced, but %v", found)
	}
}

// TestNodeType reads the nodeType of OpenAPI 3.2 (section 4.8.26.1).
func TestNodeType(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.2.0", "application/xml", `{schema: {type: object, properties: {lang: {type: string, xml: {nodeType: attribute}}, value: {type: integer, xml: {nodeType: text}}, list: {type: array, xml: {nodeType: element}, items: {type: integer, xml: {name: i}}}}}}`)
	checkBodies(t, c, []bodyCase{
		{"text", "application/xml", `<a lang="en">7</a>`, "", `{"lang":"en","value":7}`},
		{"bad text", "application/xml", `<a>x</a>`, `body /value must be an integer, got "x"`, `{"value":"x"}`},
	})
	bare := takes(t, "3.0.0", "application/xml", `{schema: {type: array, items: {type: integer, xml: {name: n}}}}`)
	checkBodies(t, bare, []bodyCase{
		{"a root array", "application/xml", `<all><n>1</n><n>2</n></all>`, "", `[1,2]`},
		{"a bad item", "application/xml", `<all><n>1</n><n>x</n></all>`, `body "n" /1 must be an integer, got "x"`, `[1,"x"]`},
	})
	checkBodies(t, takes(t, "3.0.0", "application/xhtml+xml", `{}`), []bodyCase{
		{"nothing is said", "application/xhtml+xml", `<p>a</p>`, "", `"a"`},
		{"nothing is said, and it is not read", "application/xhtml+xml", `<!DOCTYPE html><html/>`, "", ``},
	})
	text := takes(t, "3.0.0", "application/xml", `{schema: {type: string, maxLength: 5}}`)
	checkBodies(t, text, []bodyCase{{"a document that the schema calls a string", "application/xml", `<a/>`, "", `"\u003ca/\u003e"`}})
}

// TestSequences judges each item of JSON lines, JSON text sequences and event streams.
func TestSequences(t *testing.T) {
	t.Parallel()
	const item = `{itemSchema: {type: object, required: [n], properties: {n: {type: integer}}}}`
	for _, mediaType := range []string{"application/jsonl", "application/x-ndjson"} {
		checkBodies(t, takes(t, "3.2.0", mediaType, item), []bodyCase{
			{"lines", mediaType, "{\"n\":1}\n\r\n{\"n\":2}\r\n", "", `[{"n":1},{"n":2}]`},
			{"a bad line", mediaType, "{\"n\":1}\n{\"n\":\"x\"}\n", `body /1/n must be an integer, got "x"`, `[{"n":1},{"n":"x"}]`},
			{"half a line", mediaType, "{\"n\":1}\n{", `body /1 must be JSON lines, got a text that ends too early`, ``},
		})
	}
	const seq = "application/json-seq"
	checkBodies(t, takes(t, "3.2.0", seq, item), []bodyCase{
		{"records", seq, "\x1e{\"n\":1}\n\x1e{\"n\":2}\n", "", `[{"n":1},{"n":2}]`},
		{"no separator", seq, "{\"n\":1}\n", `body /0 must be a JSON text sequence, got a text must begin with the record separator, byte 0x1E`, ``},
	})
	const events = "text/event-stream"
	checkBodies(t, takes(t, "3.2.0", events, `{itemSchema: {type: object, required: [data], properties: {data: {type: string}, event: {enum: [add]}, retry: {type: integer}}}}`), []bodyCase{
		{"events", events, ": hello\n\nevent: add\ndata: a\ndata: b\nid: 7\nretry: 0010\n\n", "", `[{"data":"a\nb","event":"add","id":"7","retry":10}]`},
		{"a bad event", events, "data: a\n\nevent: drop\ndata: b\n\n", `body /1/event must be "add", got "drop"`, `[{"data":"a"},{"data":"b","event":"drop"}]`},
	})
	checkBodies(t, takes(t, "3.0.0", "application/x-ndjson", `{schema: {type: object, required: [n]}}`), []bodyCase{
		{"a schema of objects is the item's", "application/x-ndjson", "{\"n\":1}\n{}\n", `body /1 must be an object with property "n", got an object without it`, `[{"n":1},{}]`},
	})
	checkBodies(t, takes(t, "3.2.0", "application/jsonl", `{schema: {type: array, maxItems: 1}}`), []bodyCase{
		{"a schema of arrays is that of all", "application/jsonl", "1\n2\n", `body must be an array of at most 1 item, got 2 items`, `[1,2]`},
	})
}

// TestBytes bounds bytes by their number.
func TestBytes(t *testing.T) {
	t.Parallel()
	const stream = "application/octet-stream"
	checkBodies(t, takes(t, "3.0.0", stream, `{schema: {type: string, format: binary, minLength: 2, maxLength: 4}}`), []bodyCase{
		{"within", stream, "\xff\xfe\xfd", "", ``},
		{"text", stream, "ab", "", `"ab"`},
		{"bytes are counted", stream, "ééé", "body must be at most 4 bytes, got 6 bytes", `"ééé"`},
		{"too few", stream, "a", "body must be at least 2 bytes, got 1 byte", `"a"`},
	})
	checkBodies(t, takes(t, "3.1.0", "image/*", `{}`), []bodyCase{{"nothing is said", "image/png", "\xff", "", ``}})
	checkBodies(t, takes(t, "3.1.0", "text/csv", `{schema: {type: string, maxLength: 3}}`), []bodyCase{{"text", "text/csv", "éééé", "body must be a string of at most 3 characters, got \"éééé\" (4 characters)", `"éééé"`}})
}

// TestBodyBounds holds each bound of docs/limits.md on bodies that are no JSON.
func TestBodyBounds(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	attrs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` a%d="1"`, i)
		}
		return "<a" + b.String() + "/>"
	}
	field := `Content-Disposition: form-data; name="a"`
	for _, test := range []struct {
		mediaType, within, beyond, told string
	}{
		{"application/xml", deep(xmlvalue.MaxDepth), deep(xmlvalue.MaxDepth + 1), "body must be XML, got elements are nested more than 256 deep"},
		{"application/xml", attrs(xmlvalue.MaxAttributes), attrs(xmlvalue.MaxAttributes + 1), "body must be XML, got an element has more than 256 attributes"},
		{"application/xml", "<" + strings.Repeat("a", xmlvalue.MaxName) + "/>", "<" + strings.Repeat("a", xmlvalue.MaxName+1) + "/>", "body must be XML, got a name is longer than 1024 bytes"},
		{"application/xml", "<r>" + strings.Repeat("<a/>", xmlvalue.MaxNodes-1) + "</r>", "<r>" + strings.Repeat("<a/>", xmlvalue.MaxNodes) + "</r>", "body must be XML, got it has more than 100000 elements and attributes"},
		{formType, strings.Repeat("a=1&", param.MaxMembers), strings.Repeat("a=1&", param.MaxMembers+1), "body must be at most 10000 items or members, got more"},
		{"application/jsonl", strings.Repeat("1\n", sequence.MaxItems), strings.Repeat("1\n", sequence.MaxItems+1), "body must be JSON lines, got there are more than 100000 items"},
		{"application/json-seq", strings.Repeat("\x1e1\n", sequence.MaxItems), strings.Repeat("\x1e1\n", sequence.MaxItems+1), "body must be a JSON text sequence, got there are more than 100000 items"},
		{"text/event-stream", strings.Repeat("data\n\n", sequence.MaxItems), strings.Repeat("data\n\n", sequence.MaxItems+1), "body must be an event stream, got there are more than 100000 items"},
		{"multipart/form-data", parts("x", pieces(contract.MaxParts, field, "1")...), parts("x", pieces(contract.MaxParts+1, field, "1")...), "body must be at most 1000 parts, got more"},
		{"multipart/form-data", parts("x", field+strings.Repeat("\nA: b", contract.MaxPartHeader-1), "1"), parts("x", field+strings.Repeat("\nA: b", contract.MaxPartHeader), "1"), "body must be parts with a header within limits, got a header of 33 lines"},
		{"multipart/form-data", parts("x", field+"\nA: "+strings.Repeat("b", 8<<10-1), "1"), parts("x", field+"\nA: "+strings.Repeat("b", 8<<10), "1"), "body must be parts with a header within limits, got a line of more than 8 KiB"},
	} {
		c := takes(t, "3.1.0", test.mediaType, "{schema: {}}")
		ct := test.mediaType
		if strings.HasPrefix(ct, "multipart") {
			ct += "; boundary=x"
		}
		for body, want := range map[string]string{test.within: "", test.beyond: test.told} {
			told := strings.Join(validate(t, c, "POST /a", http.Header{"Content-Type": {ct}}, body), "; ")
			if told != want {
				t.Errorf("%s, %d bytes: %q, want %q", test.mediaType, len(body), told, want)
			}
		}
	}
}

// TestTextOfFiles holds that conditions see the text of a file as long as it is short.
func TestTextOfFiles(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", "multipart/form-data", "{schema: {type: object, properties: {f: {contentMediaType: image/png}}}}")
	for size, want := range map[int]bool{contract.MaxFileText: true, contract.MaxFileText + 1: false} {
		body := parts("x", `Content-Disposition: form-data; name="f"; filename="a"`, strings.Repeat("a", size))
		ex := exchanged(t, c, "POST /a", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, body)
		file := ex.Body.Value().(map[string]any)["f"].(map[string]any)
		if _, ok := file["content"]; ok != want {
			t.Errorf("%d bytes: content is there: %t", size, ok)
		}
	}
}

func pieces(n int, header, content string) []string {
	var list []string
	for range n {
		list = append(list, header, content)
	}
	return list
}
