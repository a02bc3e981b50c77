package console_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/understudy-mock/understudy/mock"
)

// row selects the row of a scenario.
func row(name string) string { return `[data-scenario="` + name + `"] ` }

// TestActivateByClick switches scenarios for everybody and in a session.
func TestActivateByClick(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	if _, err := m.Session(t.Context(), "qa"); err != nil {
		t.Fatal(err)
	}
	b := open(t, m.AdminURL(), "console/scenarios")
	b.reads(row("outage"), "Nothing works.")
	b.reads(row("outage"), "errors")
	b.click(row("outage") + ".actions button")
	b.see(`[data-group="Active"] ` + row("outage"))
	b.reads(row("outage")+".note", "by anonymous (127.0.0.1)")
	app.want(503, "GET", "/orders")
	b.choose("scenarios-page .toolbar select", "30m")
	b.click(row("life") + ".actions button")
	b.reads(row("life")+".note", "until")
	b.until(`document.querySelector('[data-group="Active"] li').dataset.scenario === 'life'`)
	b.click(row("outage") + ".actions button")
	b.until(`document.querySelector('[data-group="Active"] li').dataset.scenario === 'outage'`)

	b.choose("scope-choice select", "qa")
	b.see(`[data-group="Active for everybody"] ` + row("outage"))
	b.click(row("outage") + ".actions button")
	b.see(`[data-group="Active"] ` + row("outage"))
	b.choose("scope-choice select", "")
	b.see(row("outage") + `[aria-label="Deactivate outage"]`)
	b.click(row("outage") + `[aria-label="Deactivate outage"]`)
	b.see(`[data-group="Not active"] ` + row("outage"))
	app.want(200, "GET", "/orders")
	app.want(503, "GET", "/__session/qa/orders")

	b.click("scenarios-page .toolbar button.danger")
	b.click("dialog.question button.danger")
	b.see(`[data-group="Not active"] ` + row("life"))
}

// TestStates shows where a state machine stands, follows it, and makes it jump.
func TestStates(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	if err := m.Activate(t.Context(), "life"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Session(t.Context(), "qa"); err != nil {
		t.Fatal(err)
	}
	b := open(t, m.AdminURL(), "console/scenarios")
	b.click(row("life") + "summary")
	b.reads(row("life")+".states", "Every key is at open.")
	b.until(`document.querySelector('.machine svg').getAttribute('aria-label') === 'State machine order with the values open, shipped; open to shipped by changeOrder'`)
	if got := app.put("/orders/7", `{"state": "shipped"}`); got != 204 {
		t.Errorf("the first change is answered with %d", got)
	}
	b.see(row("life") + `[aria-label="order of 7"] [aria-pressed="true"]`)
	b.until(`document.querySelector('.machine [data-value="shipped"] .count text').textContent === '1'`)
	b.click(row("life") + `[aria-label="order of 7"] button`)
	b.until(`document.querySelector('[aria-label="order of 7"] button').ariaPressed === 'true'`)
	if got := app.put("/orders/7", `{"state": "shipped"}`); got != 204 {
		t.Errorf("after the jump back: %d", got)
	}
	b.write(row("life")+".another input", "9")
	b.click(row("life") + ".another button:nth-of-type(2)")
	b.see(row("life") + `[aria-label="order of 9"] [aria-pressed="true"]`)
	if got := app.put("/orders/9", `{"state": "shipped"}`); got != 409 {
		t.Errorf("after the jump: %d", got)
	}
	b.choose("scope-choice select", "qa") // which has keys of its own
	b.reads(row("life")+".states", "Every key is at open.")
}

// TestSequence moves a sequence.
func TestSequence(t *testing.T) {
	t.Parallel()
	m := start(t)
	if err := m.Activate(t.Context(), "recovery"); err != nil {
		t.Fatal(err)
	}
	b := open(t, m.AdminURL(), "console/scenarios")
	b.click(row("recovery") + "summary")
	b.see(row("recovery") + "form.inline input")
	b.write(row("recovery")+"form.inline input", "2")
	b.press(kb.Enter)
	b.reads("notice-board", "has given 2 answers")
	client{t, m.URL()}.want(200, "GET", "/orders")
}

// TestFailedReload shows what is wrong in the place where it stands, and what is served on.
func TestFailedReload(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "outage.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("description: As it was.\noperations:\n  listOrders: 503\n")
	m := start(t, func(o *mock.Options) { o.Scenarios = []string{folder} })
	b := open(t, m.AdminURL(), "console/scenarios")
	b.reads(row("outage"), "As it was.")
	b.click(row("outage") + "summary")
	b.reads(row("outage")+".source", "As it was.")
	write("description: As it should be.\noperations:\n  listOrder: 503\n")
	b.click("scenarios-page .toolbar button:last-of-type")
	b.reads(".reload h2", "failed")
	b.reads(".reload li.error mark", "listOrder")
	b.reads(".reload li.error .finding", `did you mean "listOrders"?`)
	b.until(`document.querySelector('.reload li.error') === document.querySelector('.reload ol').children[2]`)
	b.reads(row("outage"), "As it was.")
	write("description: As it should be.\noperations:\n  listOrders: 503\n")
	b.click("scenarios-page .toolbar button:last-of-type")
	b.reads(row("outage"), "As it should be.")
	b.reads(row("outage")+".source", "As it should be.")
	b.gone(".reload")
}
