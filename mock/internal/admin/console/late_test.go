package console_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// hold holds the next answer of the control plane to a path that ends so, until let.
func (b *tab) hold(end string) {
	b.t.Helper()
	eval[chromedp.Void](b, fmt.Sprintf(`{
		const now = window.fetch.bind(window);
		window.held = null;
		window.fetch = async (...args) => {
			const answer = await now(...args);
			if (window.held || !new URL(args[0], location).pathname.endsWith(%q)) {
				return answer;
			}
			const kept = new Response(await answer.blob(), answer);
			await new Promise((let) => { window.held = { let, now }; });
			return kept;
		};
	}`, end))
}

// letGo gives the held answer to the page after the others, and waits until it has been
// dealt with.
func (b *tab) letGo() {
	b.t.Helper()
	eval[chromedp.Void](b, `(async () => {
		const turn = async () => {
			await (await held.now('../settings')).text();
			await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		};
		await turn();
		held.let();
		await turn();
	})()`)
}

// TestLateCoverage holds that an answer about everybody, which comes after that about the
// session chosen meanwhile, is not shown for it.
func TestLateCoverage(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := open(t, m.AdminURL(), "console/coverage")
	send(t, m, "GET /orders/1", "", "X-Client: till-4", "Understudy-Session: checkout")
	b.reads(cell("getOrder", "200"), "● 1")
	b.hold("/__admin/coverage")
	send(t, m, "GET /orders", "")
	b.until(`window.held`)
	b.choose("scope-choice select", "checkout")
	b.letGo()
	b.reads(cell("getOrder", "200"), "● 1")
	b.reads(cell("listOrders", "200"), "○ 0")
}

// TestLateExchange holds that the exchange which was opened last is shown, whichever
// answer comes last, and none that was closed meanwhile.
func TestLateExchange(t *testing.T) {
	t.Parallel()
	m := start(t)
	slow := send(t, m, "GET /orders", "").Header().Get("Understudy-Request-Id")
	quick := send(t, m, "GET /orders/1", "", "X-Client: till-4").Header().Get("Understudy-Request-Id")
	row := func(id string) string { return fmt.Sprintf(`.row[data-id=%q]`, id) }
	b := open(t, m.AdminURL(), "console/journal")
	b.see(row(slow))
	b.hold("/exchanges/" + slow)
	b.click(row(slow))
	b.until(`window.held`)
	b.click(row(quick))
	b.reads(".exchange", "getOrder")
	b.letGo()
	b.reads(".exchange", "getOrder")
	b.until(`location.search === '?exchange=` + quick + `'`)

	b.hold("/exchanges/" + slow)
	b.click(row(slow))
	b.until(`window.held`)
	b.click(".exchange .close")
	b.gone(".exchange")
	b.letGo()
	b.gone(".exchange")
}
