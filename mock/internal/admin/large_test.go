package admin_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestSourcesOfAFailedReload holds how many files are shown with one, and how large they
// may be.
func TestSourcesOfAFailedReload(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for i := range 25 {
		p.write(fmt.Sprintf("scenarios/broken%02d.yaml", i), "operations: {getOrder: {respond: {staus: 404}}}\n")
	}
	p.write("scenarios/a-large-one.yaml", "operations: {getOrder: {respond: {staus: 404}}}\n#"+strings.Repeat("x", 256<<10))
	p.do("POST /reload", "").want(t, 422, "")
	var told struct {
		Reload  struct{ Findings []struct{ File string } }
		Sources []struct{ File, Text string }
	}
	p.do("GET /reload", "").into(t, &told)
	if len(told.Sources) != 20 || len(told.Reload.Findings) < 26 {
		t.Errorf("%d files are shown, of %d findings", len(told.Sources), len(told.Reload.Findings))
	}
	for _, s := range told.Sources {
		if strings.Contains(s.File, "a-large-one") || s.Text == "" {
			t.Errorf("%s is shown with %d bytes", s.File, len(s.Text))
		}
	}
}

// TestLargeScenario refuses one of more than 16 MiB.
func TestLargeScenario(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	body := "operations: {getOrder: 404}\n#" + strings.Repeat("x", 16<<20)
	for _, announced := range []int64{int64(len(body)), -1} {
		r := httptest.NewRequest("POST", "http://localhost/__admin/scenarios?name=large", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/yaml")
		r.ContentLength = announced
		p.send(r).want(t, 413, "BODY_TOO_LARGE")
	}
}

// TestChangesAreBounded holds that the oldest of a thousand changes is forgotten.
func TestChangesAreBounded(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for range 505 {
		for _, do := range []func() error{
			func() error { return p.mock.Activate(t.Context(), "outage") },
			func() error { return p.mock.Deactivate(t.Context(), "outage") },
		} {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var told struct{ Changes []struct{ Action string } }
	p.do("GET /changes", "").into(t, &told)
	if len(told.Changes) != 1000 || told.Changes[0].Action != "deactivate" {
		t.Errorf("%d changes, the newest %+v", len(told.Changes), told.Changes[0])
	}
}

// TestActivationsEndWithinAMonth refuses a longer time.
func TestActivationsEndWithinAMonth(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.do("POST /scenarios/outage/activate", `{"for": "720h"}`).want(t, 200, "")
	p.do("POST /scenarios/outage/activate", `{"for": "720h0m1s"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
}
