package mock_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/testdata/provider"
)

const providerFolder = "../testdata/provider"

// orders are the options for the provider of the tests.
func orders() mock.Options {
	return mock.Options{Specs: []mock.Spec{{Location: providerFolder + "/openapi.yaml"}}, Scenarios: []string{providerFolder + "/scenarios"}}
}

// verify verifies a handler, and shows the report of one that is not as it should be.
func verify(t *testing.T, opts mock.Options, h http.Handler, p mock.ProviderOptions) *mock.ProviderResult {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	p.Target = server.URL
	if !p.TargetIsMock {
		p.Target += provider.Base
	}
	if p.Credential == nil {
		p.Credential = func(string) string { return provider.Key }
	}
	r, err := mock.VerifyProvider(t.Context(), opts, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is a report without the port of the server.
func told(t *testing.T, r *mock.ProviderResult, format mock.Format) string {
	t.Helper()
	target := r.Target
	r.Target = "http://provider.test"
	defer func() { r.Target = target }()
	var b bytes.Buffer
	if err := r.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), root+"/", "../")
}

func TestVerifyProviderClean(t *testing.T) {
	t.Parallel()
	r := verify(t, orders(), provider.New(), mock.ProviderOptions{})
	if !r.OK() || r.Passed != 22 || r.NotProvable != 3 || r.Skipped != 1 {
		t.Error(told(t, r, mock.Text))
	}
	if c := r.Coverage; c.Totals.Operations.Conforming != 8 || c.WithoutOperation != 0 {
		t.Errorf("coverage: %+v", c.Totals)
	}
	for _, c := range r.Checks {
		if c.Outcome == mock.ProviderNotProvable && (c.Reason == "" || c.Request != "" || c.Line == 0) {
			t.Errorf("%+v", c)
		}
	}
}

func TestVerifyProviderNegative(t *testing.T) {
	t.Parallel()
	r := verify(t, orders(), provider.New(), mock.ProviderOptions{Negative: true, Scenarios: []string{"outage"}})
	var wrong, right []string
	for _, c := range r.Checks {
		switch c.Outcome {
		case mock.ProviderPassed:
			right = append(right, c.Operation+" "+c.Breach)
		case mock.ProviderDiffers:
			wrong = append(wrong, c.Operation+" "+c.Breach+": "+c.Differences[0].Got)
		}
	}
	// The provider does not look at these.
	testenv.Golden(t, "testdata/verify/negative.txt", "refused:\n"+strings.Join(right, "\n")+"\n\nnot refused:\n"+strings.Join(wrong, "\n")+"\n")
}

// TestVerifyMock verifies mocks against themselves: everything but faults and chance can
// be shown.
func TestVerifyMock(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]mock.Options{
		"first API": {Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}},
		"provider":  orders(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := verifyItself(t, opts, true)
			for _, c := range r.Checks {
				if c.Outcome == mock.ProviderNotProvable && !strings.Contains(c.Reason, "EMPTY_RESPONSE") && !strings.Contains(c.Reason, "chance") {
					t.Errorf("%s: %s", c.Title(), c.Reason)
				}
			}
			if !r.OK() {
				t.Error(told(t, r, mock.Text))
			}
		})
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func verifyItself(t *testing.T, opts mock.Options, negative bool) *mock.ProviderResult {
	t.Helper()
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return verify(t, opts, m, mock.ProviderOptions{TargetIsMock: true, Negative: negative, Concurrency: 4, Credential: func(string) string { return "" }})
}

// TestVerifyInit verifies what init writes for descriptions of others.
func TestVerifyInit(t *testing.T) {
	t.Parallel()
	specs := []string{"../openapi.yaml", providerFolder + "/openapi.yaml"}
	corpus := testenv.Corpus(t)
	for _, name := range []string{"petstore.yaml", "museum.yaml", "docker-engine.yaml", "figma.yaml"} {
		if file := filepath.Join(corpus, name); exists(file) {
			specs = append(specs, file)
		}
	}
	for _, spec := range specs {
		t.Run(filepath.Base(filepath.Dir(spec))+"/"+filepath.Base(spec), func(t *testing.T) {
			t.Parallel()
			opts := mock.Options{Specs: []mock.Spec{{Location: spec}}, Scenarios: []string{filepath.Join(t.TempDir(), "scenarios")}}
			if _, err := mock.Init(t.Context(), opts, mock.InitOptions{Dir: opts.Scenarios[0]}); err != nil {
				t.Fatal(err)
			}
			if r := verifyItself(t, opts, false); !r.OK() || r.NotProvable > 0 {
				t.Error(told(t, r, mock.Text))
			}
		})
	}
}

func TestVerifyProviderErrors(t *testing.T) {
	t.Parallel()
	nobody := "http://127.0.0.1:" + testenv.FreePort(t)
	for name, test := range map[string]struct {
		opts mock.ProviderOptions
		want string
		as   any
	}{
		"no target":         {mock.ProviderOptions{}, "no URL of an API", new(*mock.UsageError)},
		"unreachable":       {mock.ProviderOptions{Target: nobody}, "nothing listens there", new(*mock.UnreachableError)},
		"unknown scenario":  {mock.ProviderOptions{Target: nobody, Scenarios: []string{"redding"}}, `there is no scenario "redding": did you mean "reading"?`, new(*mock.UsageError)},
		"unknown tag":       {mock.ProviderOptions{Target: nobody, Tags: []string{"eror"}}, `there is no scenario with the tag "eror"`, new(*mock.UsageError)},
		"unknown operation": {mock.ProviderOptions{Target: nobody, Operations: []string{"getOrders"}}, `did you mean "getOrder"?`, new(*mock.UsageError)},
		"concurrency":       {mock.ProviderOptions{Target: nobody, Concurrency: 101}, "use 1 to 100", new(*mock.UsageError)},
		"retries":           {mock.ProviderOptions{Target: nobody, Retries: -1}, "use 0 to 10", new(*mock.UsageError)},
		"rate":              {mock.ProviderOptions{Target: nobody, Rate: -1}, "no number of requests", new(*mock.UsageError)},
		"no set-up":         {mock.ProviderOptions{Target: nobody, Setup: "missing.yaml"}, "the set-up cannot be read", new(*mock.UsageError)},
		"nothing":           {mock.ProviderOptions{Target: nobody, Scenarios: []string{"outage"}}, "there is nothing to verify", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := mock.VerifyProvider(t.Context(), orders(), test.opts)
			switch {
			case err == nil:
				t.Fatalf("%+v", r)
			case !strings.Contains(err.Error(), test.want):
				t.Errorf("%v, want %q in it", err, test.want)
			case test.as != nil && !errors.As(err, test.as):
				t.Errorf("%T", err)
			case test.as == nil && (!errors.Is(err, mock.ErrNothingToVerify) || r == nil || r.NotProvable != 1):
				t.Errorf("%v, %+v", err, r)
			}
		})
	}
}

func TestVerifyProviderSetup(t *testing.T) {
	t.Parallel()
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(server.Close)
		_, err := mock.VerifyProvider(t.Context(), orders(), mock.ProviderOptions{Target: server.URL + provider.Base, Setup: "testdata/verify/setup.yaml"})
		var setup *mock.SetupError
		if !errors.As(err, &setup) || !strings.Contains(err.Error(), "POST /test/reset (testdata/verify/setup.yaml:1:") || !strings.Contains(err.Error(), "answered with 404 Not Found") {
			t.Error(err)
		}
	})
	t.Run("of a scenario fails", func(t *testing.T) {
		t.Parallel()
		p := provider.New()
		broken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/reset") {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			p.ServeHTTP(w, r)
		})
		r := verify(t, orders(), broken, mock.ProviderOptions{Scenarios: []string{"changing"}})
		if r.Failed != len(r.Checks) || p.Served() > 0 || !strings.Contains(r.Checks[0].Reason, "the set-up failed: POST /test/reset") || len(r.Troubles) != 1 {
			t.Error(told(t, r, mock.Text))
		}
	})
	t.Run("global", func(t *testing.T) {
		t.Parallel()
		var resets atomic.Int32
		p := provider.New()
		counting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/reset") {
				resets.Add(1)
			}
			p.ServeHTTP(w, r)
		})
		r := verify(t, orders(), counting, mock.ProviderOptions{Operations: []string{"health"}, Setup: "testdata/verify/setup.yaml"})
		if !r.OK() || resets.Load() != 3 { // before everything, before the scenario, after everything
			t.Errorf("%d resets: %s", resets.Load(), told(t, r, mock.Text))
		}
	})
}

// TestVerifyProviderStaysThere holds that redirects are answers.
func TestVerifyProviderStaysThere(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }))
	t.Cleanup(elsewhere.Close)
	p := provider.New()
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/health") {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
			return
		}
		p.ServeHTTP(w, r)
	})
	r := verify(t, orders(), away, mock.ProviderOptions{Operations: []string{"health"}, Scenarios: []string{"reading"}})
	if r.Differing != 1 || r.Checks[0].Status != http.StatusFound || !strings.HasPrefix(r.Checks[0].Differences[0].Got, "302") {
		t.Error(told(t, r, mock.Text))
	}
}

func TestVerifyProviderEnds(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(provider.New())
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := mock.VerifyProvider(ctx, orders(), mock.ProviderOptions{Target: server.URL + provider.Base, Progress: func(int, int, mock.ProviderCheck) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
