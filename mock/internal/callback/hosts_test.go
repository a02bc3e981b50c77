package callback

import (
	"net/netip"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func hosts(t *testing.T, texts ...string) Hosts {
	t.Helper()
	h, err := ParseHosts(texts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAdmits(t *testing.T) {
	t.Parallel()
	h := hosts(t, "Hooks.example.com", "app:8080", "127.0.0.1:9000", "10.0.0.0/8", "[::1]", "2001:db8::5")
	const given = ""
	notGiven := func(host string) string {
		return "the host " + host + " is not given: start with --callback-host " + host
	}
	for text, want := range map[string]string{
		"http://hooks.example.com/a":           given,
		"https://HOOKS.example.com.:444/a?b#c": given,
		"http://app:8080":                      given,
		"http://127.0.0.1:9000/":               given,
		"http://10.9.8.7":                      given,
		"http://[::1]:80/":                     given,
		"http://[::ffff:10.0.0.1]/":            given,
		"http://[2001:db8::5]:1/":              given,
		"http://app/":                          notGiven("app"),
		"https://app:80/":                      notGiven("app:80"),
		"http://127.0.0.1/":                    notGiven("127.0.0.1"),
		"http://localhost:9000/":               notGiven("localhost:9000"),
		"http://example.com/":                  notGiven("example.com"),
		"http://hooks.example.com.evil.org/":   notGiven("hooks.example.com.evil.org"),
		"http://11.0.0.1/":                     notGiven("11.0.0.1"),
		"http://0x0a000001/":                   notGiven("0x0a000001"),
		"http://u:p@hooks.example.com/":        "the URL has a user name or a password in it",
		"ftp://hooks.example.com/":             `"ftp://hooks.example.com/" is no absolute http or https URL`,
		"/path":                                `"/path" is no absolute http or https URL`,
		"":                                     `"" is no absolute http or https URL`,
		"http://app:0/":                        `"http://app:0/" is no absolute http or https URL`,
		"http://:8080/":                        `"http://:8080/" is no absolute http or https URL`,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := h.Admits(u); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if err := (Hosts{}).Admits(u); err == nil {
			t.Errorf("%s: admitted where no host is given", text)
		}
	}
}

// TestAdmitsAddress holds the rule about what a name may resolve to.
func TestAdmitsAddress(t *testing.T) {
	t.Parallel()
	h := hosts(t, "hooks.example.com", "app", "localhost", "10.1.0.0/16", "127.0.0.2:9000", "169.254.1.1")
	for _, test := range []struct {
		name, address string
		want          bool
	}{
		{"hooks.example.com", "93.184.216.34:80", true},
		{"hooks.example.com", "[2606:2800:220:1:248:1893:25c8:1946]:80", true},
		{"hooks.example.com", "10.1.2.3:80", true}, // its network was given
		// Names of the world must not lead to this machine or beside it.
		{"hooks.example.com", "127.0.0.1:80", false},
		{"hooks.example.com", "10.2.0.1:80", false},
		{"hooks.example.com", "192.168.0.1:80", false},
		{"hooks.example.com", "[fd00::1]:80", false},
		{"hooks.example.com", "169.254.169.254:80", false},
		{"hooks.example.com", "[fe80::1%eth0]:80", false},
		{"hooks.example.com", "0.0.0.0:80", false},
		{"hooks.example.com", "[::]:80", false},
		{"hooks.example.com", "100.64.0.1:80", false},
		{"hooks.example.com", "224.0.0.1:80", false},
		{"hooks.example.com", "255.255.255.255:80", false},
		{"hooks.example.com", "[::ffff:127.0.0.1]:80", false},
		{"hooks.example.com", "[64:ff9b::7f00:1]:80", false},
		{"hooks.example.com", "[2002:7f00:1::]:80", false},
		{"hooks.example.com", "127.0.0.2:80", false}, // another port was given
		{"hooks.example.com", "127.0.0.2:9000", true},
		{"hooks.example.com", "169.254.1.1:80", true},
		// Names without a dot are of this network.
		{"app", "172.17.0.2:80", true},
		{"APP.", "172.17.0.2:80", true},
		{"app", "[fd00::1]:80", true},
		{"app", "127.0.0.1:80", false},
		{"app", "169.254.169.254:80", false},
		{"localhost", "127.0.0.1:80", true},
		{"localhost", "[::1]:80", true},
		{"localhost", "169.254.169.254:80", false},
	} {
		err := h.admitsAddress(test.name, netip.MustParseAddrPort(test.address))
		if (err == nil) != test.want {
			t.Errorf("%s as %s: %v", test.name, test.address, err)
		}
	}
	want := "hooks.example.com resolves to 127.0.0.1, which is no public address: give the address itself with --callback-host 127.0.0.1"
	if err := h.admitsAddress("hooks.example.com", netip.MustParseAddrPort("127.0.0.1:80")); err == nil || err.Error() != want {
		t.Error(err)
	}
}

func TestParseHostsRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "http://a.example", "a.example/path", "*", "*.example.com", "a.example:http", "a.example:0", "a.example:70000", "a b", "10.0.0.0/40", "a:1:2"} {
		if _, err := ParseHosts([]string{"fine", text}); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	if !(Hosts{}).Empty() || hosts(t, "a").Empty() {
		t.Error("empty and given hosts are not told apart")
	}
}
