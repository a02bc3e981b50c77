package exchange_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// FuzzPrefer holds that a value is read back from the header as it was quoted and from the
// query as it was encoded, whatever stands beside it, and that no directive is left in the
// query.
func FuzzPrefer(f *testing.F) {
	f.Add("validate/409", "x", "a=1&b")
	f.Add(`a "b", \c; d=e`, "code=500", "__code=404&c=%zz&__scenario&__session=a&__x=1")
	f.Add("é,;=", "wait=10, ;, ,foo", "&&__delay=1s&__%63ode=1")
	f.Fuzz(func(t *testing.T, value, header, query string) {
		quoted := `scenario="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
		if value != "" { // an empty one is as if there were none
			for _, line := range []string{quoted, "foo; a=b, SCENARIO" + quoted[len("scenario"):] + "; c", "return=minimal," + quoted + "," + "scenario=other"} {
				if p, _ := exchange.ParsePrefer(http.Header{"Prefer": {line, header}}, query); p.Scenario != value {
					t.Errorf("%s: %q, want %q", line, p.Scenario, value)
				}
			}
			if p, rest := exchange.ParsePrefer(nil, "__scenario="+url.QueryEscape(value)+"&"+query); p.Scenario != value || strings.HasPrefix(rest, "__scenario") {
				t.Errorf("%q from the query, rest %q", p.Scenario, rest)
			}
		}
		_, rest := exchange.ParsePrefer(http.Header{"Prefer": {header}}, query)
		again, same := exchange.ParsePrefer(nil, rest)
		if diff := cmp.Diff(exchange.Prefer{}, again); diff != "" || rest != same {
			t.Errorf("%q still has directives: %s, %q", rest, diff, same)
		}
		for part := range strings.SplitSeq(rest, "&") {
			if rest != "" && !strings.Contains("&"+query+"&", "&"+part+"&") {
				t.Errorf("%q is not of %q", part, query)
			}
		}
	})
}

// FuzzSession holds that a session is found under its id alone, that no carrier of one is
// passed on, and that the header which belongs to net/http stays as it is.
func FuzzSession(f *testing.F) {
	f.Add("/__session/a/pets", "", "", "")
	f.Add("/pets", "a", "a", "understudy_session=a; x=y")
	f.Add("/__session/a/__session/b/pets", "", "", "x=1;understudy_session=a;understudy_session=\"a\"")
	f.Add("/__session/..%2f/", " a ", "b", "; ;=;understudy_session")
	f.Fuzz(func(t *testing.T, path, header, query, cookie string) {
		h := http.Header{"Cookie": {cookie}, "X": {"y"}}
		if header != "" {
			h["Understudy-Session"] = []string{header}
		}
		before := h.Clone()
		ex := &exchange.Exchange{Request: exchange.Request{Path: path, Header: h}}
		if query != "" {
			ex.Prefer.Sessions = []string{query}
		}
		problem := ex.ReadSession()
		if diff := cmp.Diff(before, h); diff != "" {
			t.Errorf("the header that belongs to net/http has changed: %s", diff)
		}
		if problem != nil {
			if problem.Status != 400 || problem.Detail == "" || ex.Session != "" {
				t.Errorf("%+v, session %q", problem, ex.Session)
			}
			return
		}
		named := strings.HasPrefix(path, exchange.SessionPath) || header != "" || query != ""
		if ex.Session == "" {
			if named {
				t.Error("a session was named and not found")
			}
			return
		}
		if err := exchange.CheckSessionID(ex.Session); err != nil || ex.SessionByCookie == named {
			t.Errorf("%v, by cookie %t", err, ex.SessionByCookie)
		}
		if ex.Request.Header["Understudy-Session"] != nil {
			t.Error("the header is passed on")
		}
		for _, c := range ex.CookiePairs() {
			if c.Name == exchange.SessionCookie {
				t.Errorf("a cookie is passed on: %q", ex.Request.Header["Cookie"])
			}
		}
		if whole := ex.Request.Prefix + ex.Request.Path; ex.Request.Prefix != "" && whole != path && whole != path+"/" {
			t.Errorf("%q is %q and %q", path, ex.Request.Prefix, ex.Request.Path)
		}
	})
}

// FuzzQueryPairs holds that pairs are what net/url reads, where it reads them.
func FuzzQueryPairs(f *testing.F) {
	for _, query := range []string{"a=1&b=%20+&a=2", "&&=x&y", "a%zz=1&b=%", "a=b=c&é=%C3%A9"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		want, err := url.ParseQuery(query)
		ex := &exchange.Exchange{Request: exchange.Request{RawQuery: query}}
		got := url.Values{}
		for _, pair := range ex.QueryPairs() {
			got[pair.Name] = append(got[pair.Name], pair.Value)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Error(diff)
		}
		if n := 1 + strings.Count(query, "&"); len(ex.QueryPairs()) > n {
			t.Errorf("%d pairs of %d parts", len(ex.QueryPairs()), n)
		}
	})
}

// FuzzCookiePairs holds that pairs are what net/http reads, where it reads them, and as they
// were sent.
func FuzzCookiePairs(f *testing.F) {
	for _, line := range []string{"a=1; b=2", `a="1 2";a=`, ";;; ;=;x", "a=b=c; é=1", " a = 1 ;b"} {
		f.Add(line, "c=3")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		ex := &exchange.Exchange{Request: exchange.Request{Header: http.Header{"Cookie": {one, two}}}}
		got := ex.CookiePairs()
		if n := 2 + strings.Count(one+two, ";"); len(got) > n {
			t.Fatalf("%d pairs of %d parts", len(got), n)
		}
		for _, pair := range got {
			if !strings.Contains(one+"\n"+two, pair.Name+"="+pair.Value) || strings.ContainsAny(pair.Name, "=;") || strings.Contains(pair.Value, ";") {
				t.Errorf("%q was not sent", pair)
			}
		}
		var want []exchange.Pair
		for _, line := range []string{one, two} {
			cookies, err := http.ParseCookie(line)
			if err != nil {
				return
			}
			for _, c := range cookies {
				if c.Quoted {
					c.Value = `"` + c.Value + `"`
				}
				want = append(want, exchange.Pair{Name: c.Name, Value: c.Value})
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
