package console_test

import (
	"fmt"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

const (
	anIdentification = "/v1/orgs/yoigo/identifications/identity_document/3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51"
	installation     = "X-Installation_id: 625fc44b-5b1c-451e-bcc7-276c911f0af8"
	fingerprint      = "X-Fingerprint: 33dd65c7fefc7078776965ca85cee243"
	agent            = "User-Agent: Mozilla/5.0"
)

// identified sends requests to the first API, of which one lacks a header and another
// names a scenario that does not answer it; the id of the first of these is given.
func identified(t *testing.T, m *mock.Mock) string {
	t.Helper()
	for i := range 8 {
		send(t, m, fmt.Sprintf("GET %s%d", anIdentification[:len(anIdentification)-1], i), "", agent)
		send(t, m, "POST "+anIdentification+"/validate", "", installation, fingerprint, agent, "Prefer: scenario=life-cycle", fmt.Sprintf("Understudy-Session: checkout-%d", i/3))
	}
	send(t, m, "POST "+anIdentification+"/validate", "", installation, fingerprint, agent, "Prefer: code=409")
	send(t, m, "GET "+anIdentification, "", "Prefer: code=500")
	send(t, m, "GET "+anIdentification+"/validated", "")
	send(t, m, "GET "+anIdentification, "", "Prefer: scenario=validate/409")
	return send(t, m, "POST "+anIdentification+"/validate", "", installation, agent).Header().Get("Understudy-Request-Id")
}

// TestEvidenceLayout looks at the journal and the coverage in wide and narrow windows;
// with -screenshots it writes the pictures of docs.
func TestEvidenceLayout(t *testing.T) {
	t.Parallel()
	m := start(t, first)
	wrong := identified(t, m)
	b := open(t, m.AdminURL(), "console/journal")
	for _, look := range []struct {
		scheme            string
		width, height     int64
		journal, coverage string // the pictures
	}{{"light", 1200, 700, "journal", "coverage"}, {"dark", 360, 740, "journal-narrow", ""}, {"dark", 1200, 700, "", "coverage-dark"}} {
		b.scheme(look.scheme)
		b.size(look.width, look.height)
		b.visit("console/journal")
		b.see(".row")
		b.fits("the journal")
		b.picture(look.journal)
		b.click(fmt.Sprintf(`.row[data-id=%q]`, wrong))
		b.see(".exchange")
		b.fits("the exchange")
		b.visit("console/coverage")
		b.click(".matrix .operation button")
		b.see(".behind")
		b.fits("the coverage")
		b.picture(look.coverage)
	}
}

// TestExchangeLayout looks at an exchange and at what is saved of it.
func TestExchangeLayout(t *testing.T) {
	t.Parallel()
	m := start(t)
	wrong := traffic(t, m)
	b := open(t, m.AdminURL(), "console/journal?exchange="+wrong)
	b.scheme("light")
	b.size(1200, 760)
	b.see(".exchange")
	eval[string](b, `document.activeElement.blur(), document.querySelector('.detail').scrollTop = document.querySelector('.exchange section:nth-of-type(2)').offsetTop - document.querySelector('.detail').offsetTop, ''`)
	b.picture("exchange")
	conflict := send(t, m, "PUT /orders/12", `{"state": "shipped"}`, "Prefer: code=409").Header().Get("Understudy-Request-Id")
	b.click(fmt.Sprintf(`.row[data-id=%q]`, conflict))
	b.reads(".exchange", "409")
	b.click(".exchange .actions .primary")
	b.see("dialog.save")
	b.picture("save-as-scenario")
	b.size(360, 740)
	b.fits("what is saved")
}
