package console_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestListsThatAreCut holds how much of long lists and bodies is shown, and that the page
// says how much more there is.
func TestListsThatAreCut(t *testing.T) {
	t.Parallel()
	m := start(t)
	app := client{t, m.URL()}
	for i := range 205 {
		if _, err := m.Session(t.Context(), fmt.Sprintf("s%03d", i)); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, m.AdminURL(), "console/sessions")
	b.reads("sessions-page", "205 of 205 sessions, the 200 used last are shown")
	if shown, offered := eval[int](b, `document.querySelectorAll('[data-session]').length`), eval[int](b, `Math.max(...[...document.querySelectorAll('header select')].map((s) => s.options.length))`); shown != 200 || offered != 101 {
		t.Errorf("%d sessions are shown, %d are offered with everybody", shown, offered)
	}

	if err := m.Activate(t.Context(), "life"); err != nil {
		t.Fatal(err)
	}
	for i := range 105 {
		if got := app.put(fmt.Sprintf("/orders/%d", i+1), `{"state": "shipped"}`); got != 204 {
			t.Fatal(i, got)
		}
	}
	b.visit("console/scenarios")
	b.click(row("life") + "summary")
	b.reads(row("life")+".states", "There are 5 more keys.")
	if shown := eval[int](b, `document.querySelectorAll('.states li > code').length`); shown != 100 {
		t.Errorf("%d keys are shown", shown)
	}

	id := send(t, m, "PUT /orders/7", `{"state": "open", "long": "`+strings.Repeat("x", 6_000)+`", "lines": [`+strings.TrimSuffix(strings.Repeat("1,", 700), ",")+`]}`).Header().Get("Understudy-Request-Id")
	b.visit("console/journal?exchange=" + id)
	b.reads(".exchange", "more characters")
	if shown := eval[int](b, `document.querySelector('.lines').children.length`); shown != 500 {
		t.Errorf("%d lines are shown", shown)
	}
	eval[any](b, `[...document.querySelectorAll('.exchange button')].find((e) => e.textContent.startsWith('Show all')).click()`)
	if shown := eval[int](b, `document.querySelector('.lines').children.length`); shown < 700 {
		t.Errorf("all are %d lines", shown)
	}
}
