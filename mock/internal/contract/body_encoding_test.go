package contract_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// bodyCase is a request with a body: what is told of it, and what conditions see of it.
type bodyCase struct {
	name, contentType, body string
	told, seen              string
}

// takes is a description of POST /a with one media type.
func takes(t testing.TB, version, mediaType, media string) *contract.Contract {
	t.Helper()
	return load(t, `
openapi: `+version+`
info: {title: t, version: "1"}
paths:
  /a:
    post:
      responses: {"200": {description: ok}}
      requestBody:
        content:
          `+mediaType+": "+strings.ReplaceAll(media, "\n", "\n          ")+"\n", contract.Options{})
}

func checkBodies(t *testing.T, c *contract.Contract, cases []bodyCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			ex := exchanged(t, c, "POST /a", http.Header{"Content-Type": {test.contentType}}, test.body)
			var told []string
			for _, v := range ex.Violations {
				told = append(told, v.String())
			}
			if diff := cmp.Diff(test.told, strings.Join(told, "; ")); diff != "" {
				t.Errorf("told: %s", diff)
			}
			seen := ""
			if ex.Body.IsDecoded() {
				text, err := json.Marshal(ex.Body.Value())
				if err != nil {
					t.Fatal(err)
				}
				seen = digests.ReplaceAllString(string(text), "")
			}
			if diff := cmp.Diff(test.seen, seen); diff != "" {
				t.Errorf("seen: %s", diff)
			}
		})
	}
}

// digests of files are left out; that they are right is shown where stubs ask for them.
var digests = regexp.MustCompile(`"sha256":"[0-9a-f]{64}",`)

const formType = "application/x-www-form-urlencoded"

// TestFormEncoding goes through the rows of the encoding object (OpenAPI 3.1 sections
// 4.8.14.4 and 4.8.15) for application/x-www-form-urlencoded.
func TestFormEncoding(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", formType, `
    schema:
      type: object
      required: [id]
      properties:
        id: {type: integer, minimum: 1}
        name: {type: string}
        price: {type: number}
        on: {type: boolean}
        note: {type: [string, 'null']}
        untyped: {}
        tags: {type: array, items: {type: string}}
        sizes: {type: array, items: {type: integer}}
        address: {type: object, required: [city], properties: {city: {type: string}, zip: {type: integer}}}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
        csv: {type: array, items: {type: integer}}
        piped: {type: array, items: {type: string}}
        spaced: {type: array, items: {type: string}}
        deep: {type: object, properties: {a: {type: integer}, b: {type: array, items: {type: string}}}}
        spread: {type: object, properties: {R: {type: integer}, G: {type: integer}}}
        joined: {type: object, properties: {x: {type: integer}}}
        asJSON: {type: string}
        text: {type: string}
      additionalProperties: false
    encoding:
      csv: {style: form, explode: false}
      piped: {style: pipeDelimited, explode: false}
      spaced: {style: spaceDelimited, explode: false}
      deep: {style: deepObject, explode: true}
      spread: {explode: true}
      joined: {explode: false}
      asJSON: {contentType: application/json}
      text: {contentType: text/plain, allowReserved: true}`)
	checkBodies(t, c, []bodyCase{
		{"scalars", formType, "id=7&name=a+b%26c&price=1.50&on=true", "", `{"id":7,"name":"a b\u0026c","on":true,"price":1.50}`},
		{"charset", formType + "; charset=utf-8", "id=7", "", `{"id":7}`},
		{"missing", formType, "name=a", `body must be an object with property "id", got an object without it`, `{"name":"a"}`},
		{"a bound", formType, "id=0", `body /id must be a number of at least 1, got 0`, `{"id":0}`},
		{"no number", formType, "id=x", `body /id must be an integer, got "x"`, `{"id":"x"}`},
		{"sent twice", formType, "id=1&id=2", `body /id must be sent once, got 2 values`, `{"id":1}`},
		{"unknown field", formType, "id=1&colour=red", `body /colour must be absent, got "red"`, `{"colour":"red","id":1}`},
		{"no type is text", formType, "id=1&untyped=7", "", `{"id":1,"untyped":"7"}`},
		{"an array is a field for each item", formType, "id=1&tags=a%2Cb&tags=c,d", "", `{"id":1,"tags":["a,b","c,d"]}`},
		{"one field is an array too", formType, "id=1&sizes=4", "", `{"id":1,"sizes":[4]}`},
		{"an item that is none", formType, "id=1&sizes=4&sizes=x", `body /sizes/1 must be an integer, got "x"`, `{"id":1,"sizes":[4,"x"]}`},
		{"an object is JSON", formType, "id=1&address=%7B%22city%22%3A%22Rome%22%7D", "", `{"address":{"city":"Rome"},"id":1}`},
		{"an object that breaks its schema", formType, "id=1&address=%7B%22zip%22%3A1%7D", `body /address must be an object with property "city", got an object without it`, `{"address":{"zip":1},"id":1}`},
		{"items that are objects are JSON", formType, "id=1&lines=%7B%22sku%22%3A%22A%22%7D&lines=%7B%7D", "", `{"id":1,"lines":[{"sku":"A"},{}]}`},
		{"an array of objects in one field", formType, "id=1&lines=%5B%7B%22sku%22%3A%22A%22%7D%5D", "", `{"id":1,"lines":[{"sku":"A"}]}`},
		{"not exploded", formType, "id=1&csv=1,2,3", "", `{"csv":[1,2,3],"id":1}`},
		{"not exploded, a bad item", formType, "id=1&csv=1,b", `body /csv/1 must be an integer, got "b"`, `{"csv":[1,"b"],"id":1}`},
		{"pipes", formType, "id=1&piped=a%7Cb", "", `{"id":1,"piped":["a","b"]}`},
		{"spaces", formType, "id=1&spaced=a+b%20c", "", `{"id":1,"spaced":["a","b","c"]}`},
		{"deep", formType, "id=1&deep[a]=2&deep%5Bb%5D[]=x&deep[b][]=y", "", `{"deep":{"a":2,"b":["x","y"]},"id":1}`},
		{"deep, a bad member", formType, "id=1&deep[a]=q", `body /deep/a must be an integer, got "q"`, `{"deep":{"a":"q"},"id":1}`},
		{"spread", formType, "id=1&R=100&G=200", "", `{"id":1,"spread":{"G":200,"R":100}}`},
		{"an object in one field by commas", formType, "id=1&joined=x,7", "", `{"id":1,"joined":{"x":7}}`},
		{"JSON by contentType", formType, "id=1&asJSON=%22a%22", "", `{"asJSON":"a","id":1}`},
		{"no JSON by contentType", formType, "id=1&asJSON=a", `body /asJSON must be JSON, got "a"`, `{"asJSON":"a","id":1}`},
		{"reserved characters", formType, "id=1&text=a/b?c", "", `{"id":1,"text":"a/b?c"}`},
		{"null where it may be", formType, "id=1&note=", "", `{"id":1,"note":null}`},
		{"bad escape in a value", formType, "id=1&name=%zz", `body /name must be percent-encoded UTF-8, got "%zz"`, `{"id":1,"name":"%zz"}`},
		{"bad escape in a name", formType, "%zz=1", `body must be percent-encoded names, got "%zz"`, ``},
	})
	if found := c.Operation("POST /a").Findings(); len(found) > 0 {
		t.Errorf("it is all enforced, but %v", found)
	}
}

// TestBrackets reads the names by which PHP, Rails and their libraries send lists and
// objects.
func TestBrackets(t *testing.T) {
	t.Parallel()
	const field = `Content-Disposition: form-data; name="`
	checkBodies(t, takes(t, "3.1.0", formType, `
    schema:
      type: object
      required: [tags]
      properties: {tags: {type: array, items: {type: string}}, 'ids[]': {type: array, items: {type: integer}}, user: {type: object, properties: {name: {type: string}, roles: {type: array, items: {type: string}}}}}
    encoding: {user: {style: deepObject}}`), []bodyCase{
		{"declared with brackets", formType, "tags=a&ids[]=1&ids%5B%5D=2", "", `{"ids[]":[1,2],"tags":["a"]}`},
		{"declared with brackets, one", formType, "tags=a&ids[]=1", "", `{"ids[]":[1],"tags":["a"]}`},
		{"not declared", formType, "tags=a&more[]=x&more[]=y", "", `{"more[]":["x","y"],"tags":["a"]}`},
		{"not declared, one", formType, "tags=a&more[]=x", "", `{"more[]":["x"],"tags":["a"]}`},
		{"not declared, without brackets", formType, "tags=a&more=x", "", `{"more":"x","tags":["a"]}`},
		{"an object", formType, "tags=a&user[name]=n&user[roles][]=r", "", `{"tags":["a"],"user":{"name":"n","roles":["r"]}}`},
		{"declared without brackets", formType, "tags[]=a", `body must be an object with property "tags", got an object without it`, `{"tags[]":["a"]}`},
	})
	closed := takes(t, "3.1.0", formType, `{schema: {type: object, additionalProperties: {type: string}}}`)
	checkBodies(t, closed, []bodyCase{{"all fields are strings", formType, "a[]=x", "", `{"a[]":"x"}`}})
	checkBodies(t, takes(t, "3.1.0", "multipart/form-data", `{schema: {type: object}}`), []bodyCase{
		{"parts", "multipart/form-data; boundary=x", parts("x", field+`a[]"`, "x"), "", `{"a[]":["x"]}`},
		{"files", "multipart/form-data; boundary=x", parts("x", field+`a[]"; filename="f"`, "x"), "", `{"a[]":[{"content":"x","contentType":"","filename":"f","size":1}]}`},
	})
	ex := exchanged(t, takes(t, "3.1.0", formType, `{schema: {type: object, required: [tags]}}`), "POST /a", http.Header{"Content-Type": {formType}}, "tags[]=a")
	if len(ex.Violations) != 1 || ex.Violations[0].Fix != `send the field "tags[]" as "tags", or describe it as "tags[]"` {
		t.Errorf("%+v", ex.Violations)
	}
}

// TestFormsOfSwagger2 reads form fields of Swagger 2.0, which are parameters.
func TestFormsOfSwagger2(t *testing.T) {
	t.Parallel()
	c := load(t, `
swagger: "2.0"
info: {title: t, version: "1"}
paths:
  /a:
    post:
      consumes: [application/x-www-form-urlencoded, multipart/form-data]
      parameters:
        - {in: formData, name: id, type: integer, required: true, maximum: 9}
        - {in: formData, name: csv, type: array, items: {type: integer}}
        - {in: formData, name: multi, type: array, items: {type: integer}, collectionFormat: multi}
        - {in: formData, name: upload, type: file}
      responses: {"200": {description: ok}}
`, contract.Options{})
	checkBodies(t, c, []bodyCase{
		{"form", formType, "id=7&csv=1,2&multi=3&multi=4", "", `{"csv":[1,2],"id":7,"multi":[3,4]}`},
		{"too much", formType, "id=10", `body /id must be a number of at most 9, got 10`, `{"id":10}`},
		{"missing", formType, "csv=1", `body must be an object with property "id", got an object without it`, `{"csv":[1]}`},
		{"parts", "multipart/form-data; boundary=x", parts("x", `Content-Disposition: form-data; name="id"`, "7", `Content-Disposition: form-data; name="upload"; filename="a.bin"`, "\xff\x00"), "",
			`{"id":7,"upload":{"contentType":"","filename":"a.bin","size":2}}`},
	})
}

// parts writes a multipart body: header and content in turn.
func parts(boundary string, pieces ...string) string {
	var b strings.Builder
	for i := 0; i < len(pieces); i += 2 {
		b.WriteString("--" + boundary + "\r\n" + strings.ReplaceAll(pieces[i], "\n", "\r\n") + "\r\n\r\n" + pieces[i+1] + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// TestMultipartEncoding goes through the default media types of parts by type (OpenAPI
// 3.1 section 4.8.15) and what an encoding object says instead.
func TestMultipartEncoding(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", "multipart/form-data", `
    schema:
      type: object
      properties:
        id: {type: integer}
        text: {type: string, maxLength: 5}
        meta: {type: object, required: [a], properties: {a: {type: integer}}}
        tags: {type: array, items: {type: string}}
        image: {contentMediaType: image/png, contentEncoding: base64, type: string}
        raw: {type: string, format: binary, minLength: 2, maxLength: 4}
        files: {type: array, maxItems: 2, items: {type: string, contentMediaType: application/octet-stream}}
        photo: {contentMediaType: image/png}
        untyped: {}
        doc: {type: object, properties: {n: {type: integer, xml: {attribute: true}}}}
        page: {type: string}
    encoding:
      photo: {contentType: "image/png, image/jpeg", headers: {X-Width: {required: true, schema: {type: integer}}}}
      doc: {contentType: application/xml}`)
	const ct = "multipart/form-data; boundary=x"
	field := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	file := func(name, contentType string) string {
		return field(name) + `; filename="f.bin"` + "\nContent-Type: " + contentType
	}
	checkBodies(t, c, []bodyCase{
		{"scalars", ct, parts("x", field("id"), "7", field("text"), "a&b"), "", `{"id":7,"text":"a\u0026b"}`},
		{"no number", ct, parts("x", field("id"), "x"), `body /id must be an integer, got "x"`, `{"id":"x"}`},
		{"too long", ct, parts("x", field("text"), "abcdef"), `body /text must be a string of at most 5 characters, got "abcdef" (6 characters)`, `{"text":"abcdef"}`},
		{"an object is JSON", ct, parts("x", field("meta"), `{"a":1}`), "", `{"meta":{"a":1}}`},
		{"an object as a browser's Blob", ct, parts("x", file("meta", "application/json"), `{"a":1}`), "", `{"meta":{"a":1}}`},
		{"an object that breaks its schema", ct, parts("x", field("meta"), `{}`), `body /meta must be an object with property "a", got an object without it`, `{"meta":{}}`},
		{"an object that is no JSON", ct, parts("x", field("meta"), `{`), `body /meta must be JSON, got a text that ends too early`, `{"meta":"{"}`},
		{"items are parts", ct, parts("x", field("tags"), "a,b", field("tags"), "c"), "", `{"tags":["a,b","c"]}`},
		{"base64 stays text", ct, parts("x", field("image"), "AAA="), "", `{"image":"AAA="}`},
		{"a file", ct, parts("x", file("raw", "application/octet-stream"), "\xff\xfe"), "", `{"raw":{"contentType":"application/octet-stream","filename":"f.bin","size":2}}`},
		{"bytes are counted", ct, parts("x", file("raw", "application/octet-stream"), "ééé"), `body /raw must be at most 4 bytes, got 6 bytes`, `{"raw":{"content":"ééé","contentType":"application/octet-stream","filename":"f.bin","size":6}}`},
		{"too few bytes", ct, parts("x", file("raw", "application/octet-stream"), "a"), `body /raw must be at least 2 bytes, got 1 byte`, `{"raw":{"content":"a","contentType":"application/octet-stream","filename":"f.bin","size":1}}`},
		{"several files", ct, parts("x", file("files", "text/plain"), "a", file("files", "text/plain"), "b"), "",
			`{"files":[{"content":"a","contentType":"text/plain","filename":"f.bin","size":1},{"content":"b","contentType":"text/plain","filename":"f.bin","size":1}]}`},
		{"too many files", ct, parts("x", file("files", "text/plain"), "a", file("files", "text/plain"), "b", file("files", "text/plain"), "c"), `body /files must be an array of at most 2 items, got 3 items`,
			`{"files":[{"content":"a","contentType":"text/plain","filename":"f.bin","size":1},{"content":"b","contentType":"text/plain","filename":"f.bin","size":1},{"content":"c","contentType":"text/plain","filename":"f.bin","size":1}]}`},
		{"media type of a part", ct, parts("x", file("photo", "image/jpeg")+"\nX-Width: 7", "a"), "", `{"photo":{"content":"a","contentType":"image/jpeg","filename":"f.bin","size":1}}`},
		{"another media type", ct, parts("x", file("photo", "image/gif")+"\nX-Width: 7", "a"), `body /photo must be image/png or image/jpeg, got "image/gif"`, `{"photo":{"content":"a","contentType":"image/gif","filename":"f.bin","size":1}}`},
		{"no header of a part", ct, parts("x", file("photo", "image/png"), "a"), `body "X-Width" /photo is required`, `{"photo":{"content":"a","contentType":"image/png","filename":"f.bin","size":1}}`},
		{"bad header of a part", ct, parts("x", file("photo", "image/png")+"\nX-Width: wide", "a"), `body "X-Width" /photo must be an integer, got "wide"`, `{"photo":{"content":"a","contentType":"image/png","filename":"f.bin","size":1}}`},
		{"XML", ct, parts("x", file("doc", "application/xml"), `<d n="7"/>`), "", `{"doc":{"n":7}}`},
		{"XML that breaks its schema", ct, parts("x", file("doc", "application/xml"), `<d n="q"/>`), `body /doc/n must be an integer, got "q"`, `{"doc":{"n":"q"}}`},
		{"no type is a text", ct, parts("x", field("untyped"), "a"), "", `{"untyped":"a"}`},
		{"no type is a file", ct, parts("x", file("untyped", "image/png"), "a"), "", `{"untyped":{"content":"a","contentType":"image/png","filename":"f.bin","size":1}}`},
		{"a text as a file", ct, parts("x", file("page", "text/html"), "<p>"), "", `{"page":"\u003cp\u003e"}`},
		{"a part without a name", ct, parts("x", "Content-Type: text/plain", "a"), "body must be parts with names, got part 1 without one", `{}`},
		{"no boundary", "multipart/form-data", "a", "body must be a boundary in Content-Type, got none", ""},
		{"no end", ct, "--x\r\n" + field("id") + "\r\n\r\n7", "body must be parts, got the body ends within a part", ""},
		{"a part that is multipart is not taken apart", ct, parts("x", file("untyped", "multipart/mixed; boundary=y"), parts("y", "A: b", "c")), "",
			`{"untyped":{"content":"--y\r\nA: b\r\n\r\nc\r\n--y--\r\n","contentType":"multipart/mixed; boundary=y","filename":"f.bin","size":23}}`},
	})
	if found := c.Operation("POST /a").Findings(); len(found) > 0 {
		t.Errorf("it is all enforced, but %v", found)
	}
}

// TestNoBoundary holds that what is advised where Content-Type has no boundary can be sent as
// it stands, and has the body read.
func TestNoBoundary(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", "multipart/form-data", `{schema: {type: object, required: [id], properties: {id: {type: integer}}}}`)
	whole := func(boundary string) string {
		return parts(boundary, `Content-Disposition: form-data; name="id"`, "7")
	}
	const ours = "send Content-Type: multipart/form-data; boundary=" + contract.Boundary + ", begin each part with a line --" + contract.Boundary + ", and end the body with --" + contract.Boundary + "--"
	long := strings.Repeat("b", 70)
	for body, want := range map[string]string{
		whole("----WebKitFormBoundaryA1b2"): "send Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryA1b2",
		whole("=_a/b:(c)"):                  `send Content-Type: multipart/form-data; boundary="=_a/b:(c)"`,
		whole(long):                         "send Content-Type: multipart/form-data; boundary=" + long,
		whole(long + "b"):                   ours,
		whole("a b"):                        ours,
		whole("é"):                          ours,
		"--x--\r\n":                         "send Content-Type: multipart/form-data; boundary=x",
		"--":                                ours,
		"--x":                               ours,
		"id=7\r\n":                          ours,
		"{}":                                ours,
	} {
		ex := exchanged(t, c, "POST /a", http.Header{"Content-Type": {"multipart/form-data"}}, body)
		if len(ex.Violations) != 1 || ex.Violations[0].Fix != want {
			t.Errorf("%q: %+v, want %s", body, ex.Violations, want)
			continue
		}
		_, advised, _ := strings.Cut(want, "Content-Type: ")
		if want == ours {
			advised, _, _ = strings.Cut(advised, ",")
			body = whole(contract.Boundary)
		} else if !strings.Contains(body, "7") {
			continue
		}
		if ex := exchanged(t, c, "POST /a", http.Header{"Content-Type": {advised}}, body); len(ex.Violations) > 0 {
			t.Errorf("%s: %v", advised, ex.Violations)
		}
	}
}

// TestFormData reads what browsers make of a FormData (WHATWG HTML section 4.10.22.8,
// written by hand): names with quotes and line ends, a file with such a name, an empty
// file input, a Blob.
func TestFormData(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.1.0", "multipart/form-data", `{schema: {type: object, properties: {photo: {contentMediaType: image/png}, none: {contentMediaType: image/png}, meta: {type: object}}}}`)
	const boundary = "----WebKitFormBoundaryA1b2C3d4E5f6G7h8"
	body := "--" + boundary + "\r\n" +
		"Content-Disposition: form-data; name=\"a %22quoted%22%0D%0Aname\"\r\n\r\n" +
		"line one\r\nline two\r\n" +
		"--" + boundary + "\r\n" +
		"Content-Disposition: form-data; name=\"photo\"; filename=\"Grüße %22x%22.png\"\r\n" +
		"Content-Type: image/png\r\n\r\n" +
		"\x89PNG\r\n\x1a\n\r\n" +
		"--" + boundary + "\r\n" +
		"Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n" +
		"Content-Type: application/octet-stream\r\n\r\n" +
		"\r\n" +
		"--" + boundary + "\r\n" +
		"Content-Disposition: form-data; name=\"meta\"; filename=\"blob\"\r\n" +
		"Content-Type: application/json\r\n\r\n" +
		"{\"a\":1}\r\n" +
		"--" + boundary + "--\r\n"
	checkBodies(t, c, []bodyCase{{"FormData", "multipart/form-data; boundary=" + boundary, body, "",
		`{"a \"quoted\"\r\nname":"line one\r\nline two","meta":{"a":1},"none":{"content":"","contentType":"application/octet-stream","filename":"","size":0},"photo":{"contentType":"image/png","filename":"Grüße \"x\".png","size":8}}`}})
}

// TestMultipartByPosition reads parts without names.
func TestMultipartByPosition(t *testing.T) {
	t.Parallel()
	c := takes(t, "3.2.0", "multipart/mixed", `
    schema: {type: array, minItems: 2, prefixItems: [{type: object, properties: {a: {type: integer}}}], items: {type: integer}}
    prefixEncoding: [{contentType: application/json}]
    itemEncoding: {contentType: text/plain}`)
	const ct = "multipart/mixed; boundary=x"
	checkBodies(t, c, []bodyCase{
		{"by position", ct, parts("x", "Content-Type: application/json", `{"a":1}`, "Content-Type: text/plain", "7"), "", `[{"a":1},7]`},
		{"too few", ct, parts("x", "Content-Type: application/json", `{"a":1}`), "body must be an array of at least 2 items, got 1 item", `[{"a":1}]`},
		{"a bad part", ct, parts("x", "Content-Type: application/json", `{"a":"b"}`, "Content-Type: text/plain", "x"), `body /1 must be an integer, got "x"; body /0/a must be an integer, got "b"`, `[{"a":"b"},"x"]`},
		{"another media type", ct, parts("x", "Content-Type: application/json", `{}`, "Content-Type: text/html", "7"), `body /1 must be text/plain, got "text/html"`, `[{},7]`},
	})
	positions := takes(t, "3.2.0", "multipart/related", `
    schema: {type: array, prefixItems: [{type: object}, {contentMediaType: image/png, maxLength: 3}], items: {type: array, items: {type: integer}}}
    prefixEncoding:
      - {headers: {X-Id: {required: true, schema: {type: integer}}}}
      - {contentType: "image/png, image/jpeg"}`)
	const related = "multipart/related; boundary=x"
	head := "X-Id: 7"
	checkBodies(t, positions, []bodyCase{
		{"no type of an object is JSON", related, parts("x", head, `{"a":1}`), "", `[{"a":1}]`},
		{"a header by position", related, parts("x", "X-Id: q", `{}`), `body "X-Id" /0 must be an integer, got "q"`, `[{}]`},
		{"no header by position", related, parts("x", "X-Other: 1", `{}`), `body "X-Id" /0 is required`, `[{}]`},
		{"one of several types", related, parts("x", head, `{}`, "Content-Type: image/jpeg", "\xff"), "", `[{},{"contentType":"image/jpeg","filename":"","size":1}]`},
		{"none of several types", related, parts("x", head, `{}`, "Content-Type: image/gif", "\xff"), `body /1 must be image/png or image/jpeg, got "image/gif"`, `[{},{"contentType":"image/gif","filename":"","size":1}]`},
		{"bytes by position", related, parts("x", head, `{}`, "Content-Type: image/png", "abcd"), `body /1 must be at most 3 bytes, got 4 bytes`, `[{},{"content":"abcd","contentType":"image/png","filename":"","size":4}]`},
		{"beyond the encodings everything goes", related, parts("x", head, `{}`, "Content-Type: image/png", "a", "Content-Type: application/json", `[1]`), "", `[{},{"content":"a","contentType":"image/png","filename":"","size":1},[1]]`},
	})
	named := takes(t, "3.2.0", "multipart/mixed", `
    schema: {type: object, properties: {meta: {type: object}, n: {type: integer}}}
    encoding: {meta: {contentType: application/json}, n: {contentType: text/plain}}`)
	checkBodies(t, named, []bodyCase{
		{"names in other multipart types", ct, parts("x", `Content-Disposition: attachment; name="n"`, "7", "Content-Disposition: form-data; name=\"meta\"\nContent-Type: application/json", `{"a":1}`), "", `{"meta":{"a":1},"n":7}`},
		{"another type of a named part", ct, parts("x", "Content-Disposition: form-data; name=\"n\"\nContent-Type: text/html", "7"), `body /n must be text/plain, got "text/html"`, `{"n":7}`},
	})
	nested := takes(t, "3.2.0", "multipart/mixed", `
    schema: {type: object, properties: {inner: {type: object}}}
    encoding: {inner: {contentType: multipart/mixed, encoding: {a: {contentType: text/plain}}}}`)
	if found := nested.Operation("POST /a").Findings(); len(found) != 1 || found[0].Code != contract.CodeMediaNotEnforced || !strings.Contains(found[0].Message, "not taken apart") {
		t.Errorf("an encoding in an encoding: %v", found)
	}
	items := takes(t, "3.2.0", "multipart/mixed", `{itemSchema: {type: object, required: [a]}, itemEncoding: {contentType: application/json}}`)
	checkBodies(t, items, []bodyCase{
		{"items", ct, parts("x", "Content-Type: application/json", `{"a":1}`), "", `[{"a":1}]`},
		{"a bad item", ct, parts("x", "Content-Type: application/json", `{"a":1}`, "Content-Type: application/json", `{}`), `body /1 must be an object with property "a", got an object without it`, `[{"a":1},{}]`},
	})
}
