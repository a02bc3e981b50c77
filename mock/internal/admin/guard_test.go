package admin_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestForeignPages sends what browsers send for pages of other sites, and for a page of
// the mock itself.
func TestForeignPages(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for name, test := range map[string]struct {
		headers []string
		status  int
		problem string
	}{
		"no browser":              {nil, 200, ""},
		"own page":                {[]string{"Origin: http://localhost", "Sec-Fetch-Site: same-origin"}, 200, ""},
		"own page behind TLS":     {[]string{"Origin: https://localhost"}, 200, ""},
		"own page with port":      {[]string{"Host: localhost:4010", "Origin: http://localhost:4010"}, 200, ""},
		"typed":                   {[]string{"Sec-Fetch-Site: none"}, 200, ""},
		"other site":              {[]string{"Origin: http://evil.example", "Sec-Fetch-Site: cross-site"}, 403, "CROSS_SITE_REQUEST"},
		"old browser, other site": {[]string{"Origin: http://evil.example"}, 403, "CROSS_SITE_REQUEST"},
		"image of another site":   {[]string{"Sec-Fetch-Site: cross-site"}, 403, "CROSS_SITE_REQUEST"},
		"another port":            {[]string{"Host: localhost:4010", "Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"}, 403, "CROSS_SITE_REQUEST"},
		"same site":               {[]string{"Sec-Fetch-Site: same-site"}, 403, "CROSS_SITE_REQUEST"},
		"sandboxed":               {[]string{"Origin: null"}, 403, "CROSS_SITE_REQUEST"},
	} {
		a := p.do("GET /health", "", test.headers...)
		if a.Status != test.status || a.Problem != test.problem {
			t.Errorf("%s: %d %s, want %d %s", name, a.Status, a.Problem, test.status, test.problem)
		}
		if got := a.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: Access-Control-Allow-Origin: %s", name, got)
		}
	}
	// A preflight is not answered, so a browser sends nothing that needs one.
	r := httptest.NewRequest("OPTIONS", "http://localhost/__admin/logout", nil)
	r.Header.Set("Origin", "http://evil.example")
	r.Header.Set("Access-Control-Request-Method", "POST")
	w := httptest.NewRecorder()
	p.mock.ServeHTTP(w, r)
	if w.Code != 403 || w.Header().Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("a preflight: %d %v", w.Code, w.Header())
	}
}

// TestHosts calls the mock by names, as a page does whose name was bound to the
// mock's address after it was loaded.
func TestHosts(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{Listen: "mock.internal:4010", AdminHosts: []string{"Mock.example", "fe80::1"}, AdminTokens: []string{"secret"}})
	for host, status := range map[string]int{
		"localhost": 200, "localhost:4010": 200, "LOCALHOST.:1": 200, "app.localhost": 200,
		"127.0.0.1": 200, "127.8.8.8:80": 200, "[::1]:4010": 200, "[::ffff:127.0.0.1]": 200,
		"mock.internal": 200, "mock.example:80": 200, "[fe80::1]": 200,
		"evil.example": 403, "localhost.evil.example": 403, "notlocalhost": 403, "10.0.0.1": 403, "": 403, "127.0.0.1.evil.example": 403,
	} {
		a := p.do("GET /health", "", "Host: "+host)
		problem := ""
		if status == 403 {
			problem = "HOST_NOT_ALLOWED"
		}
		if a.Status != status || a.Problem != problem {
			t.Errorf("%q: %d %s, want %d", host, a.Status, a.Problem, status)
		}
	}
}

// arrived makes a request look as if it had come in on an address.
func arrived(r *http.Request, ip string) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(ip), Port: 4010}))
}

// TestAddressOfTheConnection takes the address that a connection has come in on for the
// mock's own, and wants a token there.
func TestAddressOfTheConnection(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for _, test := range []struct {
		host, local string
		health, log int
	}{
		{"10.0.0.1:4010", "10.0.0.1", 200, 401},
		{"10.0.0.2:4010", "10.0.0.1", 403, 403},
		{"127.0.0.1:4010", "127.0.0.1", 200, 200},
	} {
		for path, want := range map[string]int{"/health": test.health, "/changes": test.log} {
			r := p.request("GET "+path, "", []string{"Host: " + test.host})
			if a := p.send(arrived(r, test.local)); a.Status != want {
				t.Errorf("%s at %s, %s: %d, want %d\n%s", test.host, test.local, path, a.Status, want, a.Body)
			}
		}
	}
}

// TestBodiesOfForms sends the bodies that a form of any page can.
func TestBodiesOfForms(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for contentType, status := range map[string]int{
		"application/json": 204, "application/json; charset=utf-8": 204, "application/yaml": 204, "text/yaml": 204, "application/merge-patch+json": 204,
		"application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "text/plain": 415, "text/plain; a=application/json": 415, ";": 415,
	} {
		for _, body := range []string{"", "{}"} {
			r := p.request("POST /logout", body, []string{"Content-Type: " + contentType})
			if a := p.send(r); a.Status != status {
				t.Errorf("%s %q: %d %s, want %d", contentType, body, a.Status, a.Problem, status)
			}
		}
	}
	r := p.request("POST /logout", "{}", nil)
	r.Header.Del("Content-Type")
	p.send(r).want(t, 415, "CONTROL_MEDIA_TYPE")
	p.do("POST /logout", "").want(t, 204, "")

	// What is wrong before the body is told before it; a page of another site hears of neither.
	form := "Content-Type: application/x-www-form-urlencoded"
	p.send(p.request("POST /nothing", "a=b", []string{form})).want(t, 404, "CONTROL_PATH_UNKNOWN")
	other := p.send(p.request("POST /health", "a=b", []string{form}))
	if other.want(t, 405, "CONTROL_METHOD"); other.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow: %s", other.Header.Get("Allow"))
	}
	p.send(p.request("POST /nothing", "a=b", []string{form, "Origin: http://elsewhere.example"})).want(t, 403, "CROSS_SITE_REQUEST")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for request, want := range map[string]struct {
		status  int
		problem string
	}{
		"GET /console/nothing": {404, "CONTROL_PATH_UNKNOWN"},
		"GET /nothing":         {404, "CONTROL_PATH_UNKNOWN"},
		"GET //health":         {404, "CONTROL_PATH_UNKNOWN"},
		"GET /health/":         {404, "CONTROL_PATH_UNKNOWN"},
		"GET /x/../health":     {404, "CONTROL_PATH_UNKNOWN"},
		"GET /%2e%2e/health":   {404, "CONTROL_PATH_UNKNOWN"},
		"PUT /health":          {405, "CONTROL_METHOD"},
		"OPTIONS /health":      {405, "CONTROL_METHOD"},
		"GET /login":           {405, "CONTROL_METHOD"},
		"GET /health%2Freally": {404, "CONTROL_PATH_UNKNOWN"},
	} {
		p.send(p.request(request, "", nil)).want(t, want.status, want.problem)
	}
	if got := p.send(p.request("PUT /health", "", nil)).Header.Get("Allow"); got != "GET, HEAD" {
		t.Errorf("Allow: %s", got)
	}
	if a := p.do("HEAD /health", ""); a.Status != 200 || a.Body != "" {
		t.Errorf("HEAD: %d %q", a.Status, a.Body)
	}
	if got := p.status("GET", "/%5F_admin/health"); got != 404 {
		t.Errorf("an escaped prefix: %d", got)
	}
	if got := p.status("GET", "/__administrator"); got != 404 {
		t.Errorf("a longer first segment: %d", got)
	}
	if a := p.do("GET /openapi.yaml", ""); !strings.Contains(a.Body, "Understudy control plane") {
		t.Errorf("the description: %s", a.Body)
	}
}
