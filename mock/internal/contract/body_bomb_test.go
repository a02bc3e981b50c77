package contract_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestBombs sends what is small and stands for much. Each is told within the memory of
// a few copies of itself. It is not parallel: what others allocate must not count.
func TestBombs(t *testing.T) {
	field := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	nested := parts("x", field("a"), "1")
	for range 500 {
		nested = parts("x", field("a")+"; filename=\"f\"\nContent-Type: multipart/form-data; boundary=x", nested)
	}
	inner := "c"
	for range 40 {
		inner = "--y\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n" + inner + "\r\n--y--\r\n"
	}
	const formData = "multipart/form-data; boundary=x"
	for name, test := range map[string]struct{ contentType, body, told string }{
		"a million fields":           {formType, strings.Repeat("a=1&", 1_000_000), "at most 10000 items or members"},
		"a million names":            {formType, strings.Repeat("&", 1_000_000) + "a=1", ""},
		"a name of many levels":      {formType, "deep" + strings.Repeat("[a]", 300_000) + "=1", "deep"},
		"a million parts":            {formData, strings.Repeat("--x\r\n\r\n\r\n", 1_000_000) + "--x--", "at most 1000 parts"},
		"multipart in multipart":     {formData, nested, ""},
		"multipart in a part":        {formData, parts("x", field("untyped")+"; filename=\"f\"\nContent-Type: multipart/mixed; boundary=y", inner), ""},
		"a part of many headers":     {formData, "--x\r\n" + strings.Repeat("A: b\r\n", 200_000) + "\r\n\r\n--x--", "parts"},
		"a part of one long header":  {formData, "--x\r\nA: " + strings.Repeat("b", 2_000_000) + "\r\n\r\n\r\n--x--", "parts"},
		"a long preamble":            {formData, strings.Repeat("-", 2_000_000) + "\r\n" + parts("x", field("a"), "1"), "parts"},
		"deep JSON in a part":        {formData, parts("x", field("deep"), strings.Repeat("[", 1_000_000)), "nested more than 1000 deep"},
		"deep JSON in a field":       {formType, "object=" + strings.Repeat("[", 1_000_000), "object"},
		"deep XML":                   {"application/xml", strings.Repeat("<a>", 1_000_000), "nested more than 256 deep"},
		"wide XML":                   {"application/xml", "<a>" + strings.Repeat("<a/>", 1_000_000) + "</a>", "more than 100000 elements"},
		"attributes":                 {"application/xml", "<a" + strings.Repeat(` b=""`, 1_000_000) + "/>", "more than 256 attributes"},
		"entities":                   {"application/xml", `<!DOCTYPE a [<!ENTITY a "aaaa">` + strings.Repeat(`<!ENTITY b "&a;&a;">`, 50_000) + "]><a>&b;</a>", "document type"},
		"a million lines":            {"application/jsonl", strings.Repeat("1\n", 1_000_000), "more than 100000 items"},
		"a million empty lines":      {"application/jsonl", strings.Repeat("\n", 1_000_000), ""},
		"deep JSON on a line":        {"application/jsonl", strings.Repeat("[", 1_000_000), "nested more than 1000 deep"},
		"a million records":          {"application/json-seq", strings.Repeat("\x1e1\n", 1_000_000), "more than 100000 items"},
		"a million events":           {"text/event-stream", strings.Repeat("id\n\n", 1_000_000), "more than 100000 items"},
		"an event of a million data": {"text/event-stream", strings.Repeat("data\n", 1_000_000), ""},
	} {
		mediaType, _, _ := strings.Cut(test.contentType, ";")
		media := "{itemSchema: {}}"
		switch mediaType {
		case formType, "multipart/form-data":
			media = "{schema: {type: object, properties: {object: {type: object}, deep: {type: object}, untyped: {}}}, encoding: {deep: {style: deepObject}}}"
			if mediaType != formType {
				media = strings.Replace(media, "encoding: {deep: {style: deepObject}}", "encoding: {}", 1)
			}
		case "application/xml":
			media = "{schema: {}}"
		}
		c := takes(t, "3.2.0", mediaType, media)
		validate(t, c, "POST /a", http.Header{"Content-Type": {test.contentType}}, "") // compiles
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		told := strings.Join(validate(t, c, "POST /a", http.Header{"Content-Type": {test.contentType}}, test.body), "; ")
		runtime.ReadMemStats(&after)
		if (test.told == "") != (told == "") || !strings.Contains(told, test.told) || len(told) > 3000 {
			t.Errorf("%s: %.300q, want %q", name, told, test.told)
		}
		if taken, most := after.TotalAlloc-before.TotalAlloc, uint64(64<<20+8*len(test.body)); taken > most {
			t.Errorf("%s: %d bytes were allocated for %d", name, taken, len(test.body))
		}
	}
}

// TestContentCoding holds that no body is expanded.
func TestContentCoding(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {}, application/octet-stream: {}, text/plain: {}}}
      responses: {"200": {description: ok}}
`, contract.Options{})
	const refused = `header "Content-Type" must be a body without a content coding, got Content-Encoding: gzip`
	for _, test := range []struct{ contentType, coding, body, told string }{
		{"application/json", "gzip", "\x1f\x8b", refused},
		{"text/plain", "gzip", "\x1f\x8b", refused},
		{"application/octet-stream", "gzip", "\x1f\x8b", ""},
		{"application/json", "identity", "1", ""},
	} {
		told := strings.Join(validate(t, c, "POST /a", http.Header{"Content-Type": {test.contentType}, "Content-Encoding": {test.coding}}, test.body), "; ")
		if told != test.told {
			t.Errorf("%s, %s: %q, want %q", test.contentType, test.coding, told, test.told)
		}
	}
}
