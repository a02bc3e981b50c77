package console_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// difficult has what a page cannot send or see as other clients do.
const difficult = `
openapi: 3.1.0
info: {title: Difficult, version: "1"}
paths:
  /basket:
    get:
      operationId: getBasket
      parameters:
        - {name: basket, in: cookie, required: true, schema: {type: string, pattern: "^b-[0-9]+$"}, example: b-7}
        - {name: Origin, in: header, required: true, schema: {type: string}, example: "https://shop.example"}
      responses:
        "200": {description: ok, content: {application/json: {example: {n: 1.0}}}}
        "303": {description: elsewhere, headers: {Location: {required: true, schema: {type: string}, example: /login}}}
    post:
      operationId: fillBasket
      requestBody:
        content:
          application/json: {schema: {type: object}, example: {a: 1}}
          text/plain: {schema: {type: string}, example: one apple}
      responses:
        "200": {description: ok, content: {text/html: {schema: {type: string}, example: "<b>ok</b>"}}}
`

// TestTryWhatBrowsersHide sends cookies, and asks the journal for redirects and for answers
// that were cut off, which a browser does not show to pages.
func TestTryWhatBrowsersHide(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"api.yaml":             difficult,
		"scenarios/reset.yaml": "operations: {getBasket: {respond: {fault: CONNECTION_RESET_BY_PEER}}}\n",
	} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := start(t, func(o *mock.Options) {
		o.Specs, o.Scenarios = []mock.Spec{{Location: filepath.Join(folder, "api.yaml")}}, []string{filepath.Join(folder, "scenarios")}
		o.AdminListen = "127.0.0.1:0"
	})
	b := open(t, m.AdminURL(), "")
	const basket, fill = `[data-operation="getBasket"] `, `[data-operation="fillBasket"] `
	send := func(status string) {
		t.Helper()
		b.click("dialog.try button.primary")
		b.reads("dialog.try .result h3", status)
	}
	b.click(basket + "button.try")
	b.reads("dialog.try", "The browser sends Origin itself")
	send("200")
	b.reads("dialog.try pre.body", `"n": 1.0`)
	b.gone("dialog.try .result .wrong")
	if cookies := eval[string](b, `document.cookie`); cookies != "" {
		t.Errorf("the page keeps the cookie %s", cookies)
	}
	b.click("dialog.try .bar button")
	b.click(basket + `.answers [data-status="303"]`)
	b.reads(basket+".note", "Answers 303")
	b.click(basket + "button.try")
	send("303")
	b.reads("dialog.try .result", "does not show redirects")
	b.reads("dialog.try .why", "forced/getBasket")
	b.click("dialog.try .bar button")
	if err := m.Activate(t.Context(), "reset"); err != nil {
		t.Fatal(err)
	}
	b.click(basket + "button.try")
	send("CONNECTION_RESET_BY_PEER")
	b.reads("dialog.try .why", "reset/getBasket")
	b.click("dialog.try .bar button")

	b.click(fill + "button.try")
	b.choose("dialog.try select", "text/plain")
	b.until(`document.querySelectorAll('dialog.try textarea')[1].value === 'one apple'`)
	send("200")
	b.reads("dialog.try pre.body", "<b>ok</b>")
}
