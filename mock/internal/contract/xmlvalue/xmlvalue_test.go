package xmlvalue_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/xmlvalue"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// codec is that of a schema, written as YAML in one line.
func codec(t testing.TB, text, root string) *xmlvalue.Codec {
	t.Helper()
	file := filepath.Join(t.TempDir(), "schema.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	docs, found := document.Load(context.Background(), file, document.Options{})
	if docs == nil {
		t.Fatal(found)
	}
	c := schema.NewCompiler(docs, schema.Draft202012)
	body, err := param.CompileBody(docs.Main, c, schema.Request)
	if err != nil {
		t.Fatal(err)
	}
	return xmlvalue.New(body, root, c.ShapeOf)
}

func parse(text string) (*source.Node, source.Diagnostics) {
	return source.Parse(&source.File{Name: "value.json", Data: []byte(text)}, source.Options{})
}

// TestXMLObject goes through the rules of the xml object (OpenAPI 3.1 section 4.8.26, 3.2
// section 4.8.26.1), a row for each: what a document stands for, and how that is written.
func TestXMLObject(t *testing.T) {
	t.Parallel()
	const space = `namespace: "http://e/s"`
	for name, test := range map[string]struct {
		schema, document, value string
		// written is the document that the value is written as, where it is another.
		written string
	}{
		"no xml object: a property is an element of its name":   {`{type: object, properties: {a: {type: integer}}}`, `<r><a>1</a></r>`, `{"a":1}`, ""},
		"no xml object: an array is repeated elements":          {`{type: object, properties: {a: {type: array, items: {type: integer}}}}`, `<r><a>1</a><a>2</a></r>`, `{"a":[1,2]}`, ""},
		"name of a property":                                    {`{type: object, properties: {a: {type: integer, xml: {name: b}}}}`, `<r><b>1</b></r>`, `{"a":1}`, ""},
		"name of the root":                                      {`{type: object, xml: {name: pet}, properties: {a: {type: integer}}}`, `<pet><a>1</a></pet>`, `{"a":1}`, ""},
		"name of items, not wrapped":                            {`{type: object, properties: {a: {type: array, items: {type: integer, xml: {name: i}}}}}`, `<r><i>1</i><i>2</i></r>`, `{"a":[1,2]}`, ""},
		"name of an array that is not wrapped is that of items": {`{type: object, properties: {a: {type: array, xml: {name: b}, items: {type: integer}}}}`, `<r><b>1</b></r>`, `{"a":[1]}`, ""},
		"name of items goes before that of the array":           {`{type: object, properties: {a: {type: array, xml: {name: b}, items: {type: integer, xml: {name: i}}}}}`, `<r><i>1</i></r>`, `{"a":[1]}`, ""},
		"wrapped":                                            {`{type: object, properties: {a: {type: array, xml: {wrapped: true}, items: {type: integer}}}}`, `<r><a><a>1</a><a>2</a></a></r>`, `{"a":[1,2]}`, ""},
		"wrapped, name of the array":                         {`{type: object, properties: {a: {type: array, xml: {wrapped: true, name: b}, items: {type: integer}}}}`, `<r><b><b>1</b></b></r>`, `{"a":[1]}`, ""},
		"wrapped, name of items":                             {`{type: object, properties: {a: {type: array, xml: {wrapped: true}, items: {type: integer, xml: {name: i}}}}}`, `<r><a><i>1</i></a></r>`, `{"a":[1]}`, ""},
		"wrapped, both names":                                {`{type: object, properties: {a: {type: array, xml: {wrapped: true, name: b}, items: {type: integer, xml: {name: i}}}}}`, `<r><b><i>1</i></b></r>`, `{"a":[1]}`, ""},
		"wrapped, empty":                                     {`{type: object, properties: {a: {type: array, xml: {wrapped: true}, items: {type: integer}}}}`, `<r><a></a></r>`, `{"a":[]}`, ""},
		"wrapped says nothing of what is no array":           {`{type: object, properties: {a: {type: integer, xml: {wrapped: true}}}}`, `<r><a>1</a></r>`, `{"a":1}`, ""},
		"attribute":                                          {`{type: object, properties: {a: {type: integer, xml: {attribute: true}}, b: {type: string}}}`, `<r a="1"><b>x</b></r>`, `{"a":1,"b":"x"}`, ""},
		"attribute with a name":                              {`{type: object, properties: {a: {type: integer, xml: {attribute: true, name: b}}}}`, `<r b="1"></r>`, `{"a":1}`, ""},
		"attribute: false":                                   {`{type: object, properties: {a: {type: integer, xml: {attribute: false}}}}`, `<r><a>1</a></r>`, `{"a":1}`, ""},
		"namespace without a prefix":                         {`{type: object, xml: {` + space + `}, properties: {a: {type: integer, xml: {` + space + `}}}}`, `<r xmlns="http://e/s"><a>1</a></r>`, `{"a":1}`, `<r xmlns="http://e/s"><a xmlns="http://e/s">1</a></r>`},
		"namespace and prefix":                               {`{type: object, xml: {` + space + `, prefix: p}, properties: {a: {type: integer, xml: {` + space + `, prefix: p}}}}`, `<p:r xmlns:p="http://e/s"><p:a>1</p:a></p:r>`, `{"a":1}`, `<p:r xmlns:p="http://e/s"><p:a xmlns:p="http://e/s">1</p:a></p:r>`},
		"another prefix of the same namespace":               {`{type: object, xml: {` + space + `, prefix: p}}`, `<q:r xmlns:q="http://e/s"></q:r>`, `{}`, `<p:r xmlns:p="http://e/s"></p:r>`},
		"prefix and namespace of an attribute":               {`{type: object, properties: {a: {type: integer, xml: {attribute: true, ` + space + `, prefix: p}}}}`, `<r xmlns:p="http://e/s" p:a="1"></r>`, `{"a":1}`, ""},
		"a prefix without a namespace is left out":           {`{type: object, properties: {a: {type: integer, xml: {prefix: p}}}}`, `<r><a>1</a></r>`, `{"a":1}`, ""},
		"namespace of items":                                 {`{type: object, properties: {a: {type: array, items: {type: integer, xml: {` + space + `, prefix: p, name: i}}}}}`, `<r><p:i xmlns:p="http://e/s">1</p:i></r>`, `{"a":[1]}`, ""},
		"nodeType element of an object is what it is anyway": {`{type: object, properties: {a: {type: integer, xml: {nodeType: element}}}}`, `<r><a>1</a></r>`, `{"a":1}`, ""},
		"nodeType element of an array wraps it":              {`{type: object, properties: {a: {type: array, xml: {nodeType: element}, items: {type: integer}}}}`, `<r><a><a>1</a></a></r>`, `{"a":[1]}`, ""},
		"nodeType none of an array":                          {`{type: object, properties: {a: {type: array, xml: {nodeType: none}, items: {type: integer}}}}`, `<r><a>1</a></r>`, `{"a":[1]}`, ""},
		"nodeType attribute":                                 {`{type: object, properties: {a: {type: integer, xml: {nodeType: attribute}}}}`, `<r a="1"></r>`, `{"a":1}`, ""},
		"nodeType text":                                      {`{type: object, properties: {a: {type: integer, xml: {nodeType: attribute}}, t: {type: string, xml: {nodeType: text}}}}`, `<r a="1">x</r>`, `{"a":1,"t":"x"}`, ""},
		"nodeType cdata is text":                             {`{type: object, properties: {t: {type: string, xml: {nodeType: cdata}}}}`, `<r><![CDATA[<x>]]></r>`, `{"t":"<x>"}`, `<r>&lt;x&gt;</r>`},
		"an object inside of an object":                      {`{type: object, properties: {a: {type: object, properties: {b: {type: integer}}}}}`, `<r><a><b>1</b></a></r>`, `{"a":{"b":1}}`, ""},
		"an array of objects":                                {`{type: object, properties: {a: {type: array, items: {type: object, properties: {b: {type: integer}}}}}}`, `<r><a><b>1</b></a><a><b>2</b></a></r>`, `{"a":[{"b":1},{"b":2}]}`, ""},
		"an array as the document":                           {`{type: array, xml: {name: list}, items: {type: integer, xml: {name: i}}}`, `<list><i>1</i><i>2</i></list>`, `[1,2]`, ""},
		"a scalar as the document":                           {`{type: integer, xml: {name: n}}`, `<n>7</n>`, `7`, ""},
		"null is xsi:nil":                                    {`{type: object, properties: {a: {type: [string, 'null']}}}`, `<r><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></r>`, `{"a":null}`, ""},
		"the types of text":                                  {`{type: object, properties: {b: {type: boolean}, n: {type: number}, s: {type: string}}}`, `<r><b>true</b><n> 1.50 </n><s> 1 </s></r>`, `{"b":true,"n":1.50,"s":" 1 "}`, `<r><b>true</b><n>1.50</n><s> 1 </s></r>`},
		"a reference":                                        {`{type: object, properties: {a: {$ref: "#/$defs/A"}}, $defs: {A: {type: integer, xml: {name: b}}}}`, `<r><b>1</b></r>`, `{"a":1}`, ""},
		"allOf":                                              {`{allOf: [{type: object, properties: {a: {type: integer, xml: {attribute: true}}}}, {properties: {b: {type: integer}}}]}`, `<r a="1"><b>2</b></r>`, `{"a":1,"b":2}`, ""},
		"what is not described":                              {`{type: object}`, `<r q="1"><a>2</a><l>3</l><l>4</l></r>`, `{"a":"2","l":["3","4"],"q":"1"}`, `<r><a>2</a><l>3</l><l>4</l><q>1</q></r>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := codec(t, test.schema, "r")
			value, decoded, found := c.Decode([]byte(test.document))
			text, err := json.Marshal(value)
			if err != nil || !decoded || len(found) > 0 {
				t.Fatalf("decoded: %t, %v %v", decoded, found, err)
			}
			if plain(string(text)) != test.value {
				t.Errorf("read: %s, want %s", text, test.value)
			}
			tree, problems := parse(test.value)
			if tree == nil {
				t.Fatal(problems)
			}
			body, err := c.Encode(tree)
			want := test.written
			if want == "" {
				want = test.document
			}
			if got := strings.TrimPrefix(string(body), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"); err != nil || got != want {
				t.Errorf("written: %s, want %s: %v", got, want, err)
			}
			again, _, found := c.Decode(body)
			if second, _ := json.Marshal(again); len(found) > 0 || string(second) != string(text) {
				t.Errorf("read again: %s %v", second, found)
			}
		})
	}
}

func plain(text string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text)
}

// TestViolations holds that violations name elements and attributes that are not called
// like their properties.
func TestViolations(t *testing.T) {
	t.Parallel()
	c := codec(t, `{type: object, required: [id, other, list, text], properties: {
  id: {type: integer, xml: {attribute: true}}, key: {type: integer, xml: {attribute: true, name: k}}, other: {type: integer, xml: {name: o}}, same: {type: integer},
  list: {type: array, items: {type: integer, xml: {name: i}}}, wrapped: {type: array, xml: {wrapped: true, name: w}, items: {type: object, required: [n], properties: {n: {type: integer, xml: {name: m}}}, xml: {name: x}}},
  text: {type: string, minLength: 1, xml: {nodeType: text}}}}`, "r")
	for document, want := range map[string]string{
		`<r id="1"><o>1</o><same>x</same><i>1</i>t</r>`:         `body /same must be an integer, got "x"; `,
		`<r id="1"><o>x</o><i>1</i>t</r>`:                       `body "o" /other must be an integer, got "x"; `,
		`<r id="1" k="x"><o>1</o><i>1</i>t</r>`:                 `body "@k" /key must be an integer, got "x"; `,
		`<r id="x"><o>1</o><i>1</i>t</r>`:                       `body /id must be an integer, got "x"; `,
		`<r id="1"><o>1</o><i>1</i><i>x</i>t</r>`:               `body "i" /list/1 must be an integer, got "x"; `,
		`<r id="1"><o>1</o><i>1</i><w><x><m>x</m></x></w>t</r>`: `body "m" /wrapped/0/n must be an integer, got "x"; `,
		`<r id="1"><o>1</o><i>1</i><w><x/></w>t</r>`:            `body "x" /wrapped/0 must be an object with property "n", got an object without it; add the element <m>`,
		`<r><o>1</o><i>1</i>t</r>`:                              `body must be an object with property "id", got an object without it; add the attribute id`,
		`<r id="1"><i>1</i>t</r>`:                               `body must be an object with property "other", got an object without it; add the element <o>`,
		`<r id="1"><o>1</o>t</r>`:                               `body must be an object with property "list", got an object without it; add the element <i>`,
		`<r id="1"><o>1</o><i>1</i></r>`:                        `body /text must be a string of at least 1 character, got "" (0 characters); `,
	} {
		_, _, found := c.Decode([]byte(document))
		if len(found) != 1 || !strings.HasPrefix(found[0].String()+"; "+found[0].Fix, want) {
			t.Errorf("%s: %v %+v, want %s", document, found, found, want)
		}
	}
}

// TestRefused holds what is not read: entities above all, and what is beyond the bounds.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := codec(t, `{}`, "")
	for document, want := range map[string]string{
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`:                                                        "it has a document type, and none is read",
		`<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`: "it has a document type, and none is read",
		`<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`:                                                    "it has a document type, and none is read",
		`<a>&x;</a>`:             "line 1: invalid character entity &x;",
		`<a b="&x;"/>`:           "line 1: invalid character entity &x;",
		`<a b="1" c="2" b="1"/>`: "an element has the attribute b twice",
		`<a xmlns:p="x" xmlns:q="x" p:b="1" q:b="2"/>`: "an element has the attribute b twice",
		`<a><b></a>`:                     "line 1: element <b> closed by </a>",
		"<a>\xff</a>":                    "it is not UTF-8",
		``:                               "there is no element",
		`text`:                           "there is text outside of the root element",
		`<a/><b/>`:                       "it has more than one root element",
		strings.Repeat("<a>", 1_000_000): "elements are nested more than 256 deep",
		"<a" + strings.Repeat(` b="="`, 257) + "/>":                                      "an element has more than 256 attributes",
		"<!-- < --><?p <?><a><![CDATA[<]]><b" + strings.Repeat(` b='>'`, 257) + "/></a>": "an element has more than 256 attributes",
	} {
		value, decoded, found := c.Decode([]byte(document))
		if value != nil || decoded || len(found) != 1 || found[0].Got != want {
			t.Errorf("%.80s: %v %v, want %q", document, value, found, want)
		}
	}
	for _, document := range []string{
		"<a>" + strings.Repeat("=", 1000) + "</a>",
		"<a><!-- <b" + strings.Repeat(` b="1"`, 300) + ">--></a>",
		"<a><![CDATA[<b" + strings.Repeat(` b="1"`, 300) + ">]]></a>",
		"<a><?p" + strings.Repeat(` b="1"`, 300) + "?></a>",
		`<a b="` + strings.Repeat("=", 300) + `"/>`,
		"<a>&lt;&#61;&#x41;</a>",
	} {
		if _, decoded, found := c.Decode([]byte(document)); !decoded {
			t.Errorf("%.80s: %v", document, found)
		}
	}
}

// TestAttributeMemory refuses two million attributes before they take memory. It is not
// parallel: what others allocate must not count.
func TestAttributeMemory(t *testing.T) {
	c := codec(t, `{}`, "")
	document := []byte("<a" + strings.Repeat(` b=""`, 2_000_000) + "/>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, decoded, _ := c.Decode(document)
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; decoded || taken > 1<<20 {
		t.Errorf("decoded: %t, %d bytes were allocated", decoded, taken)
	}
}

// TestNotWritten tells what XML cannot hold.
func TestNotWritten(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`{"a b": 1}`:      `"a b" is no name of an XML element`,
		`{"": 1}`:         `"" is no name of an XML element`,
		`{"1a": 1}`:       `"1a" is no name of an XML element`,
		`{"a": "\u0001"}`: "the character U+0001 cannot stand in XML",
		`{"id": [1]}`:     "an attribute or a text cannot hold an object or array",
	} {
		tree, problems := parse(value)
		if tree == nil {
			t.Fatal(problems)
		}
		if body, err := codec(t, `{properties: {id: {xml: {attribute: true}}}}`, "").Encode(tree); err == nil || err.Error() != want {
			t.Errorf("%s: %s %v, want %s", value, body, err, want)
		}
	}
}

// FuzzDecode holds that no document makes a panic, and that what is read can be written
// and read again.
func FuzzDecode(f *testing.F) {
	c := codec(f, `{type: object, xml: {name: r}, properties: {a: {type: [integer, 'null'], xml: {attribute: true}}, l: {type: array, xml: {wrapped: true}, items: {type: string, xml: {name: i}}}, o: {type: object, xml: {namespace: u, prefix: p}, properties: {t: {type: string, xml: {nodeType: text}}}}}}`, "r")
	for _, seed := range []string{`<r a="1"><l><i>x</i></l><p:o xmlns:p="u">t</p:o></r>`, `<!DOCTYPE r><r/>`, `<r><![CDATA[x]]><!-- = --><?p ?></r>`, "<r", `<r a="1" a="2"/>`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		value, decoded, found := c.Decode(document)
		for _, v := range found {
			if v.In == "" || v.String() == "" {
				t.Errorf("%+v", v)
			}
		}
		if !decoded || len(found) > 0 {
			return
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		tree, problems := parse(string(text))
		if tree == nil {
			t.Fatal(problems)
		}
		body, err := c.Encode(tree)
		if err != nil {
			return // names in namespaces that are not described
		}
		if _, decoded, found := c.Decode(body); !decoded {
			t.Errorf("%s is written as %s: %v", document, body, found)
		}
	})
}
