package upstream_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func transport(t *testing.T, url string, opts upstream.Options) *upstream.Transport {
	t.Helper()
	target, err := upstream.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := upstream.NewTransport(target, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.CloseIdle)
	return tr
}

// get gives what became of a GET of the target's path.
func get(t *testing.T, tr *upstream.Transport, path string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", tr.Target().Origin()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := tr.Client().Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	return res, err
}

// TestOnlyTheOriginIsContacted holds that neither redirects nor the proxies of the
// environment nor a request for another host lead anywhere else.
func TestOnlyTheOriginIsContacted(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another origin was contacted") }))
	defer other.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, other.URL)
	}
	api := httptest.NewServer(http.RedirectHandler(other.URL+"/x", http.StatusFound))
	defer api.Close()
	tr := transport(t, api.URL, upstream.Options{})
	if res, err := get(t, tr, "/"); err != nil || res.StatusCode != http.StatusFound {
		t.Errorf("%v, %v", res, err)
	}
	req, err := http.NewRequest("POST", other.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.RoundTrip(req); err == nil {
		t.Error("another origin is let pass")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	api.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are meant
	api.StartTLS()
	defer api.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		opts upstream.Options
		want string
	}{
		"unknown authority": {upstream.Options{}, "--upstream-ca"},
		"given authority":   {upstream.Options{CA: ca}, ""},
		"any":               {upstream.Options{Insecure: true}, ""},
	} {
		_, err := get(t, transport(t, api.URL, test.opts), "/")
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	target, err := upstream.ParseTarget(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none.pem")
	if err := os.WriteFile(none, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{none: "has no certificate in it", none + "x": "cannot be read"} {
		if _, err := upstream.NewTransport(target, upstream.Options{CA: file}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := upstream.NewTransport(target, upstream.Options{Timeout: -1}); err == nil {
		t.Error("a negative timeout is taken")
	}
}

// TestFailures names what went wrong.
func TestFailures(t *testing.T) {
	t.Parallel()
	refused := "http://127.0.0.1:" + testenv.FreePort(t)
	plain := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	plain.Config.ErrorLog = log.New(io.Discard, "", 0)
	plain.Start()
	defer plain.Close()
	for name, test := range map[string]struct{ url, want string }{
		"refused":      {refused, "nothing listens there"},
		"unresolvable": {"http://nothing.invalid", "the name nothing.invalid cannot be resolved"},
		"closed":       {plain.URL, "closed the connection before an answer"},
		"no TLS":       {strings.Replace(plain.URL, "http", "https", 1), "does not speak TLS"},
	} {
		_, err := get(t, transport(t, test.url, upstream.Options{}), "/")
		var failed *upstream.Failure
		if !errors.As(err, &failed) || failed.Timeout || failed.Gone || !strings.Contains(failed.Reason, test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// TestTimeout takes a short timeout over a real socket: net/http's transport dials by
// itself.
func TestTimeout(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer api.Close()
	defer close(release)
	_, err := get(t, transport(t, api.URL, upstream.Options{Timeout: 20 * time.Millisecond}), "/")
	var failed *upstream.Failure
	if !errors.As(err, &failed) || !failed.Timeout || failed.Gone {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", api.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := transport(t, api.URL, upstream.Options{}).RoundTrip(req); !errors.As(err, &failed) || !failed.Gone || failed.Timeout {
		t.Errorf("%v", err)
	}
}
