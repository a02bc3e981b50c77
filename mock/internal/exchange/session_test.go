package exchange_test

import (
	"net/http"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestReadSession(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path   string
		query  []string
		header http.Header

		session  string
		byCookie bool
		prefix   string
		left     string
		rest     http.Header
		refused  string
	}{
		"none":               {path: "/pets", left: "/pets", header: http.Header{"Cookie": {"a=b"}}, rest: http.Header{"Cookie": {"a=b"}}},
		"path":               {path: "/__session/a.B_9~-/v1/pets%2F1", session: "a.B_9~-", prefix: "/__session/a.B_9~-", left: "/v1/pets%2F1"},
		"path alone":         {path: "/__session/a", session: "a", prefix: "/__session/a", left: "/"},
		"path within":        {path: "/__session/a/__session/b/pets", session: "a", prefix: "/__session/a", left: "/__session/b/pets"},
		"header":             {path: "/pets", header: http.Header{"Understudy-Session": {" a "}, "X": {"y"}}, session: "a", left: "/pets", rest: http.Header{"X": {"y"}}},
		"query":              {path: "/pets", query: []string{"a"}, session: "a", left: "/pets"},
		"cookie":             {path: "/pets", header: http.Header{"Cookie": {"x=1; understudy_session=a; y=2"}}, session: "a", byCookie: true, left: "/pets", rest: http.Header{"Cookie": {"x=1; y=2"}}},
		"cookie alone":       {path: "/pets", header: http.Header{"Cookie": {"understudy_session=a"}}, session: "a", byCookie: true, left: "/pets"},
		"a similar cookie":   {path: "/pets", header: http.Header{"Cookie": {"my_understudy_session=a"}}, left: "/pets", rest: http.Header{"Cookie": {"my_understudy_session=a"}}},
		"all agree":          {path: "/__session/a/pets", query: []string{"a"}, header: http.Header{"Understudy-Session": {"a"}, "Cookie": {"understudy_session=a"}}, session: "a", prefix: "/__session/a", left: "/pets"},
		"contradiction":      {path: "/__session/a/pets", header: http.Header{"Understudy-Session": {"b"}}, refused: `"a" in the path and "b" in the header Understudy-Session`},
		"cookie contradicts": {path: "/pets", query: []string{"a"}, header: http.Header{"Cookie": {"understudy_session=b"}}, refused: `"a" in the query __session and "b" in the cookie understudy_session`},
		"two headers":        {path: "/pets", header: http.Header{"Understudy-Session": {"a", "b"}}, refused: "names two sessions"},
		"two in the query":   {path: "/pets", query: []string{"a", "b"}, refused: `"a" in the query __session and "b" in the query __session`},
		"twice the same":     {path: "/pets", query: []string{"a", "a"}, header: http.Header{"Cookie": {"understudy_session=a; understudy_session=a"}}, session: "a", left: "/pets"},
		"two cookies":        {path: "/pets", header: http.Header{"Cookie": {"understudy_session=a; understudy_session=b"}}, refused: `"a" in the cookie understudy_session and "b" in the cookie understudy_session`},
		"cookies in lines":   {path: "/pets", header: http.Header{"Cookie": {"understudy_session=a", "understudy_session=b"}}, refused: "names two sessions"},
		"empty query":        {path: "/pets", query: []string{""}, refused: "in the query __session cannot be used: a session's id has 1 to 128 characters, not 0"},
		"empty header":       {path: "/pets", header: http.Header{"Understudy-Session": {""}}, refused: "in the header Understudy-Session cannot be used"},
		"empty cookie":       {path: "/pets", header: http.Header{"Cookie": {"understudy_session="}}, refused: "in the cookie understudy_session cannot be used"},
		"header and cookies": {path: "/pets", header: http.Header{"Understudy-Session": {"a"}, "Cookie": {"x=1"}}, session: "a", left: "/pets", rest: http.Header{"Cookie": {"x=1"}}},
		"no id":              {path: "/__session//pets", refused: "1 to 128 characters, not 0"},
		"encoded":            {path: "/__session/a%20b/pets", refused: `not "%"`},
		"too long":           {path: "/__session/" + strings.Repeat("a", 129) + "/pets", refused: "1 to 128 characters, not 129"},
		"dots":               {path: "/__session/../pets", refused: `".." is no session's id`},
		"not ASCII":          {path: "/pets", query: []string{"é"}, refused: "letters, digits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := test.header.Clone()
			ex := &exchange.Exchange{Request: exchange.Request{Path: test.path, Header: test.header}, Prefer: exchange.Prefer{Sessions: test.query}}
			problem := ex.ReadSession()
			if diff := cmp.Diff(before, test.header); diff != "" {
				t.Errorf("the header that belongs to net/http has changed: %s", diff)
			}
			if test.refused != "" {
				if problem == nil || problem.Code != exchange.ProblemSession || problem.Status != 400 || !strings.Contains(problem.Detail, test.refused) {
					t.Errorf("%v, want %q", problem, test.refused)
				}
				return
			}
			if problem != nil {
				t.Fatal(problem)
			}
			if ex.Session != test.session || ex.SessionByCookie != test.byCookie || ex.Request.Prefix != test.prefix || ex.Request.Path != test.left {
				t.Errorf("session %q, by cookie %v, prefix %q, path %q", ex.Session, ex.SessionByCookie, ex.Request.Prefix, ex.Request.Path)
			}
			if len(test.rest)+len(ex.Request.Header) > 0 {
				if diff := cmp.Diff(test.rest, ex.Request.Header); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// TestSessionOutlivesItsRequest is about ids that are parts of a request's line, which may be a
// megabyte: a session does not keep it.
func TestSessionOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	line := []byte("/__session/abc/and/much/more")
	ex := &exchange.Exchange{Request: exchange.Request{Path: unsafe.String(&line[0], len(line))}}
	if problem := ex.ReadSession(); problem != nil {
		t.Fatal(problem)
	}
	clear(line)
	if ex.Session != "abc" {
		t.Errorf("the id is a part of the line, which is %q now", ex.Session)
	}
}
