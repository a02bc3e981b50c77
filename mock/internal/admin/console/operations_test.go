package console_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// client asks the mock as an app would.
type client struct {
	t    *testing.T
	base string
}

// ask gives the status of an answer, and the scenario that gave it.
func (c client) ask(method, path string, headers ...string) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Understudy-Scenario")
}

// want compares the status that the mock answers.
func (c client) want(status int, method, path string, headers ...string) {
	c.t.Helper()
	if got, by := c.ask(method, path, headers...); got != status {
		c.t.Errorf("%s %s: %d by %q, want %d", method, path, got, by, status)
	}
}

// put sends JSON and gives the status of the answer.
func (c client) put(path, body string) int {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

const getOrder = `[data-operation="getOrder"] `

// TestForceByClick goes from a click to another answer, and back, for everybody and in a
// session.
func TestForceByClick(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	b := open(t, m.AdminURL(), "")
	chip := func(status string) string { return getOrder + `.answers [data-status="` + status + `"]` }
	b.click(chip("404"))
	b.see(chip("404") + `[aria-pressed="true"]`)
	b.reads(getOrder+".note", "Answers 404 for everybody, forced by anonymous (127.0.0.1)")
	app.want(404, "GET", "/orders/12")
	b.click(chip("5XX"))
	b.see(chip("5XX") + `[aria-pressed="true"]`)
	b.see(chip("404") + `[aria-pressed="false"]`)
	app.want(500, "GET", "/orders/12")

	if _, err := m.Session(t.Context(), "qa"); err != nil {
		t.Fatal(err)
	}
	b.visit("?session=qa")
	b.see(chip("5XX") + ".inherited")
	b.click(chip("404"))
	b.reads(getOrder+".note", "Answers 404 for this session")
	app.want(404, "GET", "/__session/qa/orders/12")
	app.want(500, "GET", "/orders/12")
	b.click(chip("404"))
	b.see(chip("5XX") + ".inherited")
	app.want(500, "GET", "/__session/qa/orders/12")

	b.choose("scope-choice select", "")
	b.see(chip("5XX") + ":not(.inherited)")
	b.click(chip("5XX"))
	b.gone(getOrder + ".note")
	app.want(200, "GET", "/orders/12", "X-Client: till-4")
}

// TestForceExample chooses examples and media types.
func TestForceExample(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	b := open(t, m.AdminURL(), "")
	b.click(getOrder + "summary")
	b.click(getOrder + `[data-example="shipped"]`)
	b.reads(getOrder+".note", "Answers 200, example shipped, application/json for everybody")
	if _, body := get(t, m.URL()+"/orders/12"); !strings.Contains(body, "shipped") {
		t.Errorf("the answer is %s", body)
	}
	b.click(getOrder + `[data-media-type="text/plain"]`)
	b.reads(getOrder+".note", "Answers 200, text/plain for everybody")
	b.see(getOrder + `[data-example="shipped"][aria-pressed="false"]`)
	if r, body := get(t, m.URL()+"/orders/12"); body != "order 12, open" {
		t.Errorf("the answer is %s %s", r.Header.Get("Content-Type"), body)
	}
	app.want(200, "GET", "/orders/12")
	b.click("operations-page .toolbar button.danger")
	b.gone(getOrder + ".note")
}

// TestTwoTabs shows in one what another has forced.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	m := start(t)
	one, two := open(t, m.AdminURL(), ""), open(t, m.AdminURL(), "")
	one.click(getOrder + `.answers [data-status="404"]`)
	two.reads(getOrder+".note", "Answers 404")
	two.click(getOrder + `.answers [data-status="404"]`)
	one.gone(getOrder + ".note")
	one.click(getOrder + `.answers [data-status="5XX"]`)
	one.reads(getOrder+".note", "Answers 5XX")
	if err := m.Activate(t.Context(), "outage"); err != nil {
		t.Fatal(err)
	}
	two.reads(getOrder+".note", "The scenario outage is asked first.")
}

// TestTry sends a request of the contract and shows the answer and its why, also where the
// mock has another address than the control plane.
func TestTry(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]string{"one address": "", "two addresses": "127.0.0.1:0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := start(t, func(o *mock.Options) { o.AdminListen = listen })
			b := open(t, m.AdminURL(), "")
			b.click(getOrder + "button.try")
			b.until(`document.querySelector('dialog.try textarea')?.value === 'X-Client: till-4'`)
			b.click("dialog.try button.primary")
			b.reads("dialog.try .result", "200")
			b.reads("dialog.try .why", "contract")
			b.reads("dialog.try pre.body", `"state": "open"`)
			b.write("dialog.try textarea", "X-Other: 1")
			b.click("dialog.try button.primary")
			b.reads("dialog.try .result .wrong", "X-Client")
			b.press(kb.Escape)
			b.gone("dialog.try")
		})
	}
}

// TestCopy runs what is copied as curl, and reads what is copied as fetch.
func TestCopy(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "curl")
	m := start(t)
	b := open(t, m.AdminURL(), "")
	b.click(`[data-operation="changeOrder"] button.try`)
	b.see("dialog.try")
	b.write("dialog.try textarea", "Content-Type: application/json\nX-Quoted: it's $HOME\nX-Twice: a\nX-Twice: b")
	// What is copied is looked at on its way: a browser without a window has no clipboard.
	eval[chromedp.Void](b, `{ navigator.clipboard.writeText = async (text) => { window.copied = text; }; }`)
	b.click("dialog.try .actions button:nth-of-type(2)")
	b.until(`window.copied?.startsWith('curl')`)
	command := eval[string](b, `window.copied`)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", command+" -s").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "HTTP/1.1 204") {
		t.Errorf("%v of\n%s\n%s", err, command, out)
	}
	if _, body := get(t, m.AdminURL()+"/__admin/exchanges"); !strings.Contains(body, "it's $HOME") {
		t.Errorf("the header did not arrive: %s", body)
	}
	b.click("dialog.try .actions button:nth-of-type(3)")
	b.until(`window.copied?.startsWith('await fetch')`)
	if got := eval[string](b, `window.copied`); !strings.Contains(got, `["X-Twice","a"],["X-Twice","b"]`) {
		t.Errorf("a header is missing in\n%s", got)
	}
	if got := eval[float64](b, `eval('(async () => (' + window.copied.replace(/;$/, '') + ').status)()')`); got != 204 {
		t.Errorf("the call of fetch is answered with %v", got)
	}

	// curl would say of a body alone that it is a form.
	b.write("dialog.try textarea", "X-Only: this")
	b.click("dialog.try .actions button:nth-of-type(2)")
	b.until(`window.copied?.includes('X-Only')`)
	command = eval[string](b, `window.copied`)
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", command+" -s").CombinedOutput(); err != nil {
		t.Errorf("%v of\n%s\n%s", err, command, out)
	}
	if _, body := get(t, m.AdminURL()+"/__admin/exchanges?limit=1"); !strings.Contains(body, "X-Only") || strings.Contains(body, "form-urlencoded") {
		t.Errorf("%s\nleads to %s", command, body)
	}
}
