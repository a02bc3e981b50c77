package callback

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzHosts holds that a URL is let pass only to the very host that was given, and that
// the reason for another tells no password.
func FuzzHosts(f *testing.F) {
	for _, seed := range [][2]string{
		{"hooks.example.com", "http://hooks.example.com/a"}, {"127.0.0.1:9000", "http://127.0.0.1:9000/"}, {"10.0.0.0/8", "https://10.9.8.7"}, {"[::1]", "http://[::1]:80/"},
		{"h", "http://h.evil/"}, {"h", "http://h@evil/"}, {"h", `http://h\@evil/`}, {"h", "http://u:s3cret@h/"}, {"0x7f.1", "http://0x7f.1/"}, {"h:0", "http://h:"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, given, text string) {
		h, err := ParseHosts([]string{given})
		if err != nil {
			return
		}
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		err = h.Admits(u)
		if password, has := u.User.Password(); err != nil && has && len(password) > 3 && strings.Contains(err.Error(), password) && strings.Count(text, password) == 1 {
			t.Errorf("%q: the reason shows the password: %v", text, err)
		}
		if err != nil {
			return
		}
		e := h.entries[0]
		if e.name != "" && strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") != e.name {
			t.Errorf("%q lets pass %q", given, text)
		}
		if u.User != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" {
			t.Errorf("%q is let pass", text)
		}
	})
}
