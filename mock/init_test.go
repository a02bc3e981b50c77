package mock_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

func TestInit(t *testing.T) {
	t.Parallel()
	opts := mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}}
	dir := filepath.Join(t.TempDir(), "new", "scenarios")
	first, err := mock.Init(t.Context(), opts, mock.InitOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		".scenario.schema.json", "status/200.yaml", "status/204.yaml", "status/400.yaml", "status/401.yaml", "status/404.yaml",
		"status/409.yaml", "status/500.yaml", "status/default.yaml", "tutorial.yaml",
	}
	if diff := cmp.Diff(want, first.Written); diff != "" || first.Kept != 0 || len(first.LeftOut) != 0 {
		t.Errorf("%+v\n%s", first, diff)
	}
	opts.Scenarios = []string{dir}
	checked, err := mock.Check(t.Context(), opts)
	if err != nil || len(checked.Findings) > 0 || checked.Scenarios != 9 {
		t.Errorf("%v %+v", err, checked)
	}
	again, err := mock.Init(t.Context(), opts, mock.InitOptions{Dir: dir})
	if err != nil || len(again.Written) != 0 || again.Kept != 10 {
		t.Errorf("a second time: %v %+v", err, again)
	}
	edited := filepath.Join(dir, "status", "409.yaml")
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(edited, "mine")
	if err := os.Remove(filepath.Join(dir, "tutorial.yaml")); err != nil {
		t.Fatal(err)
	}
	var exists *mock.ExistsError
	if _, err := mock.Init(t.Context(), opts, mock.InitOptions{Dir: dir}); !errors.As(err, &exists) || cmp.Diff([]string{edited}, exists.Files) != "" {
		t.Errorf("a file in the way: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tutorial.yaml")); err == nil {
		t.Error("something was written beside a file in the way")
	}
	forced, err := mock.Init(t.Context(), opts, mock.InitOptions{Dir: dir, Overwrite: true})
	if diff := cmp.Diff([]string{"status/409.yaml", "tutorial.yaml"}, forced.Written); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if text, err := os.ReadFile(edited); err != nil || !strings.Contains(string(text), "validateIdentityDocument: 409") {
		t.Errorf("%v %s", err, text)
	}
}

// TestInitStaysInItsFolder holds that nothing is written through a link that leads
// out of the folder.
func TestInitStaysInItsFolder(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "status")); err != nil {
		t.Skip(err)
	}
	_, err := mock.Init(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}}, mock.InitOptions{Dir: dir, Overwrite: true})
	if err == nil {
		t.Error("it wrote through the link")
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}

func TestInitOfNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "api.yaml")
	dir := filepath.Join(t.TempDir(), "scenarios")
	for paths, want := range map[string]string{
		`{/a: {get: {operationId: a}}}`: "no operation describes a response that can be sent",
		`{/a: {get: {operationId: a, responses: {"200": {description: ok, content: {application/xml: {schema: false}}}}}}}`: "status 200 of a is left out, because ",
	} {
		text := "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths: " + paths + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := mock.Init(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}}, mock.InitOptions{Dir: dir})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", paths, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Error("it made the folder")
		}
	}
}
