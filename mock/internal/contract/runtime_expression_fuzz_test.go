package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// FuzzRuntimeText holds that what was read is all of the text, and that reading values
// gives one or an error.
func FuzzRuntimeText(f *testing.F) {
	for _, text := range []string{"$request.body#/url", "http://a/{$request.query.q}?x={$url}", "{$response.header.Location}", "$request.body#/a/0/~1b~0", "{", "}{$method}", "$request.path.id", "$response.body#", "{$request.header.X-A}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := parseRuntimeText(text)
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		var whole strings.Builder
		for _, p := range parts {
			switch {
			case p.expr == nil:
				whole.WriteString(p.fixed)
			case strings.HasPrefix(text, "$"):
				whole.WriteString(p.expr.text)
			default:
				whole.WriteString("{" + p.expr.text + "}")
			}
		}
		if whole.String() != text {
			t.Errorf("%q was read as %q", text, whole.String())
		}
		ex := &exchange.Exchange{
			Request: exchange.Request{Method: "POST", Host: "h", Path: "/a", RawQuery: "q=%20&b=%zz", Header: http.Header{"X-A": {"1"}}},
			Body:    exchange.Decoded(map[string]any{"url": "http://b/", "a": []any{map[string]any{"/b~": 1}}}),
		}
		ex.Answer = exchange.Answer{Status: 201, Header: http.Header{"Location": {"/x"}}, Body: []byte(`{"a": [1]}`)}
		for _, p := range parts {
			if p.expr == nil {
				continue
			}
			if value, err := p.expr.read(ex); (value == nil) && err == nil {
				t.Errorf("%s is nothing, without an error", p.expr.text)
			}
		}
	})
}
