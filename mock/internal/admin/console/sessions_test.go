package console_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestSessions makes a session, opens the API in it, and deletes it.
func TestSessions(t *testing.T) {
	t.Parallel()
	m := start(t, func(o *mock.Options) { o.AdminListen = "127.0.0.1:0" })
	app := client{t, m.URL()}
	b := open(t, m.AdminURL(), "console/sessions")
	b.reads("sessions-page", "There are no sessions.")
	b.write("form.make input", "qa-1")
	b.choose("form.make select", "outage")
	b.click("form.make button")
	b.reads(`[data-session="qa-1"]`, "outage")
	app.want(503, "GET", "/__session/qa-1/orders")
	app.want(200, "GET", "/orders")
	if got := eval[string](b, `document.querySelector('[data-session="qa-1"] a').href`); got != m.URL()+"/__session/qa-1/" {
		t.Errorf("the link leads to %s", got)
	}
	app.want(200, "GET", "/__session/by-request/orders")
	b.see(`[data-session="by-request"]`)
	b.click(`[aria-label="Go on in the session qa-1"]`)
	b.until(`location.search === '?session=qa-1'`)
	b.click(`[aria-label="Delete the session qa-1"]`)
	b.click("dialog.question button.danger")
	b.gone(`[data-session="qa-1"]`)
	b.until(`location.search === ''`)
	sessions, err := m.Sessions(t.Context())
	if err != nil || len(sessions) != 1 {
		t.Errorf("%v %v", sessions, err)
	}
}

// TestSessionThatThereIsNot offers to make it.
func TestSessionThatThereIsNot(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := open(t, m.AdminURL(), "?session=later")
	b.reads(".failure", `There is no session "later".`)
	b.click(".failure button")
	b.see(getOrder + ".answers button")
	b.gone(".failure")
	b.visit("?session=..") // would be everybody's, and be called a session's
	b.see(getOrder + ".answers button")
	b.until(`document.querySelector('scope-choice select').value === '' && !document.querySelector('scope-choice').matches('.narrowed')`)
	b.visit("?session=other")
	b.click(".failure button:nth-of-type(2)")
	b.see(getOrder + ".answers button")
	b.until(`location.search === ''`)
}
