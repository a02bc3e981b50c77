package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestOpenConsole holds what serve --open opens, and that a machine without a browser
// serves and tells the address.
func TestOpenConsole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		err    error
		opened bool
		told   string
	}{
		"open":       {[]string{"--open"}, nil, true, ""},
		"no browser": {[]string{"--open"}, errors.New("no browser here"), true, "the console cannot be opened: no browser here; it is at http://127.0.0.1:"},
		"unasked":    {nil, nil, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var stdout, stderr strings.Builder
			var opened []string
			code := run(append([]string{"serve", "../../openapi.yaml", "--port", "0", "--watch", "off"}, test.args...), environment{
				stdout: io.MultiWriter(&stdout, cancelAfter{"listening on ", cancel, len(test.args) == 0}), stderr: &stderr,
				lookup: func(string) (string, bool) { return "", false },
				notify: func(context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
				hangup: noHangup,
				open: func(url string) error {
					opened = append(opened, url)
					cancel()
					return test.err
				},
			})
			if code != exitOK {
				t.Fatalf("exit code %d\n%s", code, &stderr)
			}
			if test.opened != (len(opened) == 1) {
				t.Fatalf("opened: %q", opened)
			}
			if test.opened && !strings.Contains(stdout.String(), "console at "+opened[0]+"\n") {
				t.Errorf("opened %s, but printed\n%s", opened[0], &stdout)
			}
			if !strings.Contains(stderr.String(), test.told) || test.told == "" && strings.Contains(stderr.String(), "console") {
				t.Errorf("told %q, want %q", &stderr, test.told)
			}
		})
	}
}

// cancelAfter ends a run as soon as a text is printed, where it is active.
type cancelAfter struct {
	text   string
	cancel context.CancelFunc
	active bool
}

func (c cancelAfter) Write(p []byte) (int, error) {
	if c.active && strings.Contains(string(p), c.text) {
		c.cancel()
	}
	return len(p), nil
}

// TestOpenCommand holds the command of each system.
func TestOpenCommand(t *testing.T) {
	t.Parallel()
	const url = "http://127.0.0.1:4010/__admin/"
	for system, want := range map[string][]string{
		"linux":   {"xdg-open", url},
		"freebsd": {"xdg-open", url},
		"darwin":  {"open", url},
		"windows": {"rundll32", "url.dll,FileProtocolHandler", url},
	} {
		if got := openCommand(system, url); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", system, got, want)
		}
	}
}
