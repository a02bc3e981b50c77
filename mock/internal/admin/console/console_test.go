package console_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// get asks for a path of the control plane.
func get(t *testing.T, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// TestPagesAreGuarded holds what a browser is told about pages and assets.
func TestPagesAreGuarded(t *testing.T) {
	t.Parallel()
	m := start(t)
	admin := m.AdminURL() + "/__admin/"
	for _, page := range []string{"", "console/scenarios", "console/journal", "console/coverage", "console/sessions"} {
		response, body := get(t, admin+page)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", page, response.StatusCode)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "no-referrer",
			"Cache-Control":              "no-store",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Content-Type":               "text/html; charset=utf-8",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", page, name, got, want)
			}
		}
		for _, match := range regexp.MustCompile(`(?:src|href)="([^"]*/assets/[^"]*)"`).FindAllStringSubmatch(body, -1) {
			base, err := url.Parse(admin + page)
			if err != nil {
				t.Fatal(err)
			}
			file, err := base.Parse(match[1])
			if err != nil {
				t.Fatal(err)
			}
			response, _ := get(t, file.String())
			if response.StatusCode != http.StatusOK || !strings.Contains(response.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d %s", file, response.StatusCode, response.Header.Get("Cache-Control"))
			}
		}
	}
	for _, above := range []string{strings.TrimSuffix(admin, "/"), admin + "console", admin + "console/"} {
		if response, _ := get(t, above); response.StatusCode != http.StatusPermanentRedirect || response.Header.Get("Location") != "/__admin/" {
			t.Errorf("%s: %d to %s", above, response.StatusCode, response.Header.Get("Location"))
		}
	}
	if response, _ := get(t, admin+"console/nothing"); response.StatusCode != http.StatusNotFound {
		t.Errorf("%d for a page that there is not", response.StatusCode)
	}
}

// TestLinksFromOtherSites open the console, and nothing else of the control plane.
func TestLinksFromOtherSites(t *testing.T) {
	t.Parallel()
	m := start(t)
	link := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}
	for path, want := range map[string]int{"": 200, "console/sessions": 200, "sessions": 403, "openapi.yaml": 403} {
		if response, _ := get(t, m.AdminURL()+"/__admin/"+path, link...); response.StatusCode != want {
			t.Errorf("%q: %d, want %d", path, response.StatusCode, want)
		}
	}
	frame := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}
	if response, _ := get(t, m.AdminURL()+"/__admin/", frame...); response.StatusCode != http.StatusForbidden {
		t.Errorf("%d in a frame of another site", response.StatusCode)
	}
}

// TestNavigation goes through the pages, with the chosen session.
func TestNavigation(t *testing.T) {
	t.Parallel()
	m := start(t)
	if _, err := m.Session(t.Context(), "qa-1"); err != nil {
		t.Fatal(err)
	}
	b := open(t, m.AdminURL(), "?session=qa-1")
	b.reads("operations-page", "/orders/{id}")
	b.click(`nav a[data-page="scenarios"]`)
	b.reads("scenarios-page", "outage")
	b.until(`location.search === '?session=qa-1' && document.querySelector('scope-choice select').value === 'qa-1'`)
	b.click(`nav a[data-page="sessions"]`)
	b.see("sessions-page")
}
