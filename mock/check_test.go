package mock_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

var settings = []string{"port", "scenario", "validate", "cors"}

func TestConfigFindings(t *testing.T) {
	t.Parallel()
	_, err := mock.ReadConfig("testdata/bad-configuration.yaml", settings)
	if err == nil {
		t.Fatal("a broken configuration was taken")
	}
	testenv.Golden(t, "testdata/bad-configuration.golden", err.Error()+"\n")
}

func TestCheckOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	r, err := mock.Check(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors() != 1 || r.Findings[0].Code != "no-scenarios" {
		t.Errorf("%+v", r.Findings)
	}
	r, err = mock.Check(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	testenv.Golden(t, "testdata/no-scenarios.golden", r.Findings[0].Text+"\n")
}

func TestConfig(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "understudy.yaml")
	for text, want := range map[string]map[string][]string{
		"":                            {},
		"port: 8080\ncors: false\n":   {"port": {"8080"}, "cors": {"false"}},
		"scenario: [outage, get/500]": {"scenario": {"outage", "get/500"}},
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := mock.ReadConfig(file, settings)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for flag, list := range read {
			for _, setting := range list {
				got[flag] = append(got[flag], setting.Value)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := mock.ReadConfig(filepath.Join(t.TempDir(), "nowhere"), settings); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}
