package journal

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func jsonText(s string) string {
	data, _ := json.Marshal(s) // a string can always be written
	return string(data)
}

func TestRequestPatterns(t *testing.T) {
	t.Parallel()
	ex := &exchange.Exchange{Request: exchange.Request{
		Method: "POST", Host: "shop.example", Path: "/a%20b/c", RawQuery: "x=1", Header: http.Header{"X-A": {"one", "two three"}, "Accept": {"text/plain"}},
	}}
	for pattern, want := range map[string]bool{
		`{}`:                                                        true,
		`{"method": "post"}`:                                        true,
		`{"method": "ANY"}`:                                         true,
		`{"method": "GET"}`:                                         false,
		`{"url": "/a%20b/c?x=1"}`:                                   true,
		`{"url": "/a%20b/c"}`:                                       false,
		`{"urlPath": "/a%20b/c"}`:                                   true,
		`{"urlPath": "/a"}`:                                         false,
		`{"urlPattern": "/a%20b/c\\?x=[0-9]"}`:                      true,
		`{"urlPattern": "/a%20b/c"}`:                                false, // with the query
		`{"urlPathPattern": "/[^/]+/(b|c)"}`:                        true,
		`{"urlPathPattern": "/[^/]+"}`:                              false, // the whole path
		`{"urlPathPattern": "/x|/a.*"}`:                             true,
		`{"urlPathPattern": "/a%20b/c\\?x=1"}`:                      false, // without the query
		`{"urlPathPattern": "/A%20B/c"}`:                            false,
		`{"urlPathPattern": ""}`:                                    false,
		`{"headers": {"x-a": {"equalTo": "one"}}}`:                  true,
		`{"headers": {"X-A": {"equalTo": "two"}}}`:                  false,
		`{"headers": {"X-A": {"contains": "two"}}}`:                 true,
		`{"headers": {"X-A": {"matches": "two"}}}`:                  false, // the whole value
		`{"headers": {"X-A": {"matches": "t.*e"}}}`:                 true,
		`{"headers": {"X-A": {"matches": "one|x"}}}`:                true,
		`{"headers": {"X-A": {"contains": "o", "matches": "t.*"}}}`: true,
		`{"headers": {"X-A": {"contains": "n", "matches": "t.*"}}}`: false, // one line must fulfil both
		`{"headers": {"X-B": {"contains": ""}}}`:                    false,
		`{"headers": {"Host": {"equalTo": "shop.example"}}}`:        true,
		`{"method": "POST", "urlPath": "/a%20b/c", "headers": {"Accept": {"matches": "text/.+"}}}`: true,
	} {
		p, err := ReadRequestPattern([]byte(pattern))
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
		} else if got := p.Matches(ex); got != want {
			t.Errorf("%s: %t", pattern, got)
		}
	}
}

func TestBrokenRequestPatterns(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		`{"urlPathTemplate": "/a/{id}"}`:                                `"urlPathTemplate" is not supported in a request pattern: there are method, url, urlPath, urlPattern, urlPathPattern and headers`,
		`{"bodyPatterns": []}`:                                          `"bodyPatterns" is not supported`,
		`{"operation": "getOrder"}`:                                     `operation and when, which say more, are for POST /__admin/verify and /__admin/exchanges/find`,
		`{"method": "GET", "method": "PUT"}`:                            `the pattern has "method" twice`,
		`{"url": "/a", "urlPath": "/a"}`:                                "url and urlPath are both given",
		`{"url": "/a", "urlPattern": "/a"}`:                             "url and urlPattern are both given: url is the path with the query, urlPattern a regular expression for the path with the query",
		`{"urlPathPattern": "/a", "urlPattern": "/a"}`:                  "urlPattern and urlPathPattern are both given",
		`{"urlPattern": {"matches": "/a"}}`:                             `urlPattern must be text, not {"matches": "/a"}`,
		`{"urlPathPattern": "/(?=a)"}`:                                  `urlPathPattern: "/(?=a)" is no regular expression of RE2`,
		`{"urlPathPattern": "/a)|(?:.*"}`:                               `urlPathPattern: "/a)|(?:.*" is no regular expression of RE2`,
		`{"headers": {"A": {"matches": "x)|(?:.*"}}}`:                   `matches for the header A: "x)|(?:.*" is no regular expression of RE2`,
		`{"urlPattern": "/(a{900}){900}"}`:                              "no regular expression of RE2",
		`{"url": 1}`:                                                    "url must be text, not 1",
		`{"method": null}`:                                              "method must be text, not null",
		`{"method": ""}`:                                                "method is empty: write one, or ANY",
		`{"headers": []}`:                                               "headers is no JSON object",
		`{"headers": {"A": "x"}}`:                                       "the header A is no JSON object",
		`{"headers": {"A": {}}}`:                                        "the header A has no condition",
		`{"headers": {"A": {"absent": true}}}`:                          `"absent" is not supported for the header A`,
		`{"headers": {"A": {"equalTo": "x", "caseInsensitive": true}}}`: `"caseInsensitive" is not supported for the header A`,
		`{"headers": {"A": {"matches": "("}}}`:                          "no regular expression of RE2",
		`[]`:                                                            "the pattern is no JSON object",
		`{"url": "/a"} {}`:                                              "something follows the pattern",
		`{"url": "/a"`:                                                  "the pattern is no JSON object",
		``:                                                              "the pattern is no JSON object",
	} {
		if p, err := ReadRequestPattern([]byte(pattern)); p != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pattern, err, want)
		}
	}
}
