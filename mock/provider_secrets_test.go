package mock_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/testdata/provider"
)

// TestVerifyProviderSecrets sends secrets to an API that says them again wherever it can.
func TestVerifyProviderSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-key-of-mine"
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Total-Count", r.Header.Get("X-Api-Key"))
		_, _ = io.WriteString(w, `{"code":"`+r.Header.Get("X-Api-Key")+`","message":"`+r.Header.Get("X-Api-Key")+`"}`)
	})
	r := verify(t, orders(), echo, mock.ProviderOptions{Scenarios: []string{"reading"}, Credential: func(string) string { return secret }})
	if r.Differing == 0 {
		t.Fatal("nothing differs")
	}
	for _, format := range mock.ProviderFormats() {
		if text := told(t, r, mock.Format(format)); strings.Contains(text, secret) || !strings.Contains(text, "redacted") {
			t.Errorf("%s: %s", format, text)
		}
	}
}

// TestVerifyProviderCutSecrets has the API say a secret where a report cuts its answers off.
func TestVerifyProviderCutSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-key-of-mine"
	for n := 30; n < 100; n++ {
		echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"code":1,"message":["`+strings.Repeat(".", n)+r.Header.Get("X-Api-Key")+`"]}`)
		})
		r := verify(t, orders(), echo, mock.ProviderOptions{Scenarios: []string{"reading"}, Credential: func(string) string { return secret }})
		for _, format := range mock.ProviderFormats() {
			if text := told(t, r, mock.Format(format)); r.Differing == 0 || strings.Contains(text, secret[:3]) {
				t.Fatalf("%d, %s: %s", n, format, text)
			}
		}
	}
}

func TestVerifyProviderWithoutSecrets(t *testing.T) {
	t.Parallel()
	r := verify(t, orders(), provider.New(), mock.ProviderOptions{Scenarios: []string{"reading"}, Credential: func(string) string { return "" }})
	if r.OK() || !slices.Equal(r.MadeUpCredentials, []string{"key"}) || !strings.Contains(told(t, r, mock.Text), "set UNDERSTUDY_AUTH_KEY") {
		t.Error(told(t, r, mock.Text))
	}
}

// TestVerifyProviderCredentials holds where secrets are sent, and which of several.
func TestVerifyProviderCredentials(t *testing.T) {
	t.Parallel()
	opts := mock.Options{Specs: []mock.Spec{{Location: "testdata/verify/credentials/openapi.yaml"}}, Scenarios: []string{"testdata/verify/credentials/scenarios"}}
	secrets := map[string]string{"staff-login": "ada:love lace", "token": "t0ken", "queryKey": "k/e y", "cookieKey": "c00kie"}
	var mu sync.Mutex // guards seen
	seen := map[string]string{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.RequestURI()] = r.Header.Get("Authorization") + "|" + r.Header.Get("Cookie") + "|" + r.Header.Get("X-None")
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	p := mock.ProviderOptions{Target: server.URL, Credential: func(scheme string) string { return secrets[scheme] }}
	r, err := mock.VerifyProvider(t.Context(), opts, p)
	if err != nil || !r.OK() || len(r.MadeUpCredentials) > 0 {
		t.Fatal(err, r)
	}
	want := map[string]string{
		"/basic": "Basic YWRhOmxvdmUgbGFjZQ==||", "/bearer": "Bearer t0ken||", "/query?key=k%2Fe%20y": "||",
		"/cookie": "Bearer t0ken|sid=c00kie|", "/stated": "Bearer my-own||",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if got := mock.CredentialVariable("staff-login"); got != "UNDERSTUDY_AUTH_STAFF_LOGIN" {
		t.Error(got)
	}
	var usage *mock.UsageError
	for _, wrong := range []string{"secretive", "ada:line\nbreak"} {
		p.Credential = func(string) string { return wrong }
		if _, err := mock.VerifyProvider(t.Context(), opts, p); !errors.As(err, &usage) || !strings.Contains(err.Error(), "UNDERSTUDY_AUTH_") || strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
