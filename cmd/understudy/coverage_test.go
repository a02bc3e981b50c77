package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestCoverageOfServer holds what a running mock is asked, and what is told where it
// does not answer as it should.
func TestCoverageOfServer(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../../openapi.yaml"}}, Scenarios: []string{t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/orgs/o/identifications/identity_document/1", nil))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer secret":
			http.Error(w, "no token", http.StatusUnauthorized)
		case r.URL.EscapedPath() == "/below/__admin/coverage", r.URL.EscapedPath() == "/below/__admin/sessions/a%2Fb/coverage":
			covered, err := m.Coverage(r.Context())
			if err == nil {
				err = covered.Write(w, mock.JSON, mock.CoverageMinimums{})
			}
			if err != nil {
				t.Error(err)
			}
		default:
			w.WriteHeader(http.StatusOK)
		}
	}))
	t.Cleanup(server.Close)
	for name, test := range map[string]struct {
		args string
		code int
		want string
	}{
		"everybody":     {"--server " + server.URL + "/below --token secret", exitOK, "1 request in 1 run."},
		"session":       {"--server " + server.URL + "/below/ --token secret --session a/b", exitOK, "1 request in 1 run."},
		"no token":      {"--server " + server.URL, exitWrong, "answered 401 Unauthorized\nno token"},
		"no report":     {"--server " + server.URL + " --token secret", exitWrong, "it is no coverage report"},
		"no server":     {"--server http://127.0.0.1:1", exitWrong, "start it with understudy serve, or name the files"},
		"no URL":        {"--server 127.0.0.1:4010", exitUsage, "write a URL such as http://127.0.0.1:4010"},
		"session alone": {"--session a coverage.json", exitUsage, "name it with --server too"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			code := run(append([]string{"coverage"}, strings.Fields(test.args)...), environment{
				stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false },
			})
			if code != test.code || !strings.Contains(out.String(), test.want) {
				t.Errorf("exit code %d, want %d with %q:\n%s", code, test.code, test.want, &out)
			}
		})
	}
}
