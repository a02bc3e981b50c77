package console_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/internal/testenv/chromium"
	"github.com/understudy-mock/understudy/mock"
)

// patience bounds what a test waits for. A test that passes does not come near it.
const patience = time.Minute

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	chromium.Close()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// tab is one tab of the browser, which shares neither cookies nor storage with others.
// A page that has an exception, or breaks its policy, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
	// URL is that of the control plane, without a slash at its end.
	URL string

	mu    sync.Mutex // guards wrong
	wrong []string   // exceptions, and what the policy has refused
}

// open opens a page of the console, such as "" or "console/scenarios?session=a", of the
// control plane at a base URL.
func open(t *testing.T, base, page string) *tab {
	t.Helper()
	ctx := chromium.Tab(t)
	b := &tab{t: t, ctx: ctx, URL: base + "/__admin"}
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.quiet)
	b.visit(page)
	return b
}

// heard notes what must not happen in a page.
func (b *tab) heard(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity || strings.Contains(e.Entry.Text, "Content Security Policy") {
			text = e.Entry.Text
		}
	}
	if text != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.wrong = append(b.wrong, text)
	}
}

// quiet fails the test where something was noted.
func (b *tab) quiet() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.wrong {
		b.t.Errorf("in the page: %s", text)
	}
}

// do does actions in the tab.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v\nthe page shows:\n%s", err, b.all())
	}
}

// eval gives the value of an expression in the tab.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// all is the text of the page.
func (b *tab) all() string {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body?.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// visit goes to another page of the console and waits until it is connected.
func (b *tab) visit(page string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.URL + "/" + page))
	b.see("connection-state.connected, dialog.login[open]")
}

// see waits until a selector of CSS finds something visible.
func (b *tab) see(selector string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, selector))
}

// gone waits until a selector finds nothing visible.
func (b *tab) gone(selector string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`![...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, selector))
}

// reads waits until the element of a selector has a text in it.
func (b *tab) reads(selector, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector(%q)?.innerText.includes(%q)`, selector, text))
}

// until waits until an expression is true, also across pages. Nothing tells when that is,
// so it is asked again and again.
func (b *tab) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		// An error is that of a page which is being left.
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			b.t.Fatalf("waited in vain for %s\nthe page shows:\n%s", expression, b.all())
		}
	}
}

// click waits until a selector finds something visible that stands still, and clicks the
// first that it finds with the mouse.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.see(selector)
	at := eval[[]float64](b, fmt.Sprintf(`(async () => {
		const frame = () => new Promise((done) => requestAnimationFrame(done));
		let before = '';
		for (;;) {
			const element = [...document.querySelectorAll(%q)].find((e) => e.checkVisibility());
			element?.scrollIntoView({block: 'nearest', behavior: 'instant'});
			await frame();
			const box = element?.getBoundingClientRect();
			if (box && JSON.stringify(box) === before) {
				return [box.x + box.width / 2, box.y + box.height / 2];
			}
			before = JSON.stringify(box);
		}
	})()`, selector))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// write puts a text in the place of that of a field, as if typed.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.see(selector)
	eval[chromedp.Void](b, fmt.Sprintf(`document.querySelector(%q).select()`, selector))
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// choose chooses an entry of a list by its value.
func (b *tab) choose(selector, value string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`[...document.querySelector(%q)?.options ?? []].some((o) => o.value === %q)`, selector, value))
	eval[chromedp.Void](b, fmt.Sprintf(`{ const list = document.querySelector(%q); list.value = %q; list.dispatchEvent(new Event('change', {bubbles: true})); }`, selector, value))
}

// press presses keys, such as kb.Tab or kb.Enter, where the focus is.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.do(chromedp.KeyEvent(key))
	}
}

// tabTo presses the tabulator until the focus is on what a selector finds.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	b.see(selector)
	for range 200 {
		if eval[bool](b, fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector)) {
			return
		}
		b.press(kb.Tab)
	}
	b.t.Fatalf("the tabulator does not lead to %s", selector)
}

// start serves the description and the scenarios of testdata until the test ends, changed
// by options.
func start(t *testing.T, change ...func(*mock.Options)) *mock.Mock {
	t.Helper()
	opts := mock.Options{
		Specs:     []mock.Spec{{Location: "testdata/shop.yaml"}},
		Scenarios: []string{"testdata/scenarios"},
		Listen:    "127.0.0.1:0",
	}
	for _, f := range change {
		f(&opts)
	}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = m.Stop(ctx) // tabs that are still open are cut off
	})
	return m
}
