package shared_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// FuzzAddress holds that a password is shown neither in an address nor in an error, and
// that what an address shows is an address again.
func FuzzAddress(f *testing.F) {
	for _, seed := range [][2]string{{"ann", "h:6379/0?prefix=a"}, {"", "[::1]/3"}, {"a@b", "h?prefix=a&prefix=b"}, {"", "/"}, {"%", "h:x/y#z"}} {
		f.Add(seed[0], seed[1])
	}
	const secret = "s3cret-text"
	f.Fuzz(func(t *testing.T, user, rest string) {
		for _, text := range []string{
			"redis://" + url.UserPassword(user, secret).String() + "@" + rest,
			"rediss://" + user + ":" + secret + "@" + rest,
			"redis://" + user + ":" + secret + "%zz@" + rest,
		} {
			address, err := shared.ParseAddress(text)
			if strings.Contains(user+rest, secret) {
				return
			}
			if err != nil {
				// Behind the host there is no password, whatever stands there.
				if strings.Contains(err.Error(), secret) && !strings.ContainsAny(user, "/?#") {
					t.Errorf("%q: the error shows the password: %v", text, err)
				}
				continue
			}
			shown := address.String()
			if strings.Contains(shown, secret) && !strings.ContainsAny(user, "/?#") {
				t.Errorf("%q: shown as %q", text, shown)
			}
			if again, err := shared.ParseAddress(shown); err != nil || again.String() != shown {
				t.Errorf("%q is shown as %q: %v", text, shown, err)
			}
		}
	})
}
