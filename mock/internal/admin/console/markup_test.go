package console_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// markup is what must show as text wherever it comes from.
const markup = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`

// hostile has markup wherever a description and a scenario may have a text.
const hostile = `
openapi: 3.1.0
info: {title: '<img src=x onerror="window.hit=1">', version: '<b>1</b>'}
paths:
  /<b>bold/{name}:
    post:
      operationId: '<img src=x onerror="window.hit=1">'
      summary: '<img src=x onerror="window.hit=1">'
      parameters:
        - {name: name, in: path, required: true, schema: {type: string, maxLength: 5}}
        - {name: '<b>q</b>', in: query, schema: {type: integer}}
        - {name: X-Note, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {'<b>name</b>': {type: integer}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object}}}}
`

// TestMarkup holds that markup in the path, the header and the body of a request, in a
// stub and in the description shows as text.
func TestMarkup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("api.yaml", hostile)
	if err := os.Mkdir(filepath.Join(dir, "scenarios"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("scenarios/shout.yaml", "default: true\ndescription: '<img src=x onerror=\"window.hit=1\">'\noperations:\n  '<img src=x onerror=\"window.hit=1\">':\n"+
		"    - {name: '<b>never</b>', when: {path: {name: '<i>'}}, respond: {status: 200}}\n"+
		"    - {name: '<img src=x onerror=\"window.hit=1\">', when: {valid: any}, respond: {status: 200, headers: {X-Note: '<b>note</b>'}, offContract: '<img src=x>', text: '<img src=x onerror=\"window.hit=1\">'}}\n")
	m := start(t, func(o *mock.Options) {
		o.Specs = []mock.Spec{{Location: filepath.Join(dir, "api.yaml")}}
		o.Scenarios = []string{filepath.Join(dir, "scenarios")}
	})
	w := send(t, m, "POST /%3Cb%3Ebold/"+url.PathEscape(markup)+"?%3Cb%3Eq%3C/b%3E="+url.QueryEscape(markup), `{"<b>name</b>": "<img src=x onerror=\"window.hit=1\">"}`, "X-Note: "+markup, "Accept: text/<b>")
	lost := send(t, m, "GET /"+url.PathEscape(markup), "", "Prefer: scenario="+markup)
	id := w.Header().Get("Understudy-Request-Id")
	if id == "" || w.Header().Get("Understudy-Scenario") != "shout" {
		t.Fatal(w.Header(), w.Body)
	}
	clean := func(b *tab) {
		t.Helper()
		b.until(`document.querySelectorAll('img, main script, main b').length === 0 && window.hit === undefined`)
	}
	b := open(t, m.AdminURL(), "console/journal?exchange="+id)
	b.reads(".exchange", "Decided by")
	eval[string](b, `document.querySelectorAll('details').forEach((each) => { each.open = true; }), ''`)
	for _, want := range []string{markup, `<b>name</b>`, `<b>note</b>`, `<img src=x onerror="window.hit=1">`, `<b>never</b>`, `<img src=x>`} {
		b.reads(".exchange", want)
	}
	clean(b)
	b.click(".exchange .actions .primary")
	b.until(`document.querySelector('dialog.save textarea').value.includes('<img src=x onerror=')`)
	clean(b)
	b.visit("console/journal?exchange=" + lost.Header().Get("Understudy-Request-Id"))
	b.see(".exchange")
	clean(b)
	b.visit("console/coverage")
	b.click(".matrix .operation button")
	b.reads(".behind", `<b>q</b>`)
	b.reads(".matrix", `<img src=x onerror="window.hit=1">`)
	b.reads(".matrix", `/<b>bold/{name}`)
	clean(b)
	b.visit("")
	b.reads(".operation", `/<b>bold/{name}`)
	b.click(".operation summary")
	b.reads(".operation .examples", "application/json")
	b.reads(".operation", `<img src=x onerror="window.hit=1">`)
	b.click(".operation .chips button")
	b.reads(".operation .note", "Answers 200")
	b.click(".operation button.try")
	b.click("dialog.try button.primary")
	b.reads("dialog.try .result", "200")
	clean(b)
	b.visit("console/scenarios")
	b.click(row("shout") + "summary")
	b.reads(row("shout"), `<img src=x onerror="window.hit=1">`)
	b.reads(row("shout")+".source", `'<b>never</b>'`)
	clean(b)
}
