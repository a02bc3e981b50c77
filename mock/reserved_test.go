package mock_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// oddAPI claims paths that are not for it.
const oddAPI = `openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /__admin/users: {get: {responses: {"200": {description: ok}}}}
  /__session/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok}}}}
  /__sessions: {get: {responses: {"200": {description: ok}}}}
`

func TestReservedPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "odd.yaml"), []byte(oddAPI), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := mock.Options{Specs: []mock.Spec{{Location: filepath.Join(dir, "odd.yaml")}}, Scenarios: []string{}}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range m.Describe().Warnings {
		text.WriteString(f.Text + "\n")
	}
	testenv.Golden(t, "testdata/reserved-path.golden", strings.ReplaceAll(text.String(), dir+string(filepath.Separator), ""))
	opts.Specs[0].Base = "/api"
	if m, err = mock.New(t.Context(), opts); err != nil || len(m.Describe().Warnings) != 0 {
		t.Errorf("under another base path: %v %v", err, m.Describe().Warnings)
	}
	for _, base := range []string{"/__admin", "/__admin/", "/__admin/x", "/__session", "/__session/a"} {
		opts.Specs[0].Base = base
		if _, err := mock.New(t.Context(), opts); err == nil || !strings.Contains(err.Error(), base) {
			t.Errorf("base path %s: %v", base, err)
		}
		if _, err := mock.ParseSpec("api.yaml=" + base); err == nil {
			t.Errorf("api.yaml=%s was read", base)
		}
	}
	for _, base := range []string{"/__administration", "/__sessions", "/v1/__admin"} {
		if _, err := mock.ParseSpec("api.yaml=" + base); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckOrigin(t *testing.T) {
	t.Parallel()
	for origin, hint := range map[string]string{
		"https://app.example.com":      "",
		"http://localhost:3000":        "",
		"http://[::1]:3000":            "",
		"capacitor://localhost":        "",
		"null":                         "",
		"https://app.example.com/":     "write https://app.example.com",
		"https://app.example.com/path": "write https://app.example.com",
		"https://app.example.com:443":  "write https://app.example.com",
		"HTTPS://App.example.com":      "write https://app.example.com",
		"app.example.com":              "write scheme://host[:port]",
		"localhost:3000":               "write scheme://host[:port]",
		"https://u:p@example.com":      "write scheme://host[:port]",
		"":                             "write scheme://host[:port]",
		"*":                            "any origin is allowed where none is named",
	} {
		err := mock.CheckOrigin(origin)
		if (err == nil) != (hint == "") || err != nil && !strings.Contains(err.Error(), hint) {
			t.Errorf("%q: %v", origin, err)
		}
	}
	if _, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, CORSOrigins: []string{"*"}}); err == nil {
		t.Error("an origin that is none was taken")
	}
}

func TestUnknownScenarioWithoutAny(t *testing.T) {
	t.Parallel()
	_, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{}, Active: []string{"outage"}})
	if err == nil || !strings.Contains(err.Error(), `there is no scenario "outage": no scenario files are loaded`) {
		t.Error(err)
	}
}
