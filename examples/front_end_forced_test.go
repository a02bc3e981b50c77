package examples_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/understudy-mock/understudy/internal/testenv/chromium"
	"github.com/understudy-mock/understudy/mock"
)

// TestForcedStatuses does what docs/getting-started/front-end.md says: a status is forced as
// the console forces it, and the page says what the table there says.
func TestForcedStatuses(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/getting-started/front-end.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d{3}) \| (.+) \|$`).FindAllStringSubmatch(string(text), -1)
	const shown, validated = "Maria Garcia: CREATED", "The identification is validated."
	if len(rows) != 3 || !strings.Contains(string(text), shown) || strings.Count(string(text), validated) < 2 {
		t.Fatalf("the page says something else: %q", rows)
	}
	m := serve(t, []string{})
	files := httptest.NewServer(http.FileServer(http.Dir("front-end")))
	t.Cleanup(files.Close)
	ctx, cancel := context.WithTimeout(chromium.Tab(t), time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(files.URL+"/?api="+url.QueryEscape(m.URL()))); err != nil {
		t.Fatal(err)
	}
	press := func(button, want string) {
		t.Helper()
		if got := pressed(t, ctx, button); got != want {
			t.Errorf("the page says %q, want %q", got, want)
		}
	}
	press("show", shown)
	press("validate", validated)
	for _, row := range rows {
		force(t, m, http.MethodPut, `{"status": `+row[1]+`}`)
		press("validate", row[2])
	}
	force(t, m, http.MethodDelete, "")
	press("validate", validated)
}

// force makes the validation answer what body says, or releases it.
func force(t *testing.T, m *mock.Mock, method, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, m.URL()+"/__admin/operations/validateIdentityDocument/answer", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode >= 300 {
		t.Fatal(res.Status, err)
	}
}
