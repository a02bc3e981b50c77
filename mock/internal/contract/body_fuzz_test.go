package contract_test

import (
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

const fuzzSchema = `
    schema:
      type: object
      properties:
        id: {type: integer, xml: {attribute: true}}
        tags: {type: array, items: {type: string}}
        list: {type: array, xml: {wrapped: true}, items: {type: integer, xml: {name: i}}}
        deep: {type: object, properties: {a: {type: [integer, 'null']}, b: {type: array, items: {}}}}
        file: {contentMediaType: image/png, maxLength: 3}
        text: {oneOf: [{type: integer}, {type: string, maxLength: 2}], xml: {nodeType: text}}
    encoding: {deep: {style: deepObject}}`

// fuzzBody holds that no body of a media type makes the contract engine panic, and that
// what it tells of one can be shown.
func fuzzBody(f *testing.F, mediaType, contentType, media string, seeds ...string) {
	c := takes(f, "3.2.0", mediaType, media)
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		ex := &exchange.Exchange{Request: exchange.Request{Method: "POST", Path: "/a", Header: http.Header{"Content-Type": {contentType}}, Body: body, HasBody: true}}
		m := c.Route("POST", "/a", true)
		m.Op.Validate(ex, &m)
		for _, v := range ex.Violations {
			if v.In == "" || v.String() == "" {
				t.Errorf("%+v", v)
			}
		}
		if !ex.Body.IsDecoded() && ex.Body.Value() != nil {
			t.Errorf("not decoded, and yet %v", ex.Body.Value())
		}
	})
}

func FuzzForm(f *testing.F) {
	fuzzBody(f, formType, formType, fuzzSchema, "id=1&tags=a&tags=b&deep[a]=1&deep[b][]=x", "%zz=%zz", "deep[=1&deep[a][b=2", "id&&=&tags")
}

func FuzzMultipart(f *testing.F) {
	fuzzBody(f, "multipart/form-data", "multipart/form-data; boundary=x", fuzzSchema,
		parts("x", `Content-Disposition: form-data; name="id"`, "1", `Content-Disposition: form-data; name="file"; filename="a"`, "\xff"), "--x\r\n\r\n--x--", "--x--")
}

func FuzzXML(f *testing.F) {
	fuzzBody(f, "application/xml", "application/xml", fuzzSchema, `<a id="1">7<tags>b</tags><list><i>1</i></list></a>`, `<!DOCTYPE a><a/>`, `<a:b xmlns:a="c"/>`, `<a xsi:nil="1"/>`)
}

func FuzzJSONLines(f *testing.F) {
	fuzzBody(f, "application/jsonl", "application/jsonl", `{itemSchema: {type: object, required: [a]}}`, "{\"a\":1}\n{}", "\x1e1")
}

func FuzzJSONRecords(f *testing.F) {
	fuzzBody(f, "application/json-seq", "application/json-seq", `{itemSchema: {type: integer}}`, "\x1e1\n\x1e2\n", "\x1e1")
}

func FuzzEventStream(f *testing.F) {
	fuzzBody(f, "text/event-stream", "text/event-stream", `{itemSchema: {type: object, properties: {retry: {type: integer}}}}`, "data: a\nretry: 00\n\n", ":\n\n\r\r")
}
