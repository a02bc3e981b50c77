package console_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// cell is the selector of an operation's status in the matrix.
func cell(operation, status string) string {
	return fmt.Sprintf(`.cell[data-key="shop %s %s"]`, operation, status)
}

// TestCoverage holds that the matrix tells what was reached, as it is reached, and that
// each line tells more.
func TestCoverage(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := open(t, m.AdminURL(), "console/coverage")
	b.reads(cell("getOrder", "404"), "○ 0")
	b.reads(`.totals [data-kind="statuses"]`, "0 of 7 conforming, 0 reached")
	send(t, m, "GET /orders/1", "", "X-Client: till-4", "Prefer: code=404", "Understudy-Session: checkout")
	b.see(cell("getOrder", "404") + ".conforming")
	b.reads(cell("getOrder", "404"), "● 1")
	send(t, m, "GET /orders/x", "", "X-Client: till-4", "Prefer: code=503") // breaks the contract
	b.see(cell("getOrder", "5XX") + ".reached")
	b.reads(cell("getOrder", "5XX"), "◐ 1")
	b.until(fmt.Sprintf(`document.querySelector(%q).ariaLabel === 'getOrder, status 5XX: reached, never conforming, 1 exchanges, 0 conforming'`, cell("getOrder", "5XX")))
	b.reads(`.totals [data-kind="statuses"]`, "1 of 7 conforming, 2 reached")
	b.reads(cell("changeOrder", "409"), "○ 0")

	// What is behind a line.
	b.click(cell("getOrder", "5XX"))
	b.reads(".behind", "application/json")
	b.reads(".behind", "text/plain")
	b.reads(".behind", "reached, never conforming")
	b.until(`document.querySelector('.behind section:nth-of-type(2)').innerText.replaceAll(/\s+/g, ' ').includes('path id required ● valid values 1 1 0')`)
	b.until(`document.activeElement.matches('.cell')`) // the focus stays
	b.until(`document.querySelector('.behind a[href*="session=checkout"]')?.innerText === 'checkout'`)

	b.click(".behind .detail > p a")
	b.shows("path", "/orders/x /orders/1")

	// Of one session, and what is missing alone.
	b.visit("console/coverage?session=checkout")
	b.reads(cell("getOrder", "404"), "● 1")
	b.reads(cell("getOrder", "5XX"), "○ 0")
	b.write(`coverage-page input[type="search"]`, "PUT")
	b.until(`[...document.querySelectorAll('.matrix .path')].map((each) => each.innerText).join() === '/orders/{id}'`)
	b.write(`coverage-page input[type="search"]`, "nothing")
	b.reads(".empty", "No operation fits")
	for _, header := range []string{"Prefer: code=200", "Prefer: code=503"} {
		send(t, m, "GET /orders", "", header, "Understudy-Session: checkout")
	}
	b.write(`coverage-page input[type="search"]`, "/orders")
	b.reads(cell("listOrders", "503"), "● 1")
	b.click(`coverage-page input[type="checkbox"]`)
	b.gone(cell("listOrders", "503"))
	b.see(cell("getOrder", "404"))
}

// TestCoverageByKeyboard opens and closes a line without the mouse.
func TestCoverageByKeyboard(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := open(t, m.AdminURL(), "console/coverage")
	b.tabTo(`.matrix .operation button`)
	b.press(kb.Enter)
	b.see(".behind")
	b.until(`document.activeElement.ariaExpanded === 'true'`)
	b.press(kb.Enter)
	b.gone(".behind")
	b.until(`document.activeElement.ariaExpanded === 'false'`)
}
