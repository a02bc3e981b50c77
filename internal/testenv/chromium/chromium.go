// Package chromium gives tests tabs of a Chromium. Only tests import it.
package chromium

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// browser is the one that all tests of a program share. It is started by the first that
// asks for a tab.
var browser struct {
	once   sync.Once
	ctx    context.Context
	cancel []context.CancelFunc
	err    error
}

func start() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"),
		chromedp.NoSandbox, // which root cannot have; the pages are our own
		chromedp.WindowSize(1200, 800),
		chromedp.Flag("lang", "en-GB"),
	)
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocated)
	browser.ctx, browser.cancel = ctx, []context.CancelFunc{stop, cancel}
	browser.err = chromedp.Do(ctx)
}

// Tab gives the context of an empty tab, which is closed with the test and shares neither
// cookies nor storage with others. It skips the test where Chromium is missing, see
// testenv.NeedsTool. Tests may call it concurrently; their TestMain calls Close.
func Tab(t testing.TB) context.Context {
	t.Helper()
	testenv.NeedsTool(t, "chromium")
	browser.once.Do(start)
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return ctx
}

// Close ends the browser, where there is one, when all tests are over.
func Close() {
	if browser.ctx != nil {
		_ = chromedp.Cancel(browser.ctx)
	}
	for _, cancel := range browser.cancel {
		cancel()
	}
}
