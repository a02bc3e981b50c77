package journal

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestManySecrets has the longest header that a client can send, full of secrets that are
// as alike as can be, and a path that is like them. What takes more than a moment here
// takes as long for each such request.
func TestManySecrets(t *testing.T) {
	t.Parallel()
	const size = 1 << 19
	r := newRedactor(nil)
	for name, cookie := range map[string]string{
		"separators alone":      strings.Repeat(";", size),
		"one value":             strings.Repeat("c=v;", size/4),
		"values that are alike": strings.Repeat("c=aaaaaaaaaa;", size/13),
		"one long value":        "c=" + strings.Repeat("a", size-1) + "b",
		"values that differ": func() string {
			var b strings.Builder
			for n := 0; b.Len() < size; n++ {
				fmt.Fprintf(&b, "c=x%08d;", n)
			}
			return b.String()
		}(),
		"longer and longer": func() string {
			var b strings.Builder
			for n := minSecret; b.Len() < size; n++ {
				b.WriteString("c=" + strings.Repeat("a", n) + ";")
			}
			return b.String()
		}(),
	} {
		s := r.Of(&exchange.Exchange{Request: exchange.Request{Header: http.Header{"Cookie": {cookie}}}})
		if got := s.Text("/" + strings.Repeat("a", 7) + "/" + strings.Repeat("ab", size/2)); strings.Contains(got, exchange.Redacted) {
			t.Errorf("%s: something that is no secret is hidden", name)
		}
		if got := s.Text(strings.Repeat(strings.Repeat("a", 7)+"b…", size/11)); strings.Contains(got, exchange.Redacted) {
			t.Errorf("%s: something that is no secret is hidden in front of an ellipsis", name)
		}
		body := []byte(strings.Repeat("ab", size))
		if got := s.body(body, "text/plain", false); !bytes.Equal(got, body) {
			t.Errorf("%s: something that is no secret is hidden in a body", name)
		}
		if got := s.Text("<" + cookie + ">"); got != "<[redacted]>" {
			t.Errorf("%s: the header is shown: %.50s", name, got)
		}
	}
}

// TestEllipsesInBodies leaves words in front of ellipses as they are.
func TestEllipsesInBodies(t *testing.T) {
	t.Parallel()
	s := newRedactor(nil).Of(&exchange.Exchange{Request: exchange.Request{Header: http.Header{"Cookie": {"c=example-of-a-secret"}}}})
	const text = "Une phrase… and an example… follow"
	for _, isCut := range []bool{false, true} {
		if got := string(s.body([]byte(text), "text/plain", isCut)); got != text {
			t.Errorf("cut %v: %s", isCut, got)
		}
	}
	if got := string(s.body([]byte(text+" exampl"), "text/plain", true)); got != text+" [redacted]" {
		t.Error(got)
	}
	if got := s.Text("Une phrase…"); got != "Une phrase…" {
		t.Error(got)
	}
}
