package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
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

// TestCoverageOfFiles holds that a file is told without a mock that the environment names,
// unless the command line asks for one too.
func TestCoverageOfFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "coverage.json")
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../../openapi.yaml"}}, Scenarios: []string{t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/orgs/o/identifications/identity_document/1", nil))
	covered, err := m.Coverage(t.Context())
	if err == nil {
		err = saveCoverage(file, covered)
	}
	if err != nil {
		t.Fatal(err)
	}
	const nobody, asked = "http://127.0.0.1:1", "the mock at http://127.0.0.1:1 cannot be asked"
	for name, test := range map[string]struct {
		args            []string
		server, session string // of the environment
		code            int
		want            string
	}{
		"a server of the environment":              {[]string{file}, nobody, "", exitOK, "1 request in 1 run."},
		"a session of the environment":             {[]string{file}, "", "a", exitOK, "1 request in 1 run."},
		"both of the environment":                  {[]string{file}, nobody, "a", exitOK, "1 request in 1 run."},
		"a server of the command line":             {[]string{file, "--server", nobody}, "", "", exitWrong, asked},
		"a session, of a server there":             {[]string{file, "--session", "a"}, nobody, "", exitWrong, asked},
		"no file, and a server of the environment": {nil, nobody, "", exitWrong, asked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			variables := map[string]string{"UNDERSTUDY_SERVER": test.server, "UNDERSTUDY_SESSION": test.session}
			code := run(append([]string{"coverage"}, test.args...), environment{
				stdout: &out, stderr: &out, lookup: func(name string) (string, bool) { return variables[name], true },
			})
			if code != test.code || !strings.Contains(out.String(), test.want) {
				t.Errorf("exit code %d, want %d with %q:\n%s", code, test.code, test.want, &out)
			}
		})
	}
}
