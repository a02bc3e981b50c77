package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/understudy-mock/understudy/mock"
)

// call gives what a command of the browser's protocol gives in the tab.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) (result R) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		var err error
		result, err = cdp.Call(ctx, t, command, params)
		return chromedp.Void{}, err
	})
	return result
}

// TestToken asks for a token, refuses a wrong one, and keeps nothing that scripts can read.
func TestToken(t *testing.T) {
	t.Parallel()
	tokens := func(o *mock.Options) {
		o.AdminTokens, o.AdminReadTokens = []string{"qa=secret-1"}, []string{"guest=secret-2"}
	}
	m := start(t, tokens)
	app := client{t, m.URL()}
	b := open(t, m.AdminURL(), "")
	b.see("dialog.login[open]")
	b.write("dialog.login input", "wrong")
	b.press(kb.Enter)
	b.reads("dialog.login .wrong", "no token of this mock")
	b.press(kb.Escape)
	b.press(kb.Escape)
	b.see("dialog.login[open]")
	b.write("dialog.login input", "secret-1")
	b.press(kb.Enter)
	b.gone("dialog.login")
	b.click(getOrder + `.answers [data-status="404"]`)
	b.reads(getOrder+".note", "forced by qa")
	app.want(404, "GET", "/orders/12")
	if text := eval[string](b, `document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)`); strings.Contains(text, "secret") || strings.Contains(text, "understudy_admin") {
		t.Errorf("scripts can read %s", text)
	}
	for _, cookie := range call(b, network.GetCookies, network.GetCookiesParams{}).Cookies {
		if !cookie.HTTPOnly || cookie.SameSite != network.CookieSameSiteStrict || cookie.Path != "/__admin/" {
			t.Errorf("the cookie is %+v", cookie)
		}
	}
	b.click("connection-state .user button")
	b.see("dialog.login[open]")
	b.write("dialog.login input", "secret-2")
	b.press(kb.Enter)
	b.gone("dialog.login")
	b.see(getOrder + `.answers [data-status="404"][aria-pressed="true"]`)
	b.click(getOrder + `.answers [data-status="404"]`)
	b.reads(".failure", "The token guest may read")
	app.want(404, "GET", "/orders/12")
}

// TestReconnect goes on with a mock that was started anew, which knows neither what was
// forced nor the login.
func TestReconnect(t *testing.T) {
	t.Parallel()
	tokens := func(o *mock.Options) { o.AdminTokens = []string{"qa=secret"} }
	m := start(t, tokens)
	b := open(t, m.AdminURL(), "")
	b.write("dialog.login input", "secret")
	b.press(kb.Enter)
	b.click(getOrder + `.answers [data-status="404"]`)
	b.reads(getOrder+".note", "Answers 404")
	address := m.Addr().String()
	if err := m.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.reads("connection-state", "Disconnected")
	b.click(getOrder + `.answers [data-status="5XX"]`)
	b.reads(".failure", "The mock cannot be reached")
	again := start(t, tokens, func(o *mock.Options) { o.Listen = address })
	b.see("dialog.login[open]")
	b.write("dialog.login input", "secret")
	b.press(kb.Enter)
	b.see("connection-state.connected")
	b.gone(getOrder + ".note")
	b.gone(".failure")
	b.click(getOrder + `.answers [data-status="5XX"]`)
	b.reads(getOrder+".note", "Answers 5XX")
	client{t, again.URL()}.want(500, "GET", "/orders/12")
}

// TestOtherSites holds that a page of another site changes nothing, by script or by form,
// and shows no page of the console in itself, with a login in the browser.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	m := start(t, func(o *mock.Options) { o.AdminTokens = []string{"qa=secret"} })
	b := open(t, m.AdminURL(), "")
	b.write("dialog.login input", "secret")
	b.press(kb.Enter)
	b.gone("dialog.login")
	target := m.AdminURL() + "/__admin/"
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>Elsewhere</title><iframe src="%s"></iframe>
			<form method="post" action="%sscenarios/outage/activate"><button>Win</button></form>`, target, target)
	}))
	t.Cleanup(evil.Close)
	// One is of the same site, which cookies look at, and of another origin; one is not.
	for _, host := range []string{"127.0.0.1", "localhost"} {
		b.do(chromedp.Navigate(strings.Replace(evil.URL, "127.0.0.1", host, 1)))
		for _, send := range []string{
			`fetch(%q, {method: 'POST', mode: 'no-cors', credentials: 'include'})`,
			`fetch(%q, {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json'}, body: '{}'})`,
			`fetch(%q, {method: 'POST', mode: 'no-cors', credentials: 'include', headers: {'Content-Type': 'text/plain'}, body: '{}'})`,
		} {
			eval[chromedp.Void](b, fmt.Sprintf(send, target+"scenarios/outage/activate")+`.catch(() => {})`)
		}
		if eval[bool](b, `(() => { try { return frames[0].document.querySelector('operations-page') !== null; } catch { return false; } })()`) {
			t.Errorf("a page of %s shows the console in itself", host)
		}
		b.click("form button")
		b.until(`document.body.innerText.includes('CROSS_SITE_REQUEST') || document.body.innerText.includes('cross_site_request')`)
		client{t, m.URL()}.want(200, "GET", "/orders")
	}
	b.mu.Lock()
	b.wrong = nil // of the page that was refused
	b.mu.Unlock()
}

// TestKeyboard does without a mouse what the pages are for.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	if _, err := m.Session(t.Context(), "qa"); err != nil {
		t.Fatal(err)
	}
	b := open(t, m.AdminURL(), "")
	b.see(getOrder + ".answers button")
	b.press(kb.Tab, kb.Enter) // the link that skips the navigation
	b.until(`document.activeElement.id === 'content'`)
	b.tabTo(getOrder + `.answers [data-status="404"]`)
	b.press(" ")
	b.reads(getOrder+".note", "Answers 404")
	b.until(`document.activeElement.dataset.status === '404'`)
	app.want(404, "GET", "/orders/12")
	b.press(kb.Enter)
	b.gone(getOrder + ".note")
	b.tabTo(getOrder + "button.try")
	b.press(kb.Enter)
	b.tabTo("dialog.try button.primary")
	b.press(kb.Enter)
	b.reads("dialog.try .result", "200")
	b.press(kb.Escape)
	b.gone("dialog.try")
	b.until(`document.activeElement.matches('button.try')`)
	b.press(kb.Tab, kb.Enter) // Examples and media types
	b.tabTo(getOrder + `[data-example="shipped"]`)
	b.press(" ")
	b.reads(getOrder+".note", "example shipped")

	b.visit("console/scenarios")
	b.tabTo(row("outage") + ".actions button")
	b.press(kb.Enter)
	b.see(`[data-group="Active"] ` + row("outage"))
	b.until(`document.activeElement.ariaLabel === 'Deactivate outage'`)
	app.want(503, "GET", "/orders")
	b.press(kb.Enter)
	b.see(`[data-group="Not active"] ` + row("outage"))

	b.visit("console/sessions")
	b.tabTo("form.make input")
	b.press("by-key", kb.Enter)
	b.see(`[data-session="by-key"]`)
	b.tabTo(`[aria-label="Delete the session by-key"]`)
	b.press(kb.Enter)
	b.see("dialog.question")
	b.until(`document.activeElement.textContent === 'Cancel'`)
	b.press(kb.Tab, kb.Enter)
	b.gone(`[data-session="by-key"]`)
	b.tabTo("scope-choice select")
	b.press(kb.ArrowDown)
	b.until(`location.search === '?session=qa'`)
}

// TestNames holds that what can be used has a name that a screen reader can say, and that
// each page has landmarks and one heading of the first level.
func TestNames(t *testing.T) {
	t.Parallel()
	m := start(t)
	if _, err := m.Session(t.Context(), "qa"); err != nil {
		t.Fatal(err)
	}
	client{t, m.URL()}.want(200, "GET", "/orders")
	usable := map[string]bool{"button": true, "link": true, "textbox": true, "searchbox": true, "combobox": true, "checkbox": true, "spinbutton": true, "dialog": true, "group": false}
	b := open(t, m.AdminURL(), "")
	for page, ready := range map[string]string{"": getOrder + ".answers button", "console/scenarios": row("life"), "console/sessions": `[data-session="qa"]`, "console/journal": ".row", "console/coverage": ".matrix"} {
		b.visit(page)
		b.see(ready)
		eval[chromedp.Void](b, `{ document.querySelectorAll('details').forEach((each) => { each.open = true; }); }`)
		if page == "console/scenarios" {
			b.see(row("recovery") + "form.inline")
		}
		seen := map[string]int{}
		for _, node := range call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
			if node.Ignored || node.Role == nil {
				continue
			}
			role, name := said(node.Role), said(node.Name)
			seen[role]++
			if usable[role] && name == "" {
				t.Errorf("%q has a %s without a name", page, role)
			}
		}
		if seen["main"] != 1 || seen["navigation"] != 1 || seen["banner"] != 1 || seen["status"] == 0 {
			t.Errorf("%q has the landmarks %v", page, seen)
		}
		if n := eval[float64](b, `document.querySelectorAll('h1').length`); n != 1 {
			t.Errorf("%q has %v headings of the first level", page, n)
		}
	}
}

// said is a value of the accessibility tree as text.
func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}
