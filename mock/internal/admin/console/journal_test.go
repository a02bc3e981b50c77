package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/understudy-mock/understudy/mock"
)

// send sends a request "METHOD /path" to the mock, with headers "Name: value".
func send(t *testing.T, m *mock.Mock, request, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	method, target, _ := strings.Cut(request, " ")
	r := httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody)
	if body != "" {
		r = httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

// traffic sends requests of several kinds. The last one breaks the contract in its path
// and its body; its id is given.
func traffic(t *testing.T, m *mock.Mock) string {
	t.Helper()
	for i := range 3 {
		send(t, m, fmt.Sprintf("GET /orders/%d", i+1), "", "X-Client: till-4")
		send(t, m, "GET /orders", "")
	}
	send(t, m, "GET /orders/4", "", "X-Client: till-4", "Prefer: code=404")
	send(t, m, "GET /odrers", "")
	send(t, m, "GET /orders/7", "", "X-Client: till-4", "Understudy-Session: checkout")
	send(t, m, "PUT /orders/12", `{"state": "open"}`, "Prefer: scenario=life")
	send(t, m, "GET /orders/5", "", "X-Client: till-4", "Prefer: scenario=life")
	return send(t, m, "PUT /orders/twelve", `{"id": 9007199254740993, "state": "lost", "lines": [{"sku": "A-1"}]}`).Header().Get("Understudy-Request-Id")
}

// shows waits until the journal shows rows with these texts in a column.
func (b *tab) shows(column, want string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`[...document.querySelectorAll('window-grid .row')].filter((row) => row.checkVisibility()).sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map((row) => row.querySelector('.%s').innerText).join(' ') === %q`, column, want))
}

// filter is the control of the journal with a name.
func filter(name string) string { return `.filters [name="` + name + `"]` }

// TestJournal holds that requests appear as they come, and that each filter chooses.
func TestJournal(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := open(t, m.AdminURL(), "console/journal")
	b.reads("journal-page .empty", "No request of everybody yet")
	send(t, m, "GET /orders", "")
	b.shows("path", "/orders")
	traffic(t, m)
	b.shows("status", "400 404 204 200 404 404 200 200 200 200 200 200 200")
	b.reads(".count", "13 exchanges")

	b.choose(filter("operation"), "changeOrder")
	b.shows("path", "/orders/twelve /orders/12")
	send(t, m, "GET /orders", "")
	send(t, m, "PUT /orders/13", `{"state": "open"}`) // what comes is filtered too
	b.shows("path", "/orders/13 /orders/twelve /orders/12")
	b.choose(filter("operation"), "")
	b.write(filter("status"), "4XX")
	b.shows("path", "/orders/twelve /orders/5 /odrers /orders/4")
	b.write(filter("status"), "4")
	b.see(filter("status") + `[aria-invalid="true"]`)
	b.write(filter("status"), "404")
	b.choose(filter("request"), "unmatched")
	b.shows("path", "/orders/5 /odrers")
	b.choose(filter("request"), "invalid")
	b.shows("path", "/odrers")
	b.until(`location.search === '?status=404&request=invalid'`)
	b.click(".filters button")
	b.write(filter("text"), "NINE")
	b.reads(".empty", "No exchange fits the filters")
	b.write(filter("text"), "MUST BE ONE OF")
	b.shows("path", "/orders/twelve")
	b.click(".filters button")
	b.choose(filter("session"), "none")
	b.reads(".count", "14 exchanges")
	b.visit("console/journal?session=checkout")
	b.shows("path", "/orders/7")
	b.gone(filter("session"))
}

// TestExchange holds that an exchange shows what was wrong beside the part that it is
// about, and why it was answered so.
func TestExchange(t *testing.T) {
	t.Parallel()
	m := start(t)
	wrong := traffic(t, m)
	b := open(t, m.AdminURL(), "console/journal")
	b.click(fmt.Sprintf(`.row[data-id=%q]`, wrong))
	b.see(".exchange")
	b.until(`location.search === '?exchange=` + wrong + `'`)
	for _, want := range []string{"PUT", "/orders/twelve", "400", "The request breaks the contract in 2 places", "UNPROCESSABLE_ENTITY", "changeOrder"} {
		b.reads(".exchange", want)
	}
	b.reads(".parameters .wrong-row.above", "twelve")
	b.reads(".parameters .wrong-row.above + .wrong-row .violation", `path "id" must be an integer, got "twelve"`)
	b.reads(".lines .wrong-line", `"state": "lost"`)
	b.reads(".lines .wrong-line .violation", `body /state must be one of "open", "shipped"`)
	b.reads(".lines", "9007199254740993") // as it was sent
	b.until(`[...document.querySelectorAll('.lines li')].indexOf(document.querySelector('.wrong-line')) === 2`)

	// The trail, and near misses.
	b.write(filter("text"), "/orders/5")
	b.shows("path", "/orders/5")
	b.click(".row")
	b.reads(".exchange", "The preferred scenario has no stub that takes this request.")
	b.click(".filters button")
	unmatched := send(t, m, "GET /orders/7/lines", "").Header().Get("Understudy-Request-Id")
	b.click(fmt.Sprintf(`.row[data-id=%q]`, unmatched))
	b.reads(".exchange", "Closest operations")
	b.reads(".exchange .bullets", "GET /orders/{id}")
	tried := send(t, m, "PUT /orders/12", `{"state": "open"}`, "Prefer: scenario=life").Header().Get("Understudy-Request-Id")
	b.click(fmt.Sprintf(`.row[data-id=%q]`, tried))
	b.reads(".trail .failed", "life/changeOrder#1")
	b.reads(".trail .failed", `state "order" is "shipped", expected "open"`)
	b.reads(".trail .held", "life/changeOrder#2")
	b.reads(".exchange", "Shipped already")

	// The address alone opens it too.
	b.visit("console/journal?exchange=" + wrong)
	b.reads(".exchange", "/orders/twelve")
	b.click(".exchange .close")
	b.gone(".exchange")
	b.until(`location.search === '' && document.activeElement.matches('window-grid')`)
}

// TestSaveAsScenario holds that what is saved of an exchange answers as it did.
func TestSaveAsScenario(t *testing.T) {
	t.Parallel()
	m := start(t)
	id := send(t, m, "GET /orders/4", "", "X-Client: till-4", "Prefer: code=404").Header().Get("Understudy-Request-Id")
	b := open(t, m.AdminURL(), "console/journal?exchange="+id)
	b.click(".exchange .actions .primary")
	b.until(`document.querySelector('dialog.save textarea')?.value.includes("getOrder: # GET /orders/{id}\n    - when: {path: {id: 4}}\n      respond: {status: 404}\n")`)

	eval[string](b, `URL.createObjectURL = (blob) => { window.saved = blob.text(); return '#'; }, ''`)
	eval[string](b, `document.addEventListener('click', (event) => { if (event.target.download) { window.file = event.target.download; } }), HTMLAnchorElement.prototype.click = function () { window.file = this.download; }, ''`)
	eval[string](b, `[...document.querySelectorAll('dialog.save button')].find((each) => each.textContent === 'Download').click(), ''`)
	if file, text := eval[string](b, `window.file`), eval[string](b, `window.saved`); file != "getOrder-404.yaml" || !strings.Contains(text, "respond: {status: 404}") {
		t.Errorf("%s: %s", file, text)
	}
	b.write("dialog.save input", "mine/one")
	b.click("dialog.save .primary")
	b.gone("dialog.save")
	b.reads("notice-board", "mine/one is added and active for everybody")
	w := send(t, m, "GET /orders/4", "", "X-Client: till-4")
	if w.Code != http.StatusNotFound || w.Header().Get("Understudy-Scenario") != "mine/one" {
		t.Errorf("%d by %q", w.Code, w.Header().Get("Understudy-Scenario"))
	}
	// What does not fit the contract is told in the dialog.
	b.click(".exchange .actions .primary")
	b.see("dialog.save")
	eval[string](b, `document.querySelector('dialog.save textarea').value = 'operations: {getOder: 404}', ''`)
	b.click("dialog.save .primary")
	b.reads("dialog.save pre", `did you mean "getOrder"?`)
}

// TestJournalByKeyboard does without the mouse.
func TestJournalByKeyboard(t *testing.T) {
	t.Parallel()
	m := start(t)
	wrong := traffic(t, m)
	b := open(t, m.AdminURL(), "console/journal")
	b.see("window-grid .row")
	b.tabTo("window-grid")
	b.until(`document.activeElement.getAttribute('aria-activedescendant') === document.querySelector('.row[aria-selected="true"]').id`)
	b.press(kb.ArrowDown, kb.ArrowDown, kb.ArrowUp, kb.ArrowUp, kb.Enter)
	b.reads(".exchange h2", "/orders/twelve")
	b.until(`document.activeElement.matches('.exchange h2')`)
	b.press(kb.Escape)
	b.gone(".exchange")
	b.until(`document.activeElement.matches('window-grid')`)
	b.press(kb.End)
	b.until(`document.querySelector('.row[aria-selected="true"]').ariaRowIndex === '13'`)
	b.press(kb.Home)
	b.until(fmt.Sprintf(`document.querySelector('.row[aria-selected="true"]').dataset.id === %q`, wrong))
	b.press(kb.Enter)
	b.tabTo(".exchange .actions .primary")
	b.press(kb.Enter)
	b.see("dialog.save[open]")
	b.press(kb.Escape)
	b.gone("dialog.save")
	b.see(".exchange")
}

// TestTenThousandRows holds that as many exchanges are listed with few rows in the page.
func TestTenThousandRows(t *testing.T) {
	t.Parallel()
	const many = 10_000
	m := start(t)
	oldest := send(t, m, "GET /orders", "").Header().Get("Understudy-Request-Id")
	for range many - 1 {
		send(t, m, "GET /orders", "")
	}
	b := open(t, m.AdminURL(), "console/journal")
	b.see(".row")
	b.until(`document.querySelector('window-grid').getAttribute('aria-rowcount') === '10001'`)
	most := 0
	for scrolls := 0; ; scrolls++ {
		most = max(most, eval[int](b, `document.querySelectorAll('window-grid .row').length`))
		if eval[bool](b, fmt.Sprintf(`document.querySelector('.row[data-id=%q]') !== null`, oldest)) {
			break
		}
		if scrolls == 100 {
			t.Fatalf("the oldest of %d rows is not reached", many)
		}
		before := eval[int](b, `document.querySelector('window-grid').rows.length`)
		eval[string](b, `document.querySelector('window-grid').scrollTop = 1e9, new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(''))))`)
		if before < many {
			b.until(fmt.Sprintf(`document.querySelector('window-grid').rows.length > %d`, before))
		}
	}
	if most > 60 {
		t.Errorf("%d rows in the page", most)
	}
	b.reads(".count", "10,000 exchanges")
	// New ones push the oldest out, of the page as of the journal, and what is read stays in place.
	at := eval[string](b, `document.querySelector('window-grid').scrollTop = 100_000, new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done([...document.querySelectorAll('.row')].map((row) => row.dataset.id).sort()[0]))))`)
	for range 5 {
		send(t, m, "GET /orders/1", "", "X-Client: till-4")
	}
	b.until(`document.querySelector('window-grid').rows[0].url === '/orders/1' && document.querySelector('window-grid').rows.length === 10000`)
	b.until(fmt.Sprintf(`document.querySelector('.row[data-id=%q]')`, at))
}

// TestJournalAfterRestart holds that the journal of a mock that was started anew is shown
// without a reload of the page.
func TestJournalAfterRestart(t *testing.T) {
	t.Parallel()
	m := start(t)
	traffic(t, m)
	b := open(t, m.AdminURL(), "console/journal")
	b.reads(".count", "12 exchanges")
	address := m.Addr().String()
	if err := m.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.see("connection-state.disconnected")
	again := start(t, func(o *mock.Options) { o.Listen = address })
	send(t, again, "GET /orders/99", "", "X-Client: till-4")
	b.see("connection-state.connected")
	b.shows("path", "/orders/99")
	send(t, again, "GET /orders/98", "", "X-Client: till-4")
	b.shows("path", "/orders/98 /orders/99")
}

// TestEmptyJournal takes out what the filters choose.
func TestEmptyJournal(t *testing.T) {
	t.Parallel()
	m := start(t)
	traffic(t, m)
	b := open(t, m.AdminURL(), "console/journal?status=200")
	b.reads(".count", "7 exchanges")
	b.click(".bar .danger")
	b.click("dialog .danger")
	b.reads(".empty", "No exchange fits")
	b.click(".filters button")
	b.shows("status", "400 404 204 404 404")
	if _, err := m.DeleteRequests(t.Context(), mock.JournalFilter{}); err != nil { // not by this page
		t.Fatal(err)
	}
	b.reads(".count", "0 exchanges")
}

// TestJournalThatKeepsNothing says so, and not as a failure.
func TestJournalThatKeepsNothing(t *testing.T) {
	t.Parallel()
	m := start(t, func(o *mock.Options) { o.JournalEntries = -1 })
	b := open(t, m.AdminURL(), "console/journal")
	b.reads("journal-page .empty", "keeps no exchanges")
	b.gone(".failure")
}
