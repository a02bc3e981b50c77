package console_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/understudy-mock/understudy/mock"
)

// size gives the window another size, in CSS pixels.
func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// scheme shows the page as those see it who have asked for light or dark pages, and for
// nothing that moves.
func (b *tab) scheme(name string) {
	b.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return chromedp.Void{}, err
	})
}

// fits fails the test where the page is wider than the window.
func (b *tab) fits(what string) {
	b.t.Helper()
	if over := eval[float64](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		b.t.Errorf("%s is %v pixels wider than the window", what, over)
	}
}

// first serves the first API of the repository, for pictures.
func first(o *mock.Options) {
	o.Specs = []mock.Spec{{Location: "../../../../openapi.yaml"}}
	o.Scenarios = []string{"../../../../scenarios"}
}

// TestLayout looks at each page in wide and narrow windows; with -screenshots it writes
// the pictures of docs.
func TestLayout(t *testing.T) {
	t.Parallel()
	m := start(t, first)
	b := open(t, m.AdminURL(), "")
	b.scheme("light")
	b.size(1200, 700)
	b.click(`[data-operation="validateIdentityDocument"] .answers [data-status="409"]`)
	b.see(`[data-operation="validateIdentityDocument"] .note strong`)
	eval[chromedp.Void](b, `document.querySelector('notice-board').tell('')`)
	b.picture("operations")
	b.scheme("dark")
	b.picture("operations-dark")
	b.size(360, 740)
	b.fits("operations")
	b.picture("operations-narrow")
	b.size(1000, 900)
	b.click(`[data-operation="validateIdentityDocument"] button.try`)
	b.click("dialog.try button.primary")
	b.see("dialog.try .why")
	b.picture("try")
}
