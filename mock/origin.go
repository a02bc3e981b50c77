package mock

import (
	"fmt"
	"net/url"
	"strings"
)

// defaultPorts are those that browsers leave out of an origin.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// CheckOrigin refuses a text that no browser sends as its Origin (WHATWG HTML,
// section 7.1.1): an origin is scheme://host, with the port where it is not the
// usual one, or null.
func CheckOrigin(origin string) error {
	if origin == "null" {
		return nil
	}
	if origin == "*" {
		return fmt.Errorf("%q is no origin: any origin is allowed where none is named", origin)
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Host == "" || u.User != nil {
		return fmt.Errorf("%q is no origin: write scheme://host[:port], such as https://app.example.com", origin)
	}
	want := strings.ToLower(u.Scheme + "://" + u.Host)
	if port := u.Port(); port != "" && port == defaultPorts[strings.ToLower(u.Scheme)] {
		want = strings.TrimSuffix(want, ":"+port)
	}
	if want != origin {
		return fmt.Errorf("%q is no origin as browsers send it: write %s", origin, want)
	}
	return nil
}
