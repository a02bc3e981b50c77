package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	right, wrong := mock.ProviderCheck{Outcome: mock.ProviderPassed}, mock.ProviderCheck{Outcome: mock.ProviderDiffers}
	for name, test := range map[string]struct {
		p    progress
		want string
	}{
		"plain":    {progress{}, "1 of 3\n2 of 3, 1 wrong\n3 of 3, 1 wrong\n"},
		"terminal": {progress{terminal: true}, "\r[##########....................] 1/3\r[####################..........] 2/3  1 wrong\r[##############################] 3/3  1 wrong\r\x1b[K"},
		"colour":   {progress{terminal: true, colour: true}, "\r[##########....................] 1/3\r[####################..........] 2/3\x1b[31m  1 wrong\x1b[0m\r[##############################] 3/3\x1b[31m  1 wrong\x1b[0m\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			p := test.p
			p.out = &out
			p.check(1, 3, right)
			p.check(2, 3, wrong)
			p.check(3, 3, right)
			p.end()
			if out.String() != test.want {
				t.Errorf("%q, want %q", out.String(), test.want)
			}
		})
	}
	var out strings.Builder
	many := progress{out: &out}
	for i := range 1000 {
		many.check(i+1, 1000, right)
	}
	if n := strings.Count(out.String(), "\n"); n != 10 {
		t.Errorf("%d lines", n)
	}
}

// TestColourNeedsATerminal holds that nothing but a terminal gets colours.
func TestColourNeedsATerminal(t *testing.T) {
	t.Parallel()
	env := environment{stdout: &strings.Builder{}, lookup: func(string) (string, bool) { return "xterm", true }}
	if text := coloured(env, env.stdout, "  differs: x\n"); text != "  differs: x\n" {
		t.Errorf("%q", text)
	}
	if got := wrongLine.ReplaceAllString("scenario a\n  differs: x\n    y: z\n", red+"$0"+plain); got != "scenario a\n\x1b[31m  differs: x\x1b[0m\n    y: z\n" {
		t.Errorf("%q", got)
	}
}

// TestColours holds that colours are for terminals alone, and not where NO_COLOR is set.
func TestColours(t *testing.T) {
	t.Parallel()
	terminal, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, test := range map[string]struct {
		out    io.Writer
		env    map[string]string
		colour bool
	}{
		"terminal":          {terminal, map[string]string{"TERM": "xterm"}, true},
		"NO_COLOR":          {terminal, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false},
		"NO_COLOR is empty": {terminal, map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true},
		"dumb terminal":     {terminal, map[string]string{"TERM": "dumb"}, false},
		"no TERM":           {terminal, nil, false},
		"file":              {file, map[string]string{"TERM": "xterm"}, false},
		"pipe":              {io.Discard, map[string]string{"TERM": "xterm"}, false},
	} {
		env := environment{lookup: func(name string) (string, bool) { value, ok := test.env[name]; return value, ok }}
		if got := hasColour(env, test.out); got != test.colour {
			t.Errorf("%s: colours %v", name, got)
		}
	}
}
