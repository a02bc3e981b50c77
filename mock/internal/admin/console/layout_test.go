package console_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/understudy-mock/understudy/mock"
)

var screenshots = flag.Bool("screenshots", false, "write the pictures of docs/screenshots anew")

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

// picture writes a screenshot of the window to docs/screenshots, where -screenshots says so
// and the picture has a name.
func (b *tab) picture(name string) {
	b.t.Helper()
	if !*screenshots || name == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join("../../../../docs/screenshots", name+".png")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Fatal(err)
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
	b.fits("operations")
	b.size(360, 740)
	b.fits("operations")
	b.picture("operations-narrow")
	b.size(1000, 900)
	b.click(`[data-operation="validateIdentityDocument"] button.try`)
	b.click("dialog.try button.primary")
	b.see("dialog.try .why")
	b.picture("try")

	if err := m.Activate(t.Context(), "life-cycle"); err != nil {
		t.Fatal(err)
	}
	b.visit("console/scenarios")
	b.scheme("light")
	b.size(1200, 900)
	b.click(row("life-cycle") + "summary")
	b.see(row("life-cycle") + ".machine")
	b.write(row("life-cycle")+".another input", "3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51")
	b.click(row("life-cycle") + ".another button:nth-of-type(2)")
	b.see(row("life-cycle") + "[aria-pressed=true]")
	eval[chromedp.Void](b, `document.querySelector('notice-board').tell(''); scrollTo(0, 0)`)
	b.picture("scenarios")
	b.size(360, 740)
	b.fits("scenarios")

	for _, id := range []string{"checkout-qa", "pr-1234"} {
		if _, err := m.MakeSession(t.Context(), id, mock.SessionStart{Scenarios: []string{"outage"}}); err != nil {
			t.Fatal(err)
		}
	}
	b.size(1200, 700)
	b.visit("console/sessions?session=pr-1234")
	b.see(`[data-session="pr-1234"]`)
	b.picture("sessions")
	b.size(360, 740)
	b.fits("sessions")
}
