package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module makes a folder with two targets and what is none.
func module(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"a/a_test.go":     "package a\n\nfunc FuzzOne(f *testing.F) {}\n\nfunc fuzz(f *testing.F) {}\n// func FuzzNot(f *testing.F) {}\n",
		"a/b/b_test.go":   "package b\n\nfunc FuzzTwo(f *testing.F) {}\nfunc FuzzyTest(t *testing.T) {}\n",
		"a/b/b.go":        "package b\n\nfunc FuzzThree(f *testing.F) {}\n",
		"testdata/x.json": "{}",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRun holds which targets are run, for how long, and how failures are told.
func TestRun(t *testing.T) {
	module(t)
	const progress = "fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed\nfuzz: elapsed: 3s, execs: 12 (4/sec), new interesting: 1 (total: 2)\nPASS\n"
	for name, test := range map[string]struct {
		args    []string
		ran     []string
		printed string
		failed  string
	}{
		"all":       {[]string{"-for", "10s"}, []string{"./a FuzzOne 5s", "./a/b FuzzTwo 5s"}, "a.FuzzOne: elapsed: 3s, execs: 12 (4/sec), new interesting: 1 (total: 2)\nb.FuzzTwo FAILED: exit status 1\nboom\n", "1 of 2 targets failed"},
		"one":       {[]string{"-for", "1s", "-target", "a.Fuzz"}, []string{"./a FuzzOne 1s"}, "a.FuzzOne: elapsed: 3s, execs: 12 (4/sec), new interesting: 1 (total: 2)\n", ""},
		"none":      {[]string{"-target", "c"}, nil, "", "there is no such target"},
		"too short": {[]string{"-for", "1s"}, nil, "", "give them at least -for 2s"},
		"a list":    {[]string{"-list"}, nil, "a.FuzzOne in ./a\nb.FuzzTwo in ./a/b\n", ""},
	} {
		var ran []string
		var out strings.Builder
		err := run(t.Context(), test.args, &out, func(_ context.Context, args ...string) ([]byte, error) {
			ran = append(ran, args[0]+" "+strings.Trim(args[4], "^$")+" "+args[6])
			if args[0] == "./a/b" {
				return []byte("boom"), errors.New("exit status 1")
			}
			return []byte(progress), nil
		})
		if diff := cmp.Diff(test.ran, ran); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := strings.TrimSpace(out.String()); got != strings.TrimSpace(test.printed) || (err == nil) != (test.failed == "") || err != nil && !strings.Contains(err.Error(), test.failed) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// TestEveryTargetIsFound holds that the targets of this module are found, also those that
// share their name with one of another package.
func TestEveryTargetIsFound(t *testing.T) {
	t.Parallel()
	found, err := find("../..", regexp.MustCompile(""))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, each := range found {
		if seen[each.String()] {
			t.Errorf("there are two targets called %s", each)
		}
		seen[each.String()] = true
	}
	for _, want := range []string{"contract.FuzzLoad", "document.FuzzLoad", "scenario.FuzzLoad", "param.FuzzDecode", "exchange.FuzzPrefer", "mock.FuzzRequest", "admin.FuzzControl", "understudy.FuzzByteSize"} {
		if !seen[want] {
			t.Errorf("%s is not among the %d targets", want, len(found))
		}
	}
}
