package upstream_test

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// FuzzTarget holds that no path and no query lead out of the origin of a target or out of
// its path, and that a target is what it shows.
func FuzzTarget(f *testing.F) {
	for _, seed := range [][3]string{
		{"https://api.example.com/v1/", "/pets/a%2Fb", "q=%20"}, {"http://[::1]:80", "//evil.example/x", "#"}, {"http://u:p@h/", "/%2e%2e/..;x", "?"},
		{"HTTP://h/a%2Fb", `/\..\`, "&"}, {"http://h:99999", "/%", ""}, {"http://h", "/%00", "\n"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, text, way, query string) {
		target, err := upstream.ParseTarget(text)
		if err != nil {
			return
		}
		again, err := upstream.ParseTarget(target.String())
		if err != nil || again.String() != target.String() {
			t.Fatalf("%q is shown as %q: %v", text, target, err)
		}
		u, err := target.URL(way, query)
		if err != nil {
			return
		}
		if !target.Holds(u) || u.User != nil {
			t.Errorf("%q leads to %q", way, u)
		}
		// As a server sees it that takes off the encoding first, and then cleans up.
		plain, err := url.PathUnescape(target.Base())
		if seen := path.Clean(strings.ReplaceAll(u.Path, `\`, "/")); err == nil && plain != "" {
			if base := path.Clean(strings.ReplaceAll(plain, `\`, "/")); seen != base && !strings.HasPrefix(seen, strings.TrimSuffix(base, "/")+"/") {
				t.Errorf("%q below %q leads to %q", way, base, seen)
			}
		}
		if read, err := url.ParseRequestURI(u.RequestURI()); err == nil && read.Host != "" && !strings.HasPrefix(u.RequestURI(), "//") {
			t.Errorf("%q is the request target %q with the host %q", way, u.RequestURI(), read.Host)
		}
	})
}
