package mock_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

func against(t *testing.T, folder, old, next string) *mock.AgainstResult {
	t.Helper()
	r, err := mock.CheckAgainst(t.Context(), mock.Options{Specs: []mock.Spec{{Location: old}}, Scenarios: []string{folder}}, []mock.Spec{{Location: next}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAgainstFormats shows in every format what a new version breaks.
func TestAgainstFormats(t *testing.T) {
	t.Parallel()
	r := against(t, "testdata/against/scenarios", "testdata/against/old.yaml", "testdata/against/new.yaml")
	for _, format := range mock.Formats() {
		var b strings.Builder
		if err := r.Write(&b, mock.Format(format)); err != nil {
			t.Fatal(err)
		}
		testenv.Golden(t, "testdata/against/"+format+".golden", b.String())
	}
	if diff := cmp.Diff([]string{"broken", "conflict", "story"}, r.Broken); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"broken"}, r.BrokenBefore); diff != "" {
		t.Error(diff)
	}
}

// TestAgainst holds what counts as broken by a new version, and what does not.
func TestAgainst(t *testing.T) {
	t.Parallel()
	const old, next = "testdata/against/old.yaml", "testdata/against/new.yaml"
	folder := func(text string) string {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "story.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, test := range map[string]struct {
		scenario string
		next     string
		errors   int
		before   int
		summary  string
	}{
		"nothing changed":         {"operations: {getOrder: 404}", old, 0, 0, old + " breaks none of 1 scenario with 1 stub\n"},
		"what is used is left":    {"operations: {listOrders: 500}", next, 0, 0, next + " breaks none of 1 scenario with 1 stub\n"},
		"broken in the same way":  {"operations: {listOrders: 404}", next, 0, 1, "broken with " + old + " already, by 1 error that this does not repeat: story\n"},
		"a status is gone":        {"operations: {createOrder: 409}", next, 1, 0, "1 of 1 scenario breaks with " + next + ": 1 new error\n"},
		"a warning alone":         {"operations: {listOrders: {when: {query: {page: 1}}, respond: {status: 500}}}", next, 0, 0, ", 1 new warning\n"},
		"the new one is no file":  {"operations: {listOrders: 500}", "testdata/nowhere.yaml", 1, 0, "nothing was compared\n"},
		"a mistake of form stays": {"operations: {createOrder: {respond: {staus: 409}}}", next, 0, 1, "by 1 error that this does not repeat: story"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := against(t, folder(test.scenario), old, test.next)
			var b strings.Builder
			if err := r.Write(&b, mock.Text); err != nil {
				t.Fatal(err)
			}
			if r.Errors() != test.errors || len(r.BrokenBefore) != test.before || !strings.Contains(b.String(), test.summary) {
				t.Errorf("%d errors, broken before: %v\n%s", r.Errors(), r.BrokenBefore, &b)
			}
		})
	}
	if r := against(t, t.TempDir(), old, next); r.Errors() != 1 || r.Findings[0].Code != "no-scenarios" {
		t.Errorf("no scenarios: %+v", r.Findings)
	}
	if r := against(t, folder("operations: {getOrder: 404}"), "testdata/nowhere.yaml", next); r.Errors() != 1 || r.Findings[0].Code != "unreadable-file" {
		t.Errorf("no description: %+v", r.Findings)
	}
}

// TestAgainstOfSeveral holds which description a new version takes the place of.
func TestAgainstOfSeveral(t *testing.T) {
	t.Parallel()
	const old, next = "testdata/against/old.yaml", "testdata/against/new.yaml"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "story.yaml"), []byte("operations: {one.getOrder: 404, two.getOrder: 404}"), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := mock.Options{Specs: []mock.Spec{{Location: old, Base: "/one"}, {Location: old, Base: "/two"}}, Scenarios: []string{dir}}
	for name, test := range map[string]struct {
		next   []mock.Spec
		errors int // -1 where it cannot be told
	}{
		"both, in order":            {[]mock.Spec{{Location: old}, {Location: next}}, 1},
		"one, by its base path":     {[]mock.Spec{{Location: next, Base: "/two"}}, 1},
		"one, by nothing":           {[]mock.Spec{{Location: next}}, -1},
		"one twice":                 {[]mock.Spec{{Location: next, Base: "/two"}, {Location: next, Base: "/two"}, {Location: next}}, -1},
		"a base path that is wrong": {[]mock.Spec{{Location: next, Base: "/three"}}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := mock.CheckAgainst(t.Context(), opts, test.next)
			switch {
			case test.errors < 0:
				if !errors.Is(err, mock.ErrWhichDescription) {
					t.Errorf("%v", err)
				}
			case err != nil:
				t.Error(err)
			case r.Errors() != test.errors || r.Findings[0].Code != "unknown-operation" || !strings.Contains(r.Findings[0].Message, "two.getOrder"):
				t.Errorf("%+v", r.Findings)
			}
		})
	}
}
