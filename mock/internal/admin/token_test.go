package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/admin"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"ci=full-token", "other-full=="}, AdminReadTokens: []string{"read-token"}})
	for name, test := range map[string]struct {
		header      string
		read, write int
	}{
		"none":         {"X: y", 401, 401},
		"full":         {"Authorization: Bearer full-token", 200, 200},
		"padded":       {"Authorization: bearer  other-full==", 200, 200},
		"read":         {"Authorization: Bearer read-token", 200, 403},
		"wrong":        {"Authorization: Bearer full-tokem", 401, 401},
		"with a name":  {"Authorization: Bearer ci=full-token", 401, 401},
		"empty":        {"Authorization: Bearer ", 401, 401},
		"other scheme": {"Authorization: Basic full-token", 401, 401},
		"bad cookie":   {"Cookie: understudy_admin=full-token", 401, 401},
	} {
		read, write := p.do("GET /changes", "", test.header), p.do("POST /reset", "", test.header)
		if read.Status != test.read || write.Status != test.write {
			t.Errorf("%s: %d and %d, want %d and %d", name, read.Status, write.Status, test.read, test.write)
		}
		for _, a := range []*answer{read, write} {
			if a.Status == 401 && (a.Problem != "TOKEN_REQUIRED" || a.Header.Get("Www-Authenticate") == "") {
				t.Errorf("%s: %v", name, a.Header)
			}
			if a.Status == 403 && a.Problem != "TOKEN_READ_ONLY" {
				t.Errorf("%s: %v", name, a.Header)
			}
			if strings.Contains(a.Body, "full-token") {
				t.Errorf("%s: the answer has a token: %s", name, a.Body)
			}
		}
	}
	for _, open := range []string{"GET /health", "GET /readiness", "GET /openapi.yaml"} {
		p.do(open, "").want(t, 200, "")
		p.do(open, "", "Authorization: Bearer nonsense").want(t, 200, "")
	}
}

// TestReadingTokens may do everything that changes nothing, also by POST.
func TestReadingTokens(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminReadTokens: []string{"look"}, AdminTokens: []string{"full"}})
	p.status("GET", "/orders/1")
	for request, body := range map[string]string{
		"POST /verify": `{"operation": "getOrder"}`, "POST /exchanges/find": `{"operation": "getOrder"}`,
		"POST /requests/count": `{}`, "POST /requests/find": `{}`, "GET /exchanges": "", "HEAD /exchanges": "", "GET /verdict": "",
	} {
		p.do(request, body, "Authorization: Bearer look").want(t, 200, "")
	}
	for request, body := range map[string]string{
		"DELETE /exchanges": "", "DELETE /requests": "", "POST /activate": `{"scenarios": ["outage"]}`, "PATCH /settings": `{}`, "POST /reload": "",
		"PUT /state": `{"scenario": "life", "state": "shop", "value": "busy"}`, "POST /scenarios": `{"operations": {"getOrder": 404}}`, "DELETE /scenarios/outage": "", "POST /scenarios/outage/deactivate": "",
	} {
		p.do(request, body, "Authorization: Bearer look").want(t, 403, "TOKEN_READ_ONLY")
	}
}

// TestTokensInSessions are not needed there, but a wrong one is refused.
func TestTokensInSessions(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"full"}, AdminReadTokens: []string{"look"}})
	for _, header := range []string{"X: none", "Authorization: Bearer full", "Authorization: Bearer look", "Authorization: Basic dTpw", "Cookie: understudy_admin=ended"} {
		p.do("POST /sessions/a/activate", `{"scenarios": ["outage"]}`, header).want(t, 200, "")
		p.do("POST /sessions/a/reset", "", header).want(t, 200, "")
	}
	for _, request := range []string{"PUT /sessions/a", "GET /sessions/a", "POST /sessions/a/reset", "GET /sessions/a/exchanges"} {
		p.do(request, "", "Authorization: Bearer fulll").want(t, 401, "TOKEN_REQUIRED")
	}
	open := newPlane(t, mock.Options{})
	open.do("PUT /sessions/a", "", "Authorization: Bearer any").want(t, 201, "") // there are no tokens
}

// TestLogin swaps tokens for cookies.
func TestLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{AdminTokens: []string{"console=full-token"}, AdminReadTokens: []string{"guest=read-token"}})
		login := func(token string) string {
			a := p.do("POST /login", "", "Authorization: Bearer "+token)
			a.want(t, 200, "")
			cookie, err := http.ParseSetCookie(a.Header.Get("Set-Cookie"))
			if err != nil {
				t.Fatal(err)
			}
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/__admin/" || strings.Contains(cookie.Value, token) {
				t.Errorf("the cookie: %s", cookie)
			}
			return "Cookie: " + cookie.Name + "=" + cookie.Value
		}
		full, read := login("full-token"), login("read-token")
		p.do("POST /reset", "", full).want(t, 200, "")
		p.do("POST /reset", "", full, "Origin: http://evil.example").want(t, 403, "CROSS_SITE_REQUEST")
		p.do("GET /changes", "", read).want(t, 200, "")
		p.do("POST /reset", "", read).want(t, 403, "TOKEN_READ_ONLY")
		if a := p.do("GET /changes", "", full); !strings.Contains(a.Body, `"by": "console"`) {
			t.Errorf("who has changed something: %s", a.Body)
		}
		p.do("POST /logout", "", full).want(t, 204, "")
		p.do("GET /changes", "", full).want(t, 401, "TOKEN_REQUIRED")
		time.Sleep(12 * time.Hour)
		p.do("GET /changes", "", read).want(t, 401, "TOKEN_REQUIRED")
		p.wrong("POST /login", "").want(t, 401, "TOKEN_REQUIRED")
		p.do("POST /login", "", "Authorization: Bearer wrong").want(t, 401, "TOKEN_REQUIRED")
		// At the bound the oldest login ends.
		first := login("full-token")
		for range 1000 {
			login("full-token")
		}
		p.do("GET /changes", "", first).want(t, 401, "TOKEN_REQUIRED")
	})
}

func TestParseTokens(t *testing.T) {
	t.Parallel()
	list, err := admin.ParseTokens([]string{"ci=abc", "YWJj=", "YWI==", "x=y=="}, []string{"r"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, token := range list {
		names = append(names, token.Name)
	}
	if got := strings.Join(names, " "); got != "ci admin-token admin-token x admin-read-token" || !list[4].ReadOnly || list[0].ReadOnly {
		t.Errorf("%s %+v", got, list)
	}
	for text, want := range map[string]string{
		"":           `the token "admin-token" cannot be sent`,
		"a b":        `the token "admin-token" cannot be sent`,
		"ci=sec ret": `the token "ci" cannot be sent`,
	} {
		if _, err := admin.ParseTokens([]string{text}, nil); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "ret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := admin.ParseTokens([]string{"a=same"}, []string{"b=same"}); err == nil || err.Error() != `the tokens "a" and "b" are the same` {
		t.Error(err)
	}
}

// TestMadeToken makes a token where a mock can be reached from elsewhere.
func TestMadeToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		opts mock.Options
		made bool
	}{
		{mock.Options{}, false},
		{mock.Options{Listen: "localhost:1"}, false},
		{mock.Options{Listen: "[::1]:1"}, false},
		{mock.Options{Listen: "127.0.0.1:1", AdminListen: "127.0.0.1:2"}, false},
		{mock.Options{Listen: ":1", AdminListen: "127.0.0.1:2"}, false},
		{mock.Options{Listen: ":1", AdminTokens: []string{"given"}}, false},
		{mock.Options{Listen: ":1"}, true},
		{mock.Options{Listen: "0.0.0.0:1"}, true},
		{mock.Options{Listen: "10.0.0.1:1"}, true},
		{mock.Options{Listen: "mock.internal:1"}, true},
		{mock.Options{Listen: "127.0.0.1:1", AdminListen: "[::]:2"}, true},
	} {
		p := newPlane(t, test.opts)
		token := p.mock.AdminToken()
		if (token != "") != test.made {
			t.Errorf("%s %s: %q", test.opts.Listen, test.opts.AdminListen, token)
		}
		if token == "" || test.opts.AdminListen != "" {
			continue
		}
		p.do("GET /changes", "").want(t, 401, "TOKEN_REQUIRED")
		p.do("GET /changes", "", "Authorization: Bearer "+token).want(t, 200, "")
	}
}
