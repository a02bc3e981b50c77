package journal

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// isAll tells whether the longest match of a regular expression is all of a text.
func isAll(expression, text string) bool {
	re, err := regexp.Compile(`\A(?:` + expression + `)`)
	if err != nil {
		return false
	}
	re.Longest()
	return len(re.FindString(text)) == len(text) && re.MatchString(text)
}

// FuzzRequestPattern holds that what is taken for a pattern is JSON, and that its texts
// choose as they say; headers are left to TestRequestPatterns.
func FuzzRequestPattern(f *testing.F) {
	for _, text := range []string{`{}`, `{"method": "post", "url": "/a?x=1"}`, `{"urlPath": "/a", "headers": {"X-A": {"matches": "o.e", "contains": "n"}}}`, `{"method": "ANY", "method": "GET"}`, `{"headers": {"Host": {"equalTo": "h"}}}`, `{"url": null}`, `{"urlPattern": "/a(\\?.*)?"}`, `{"urlPathPattern": "/[a-c]"}`, `{"url": "/a"} x`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadRequestPattern(data)
		if (p == nil) == (err == nil) {
			t.Fatalf("%v and %v", p, err)
		}
		if err != nil {
			return
		}
		var said struct {
			Method, URL, URLPath, URLPattern, URLPathPattern *string
			Headers                                          map[string]any
		}
		if err := json.Unmarshal(data, &said); err != nil {
			t.Fatalf("it is no JSON: %v", err)
		}
		for _, ex := range []*exchange.Exchange{
			{Request: exchange.Request{Method: "POST", Host: "h", Path: "/a", RawQuery: "x=1", Header: http.Header{"X-A": {"one", "two"}}}},
			{Request: exchange.Request{Method: "GET", Path: "/a"}},
		} {
			r := &ex.Request
			url := strings.TrimSuffix(r.Path+"?"+r.RawQuery, "?")
			want := (said.Method == nil || strings.EqualFold(*said.Method, r.Method) || strings.EqualFold(*said.Method, "any")) &&
				(said.URL == nil || *said.URL == url) && (said.URLPath == nil || *said.URLPath == r.Path) &&
				(said.URLPattern == nil || isAll(*said.URLPattern, url)) && (said.URLPathPattern == nil || isAll(*said.URLPathPattern, r.Path))
			if got := p.Matches(ex); len(said.Headers) == 0 && got != want || got && !want {
				t.Errorf("%s chooses %s %s: %t, want %t", data, r.Method, url, got, want)
			}
		}
	})
}
