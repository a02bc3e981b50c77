package examples_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/understudy-mock/understudy/internal/testenv/chromium"
	"github.com/understudy-mock/understudy/mock"
)

// TestFrontEnd has the page in a browser meet success and each error, in a session of the
// mock for each. Page and mock are of different origins, and there is no other server.
func TestFrontEnd(t *testing.T) {
	t.Parallel()
	m := serve(t, []string{"../scenarios"})
	pages := httptest.NewServer(http.FileServer(http.Dir("front-end")))
	t.Cleanup(pages.Close)

	const wentWrong = "Something went wrong on our side. Try again later."
	for name, test := range map[string]struct {
		scenario, button, want string
		again                  string // what the same button leads to once more
	}{
		"shown":      {"", "show", "Maria Garcia: CREATED", "Maria Garcia: CREATED"},
		"signed-out": {"get/401", "show", "You are signed out. Sign in and try again.", ""},
		"broken":     {"get/500", "show", wentWrong, ""},
		"validated":  {"life-cycle", "validate", "The identification is validated.", "This identification was validated before."},
		"401":        {"validate/401", "validate", "You are signed out. Sign in and try again.", ""},
		"404":        {"validate/404", "validate", "There is no identification with this number.", ""},
		"409":        {"validate/409", "validate", "This identification was validated before.", ""},
		"500":        {"validate/500", "validate", wentWrong, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session, err := m.Session(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if test.scenario != "" {
				if err := session.Activate(t.Context(), test.scenario); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithTimeout(chromium.Tab(t), time.Minute)
			defer cancel()
			if err := chromedp.Do(ctx, chromedp.Navigate(pages.URL+"/?api="+url.QueryEscape(session.URL()))); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{test.want, test.again} {
				if got := pressed(t, ctx, test.button); want != "" && got != want {
					t.Errorf("the page says %q, want %q", got, want)
				}
			}
			if verdict, err := session.Verdict(t.Context(), mock.VerdictOptions{}); err != nil || verdict.Requests == 0 || verdict.Broke.Count > 0 {
				t.Errorf("%d requests, of which broke the contract: %+v; %v", verdict.Requests, verdict.Broke, err)
			}
		})
	}
}

// pressed presses a button and gives what the page says when it has its answer.
func pressed(t *testing.T, ctx context.Context, button string) string {
	t.Helper()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`new Promise((done) => {
		const line = document.querySelector('[role=status]');
		const watch = new MutationObserver(() => {
			if (line.textContent !== 'One moment …') { watch.disconnect(); done(line.textContent); }
		});
		watch.observe(line, {childList: true});
		document.querySelector('button[name=%s]').click();
	})`, button), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
