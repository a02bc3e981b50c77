package proxy

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tripTo is a trip to an API, as a request has come in.
func tripTo(t *testing.T, url string, r exchange.Request) *trip {
	t.Helper()
	target, err := upstream.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	transport, err := upstream.NewTransport(target, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &trip{Proxy: New(transport, Options{}), Call: &Call{Exchange: &exchange.Exchange{Request: r}}}
}

func TestReferencesLeadHere(t *testing.T) {
	t.Parallel()
	const api = "https://api.example.com/v1"
	for name, test := range map[string]struct {
		base, reference, want string
		tls                   bool
	}{
		"absolute":                     {"", "https://api.example.com/v1/orders/7?a=b#c", "http://mock:4010/orders/7?a=b#c", false},
		"absolute over TLS":            {"/shop", "https://api.example.com/v1/orders", "https://mock:4010/shop/orders", true},
		"with its usual port":          {"", "https://API.example.com:443/v1/orders", "http://mock:4010/orders", false},
		"without scheme":               {"", "//api.example.com/v1/orders", "http://mock:4010/orders", false},
		"the base itself":              {"/shop", "https://api.example.com/v1", "http://mock:4010/shop", false},
		"absolute, above the base":     {"", "https://api.example.com/login", "https://api.example.com/login", false},
		"a path":                       {"/shop", "/v1/orders/a%2Fb?x=%20", "/shop/orders/a%2Fb?x=%20", false},
		"a path alone":                 {"", "/v1", "/", false},
		"a path above the base":        {"", "/login?x", "https://api.example.com/login?x", false},
		"a path beside the base":       {"", "/v10/orders", "https://api.example.com/v10/orders", false},
		"relative":                     {"/shop", "7", "7", false},
		"relative, upwards":            {"", "../7", "../7", false},
		"a query":                      {"", "?page=2", "?page=2", false},
		"another origin":               {"", "https://login.example.com/v1/x", "https://login.example.com/v1/x", false},
		"another scheme":               {"", "http://api.example.com/v1/x", "http://api.example.com/v1/x", false},
		"of no host":                   {"", "mailto:a@example.com", "mailto:a@example.com", false},
		"not a reference":              {"", "%zz", "%zz", false},
		"empty":                        {"", "", "", false},
		"another host, without scheme": {"", "//evil.example/v1/x", "//evil.example/v1/x", false},
	} {
		got := tripTo(t, api, exchange.Request{Base: test.base, Host: "mock:4010", TLS: test.tls}).here(test.reference)
		if got != test.want {
			t.Errorf("%s: %s becomes %s, want %s", name, test.reference, got, test.want)
		}
	}
}

func TestCookiesAreForHere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		line, want string
		tls        bool
	}{
		"plain":                      {"a=b", "a=b", false},
		"domain and path":            {"a=b; Domain=api.example.com; Path=/v1/orders; HttpOnly", "a=b; Path=/__session/s/shop/orders; HttpOnly", false},
		"path of all":                {"a=b; path=/", "a=b; Path=/__session/s/shop", false},
		"path of another":            {"a=b; Path=/other", "a=b; Path=/__session/s/shop", false},
		"what needs TLS":             {"a=b; Secure; SameSite=None", "a=b", false},
		"what needs TLS, and has it": {"a=b; Secure; SameSite=None", "a=b; Secure; SameSite=None", true},
		"another SameSite":           {"a=b; SameSite=Lax", "a=b; SameSite=Lax", false},
		"a name that needs TLS":      {"__Host-a=b; Secure; Path=/", "__Host-a=b; Secure; Path=/__session/s/shop", false},
		"a value with signs":         {`a="x=y"; Max-Age=5`, `a="x=y"; Max-Age=5`, false},
	} {
		got := tripTo(t, "https://api.example.com/v1", exchange.Request{Base: "/shop", Prefix: "/__session/s", TLS: test.tls}).cookie(test.line)
		if got != test.want {
			t.Errorf("%s: %s becomes %s, want %s", name, test.line, got, test.want)
		}
	}
}

func TestReadableCodings(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"gzip, deflate, br, zstd": "gzip, deflate", "br": "identity", "": "identity", "*": "gzip", "*;q=0": "identity",
		"gzip;q=0.5, br;q=1": "gzip;q=0.5", "identity;q=0, gzip": "identity;q=0, gzip", "GZIP;q=0": "gzip;q=0",
	} {
		if got := readable([]string{accept}); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	gzipped := func(data string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(data))
		_ = w.Close()
		return b.String()
	}
	deflated := func(data string) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = w.Write([]byte(data))
		_ = w.Close()
		return b.String()
	}
	for name, test := range map[string]struct{ coding, data, want, reason string }{
		"none":            {"", "abc", "abc", ""},
		"identity":        {"identity", "abc", "abc", ""},
		"gzip":            {"gzip", gzipped("abc"), "abc", ""},
		"deflate":         {"Deflate", deflated("abc"), "abc", ""},
		"twice":           {"deflate, gzip", gzipped(deflated("abc")), "abc", ""},
		"four times":      {"gzip, identity, identity, deflate", deflated(gzipped("abc")), "abc", ""},
		"too often":       {"identity, gzip, identity, identity, identity", gzipped("abc"), "", "has 5 content codings, of which no more than 4 are read"},
		"unknown":         {"br", "abc", "", `the content coding "br"`},
		"not what it is":  {"gzip", "abc", "", "is not gzip"},
		"cut off":         {"gzip", gzipped("abcdefgh")[:20], "", "is not gzip"},
		"large":           {"gzip", gzipped(strings.Repeat("a", 101)), "", "larger than 100 bytes without its content coding"},
		"large as it may": {"gzip", gzipped(strings.Repeat("a", 100)), strings.Repeat("a", 100), ""},
	} {
		plain, reason := upstream.Decode(http.Header{"Content-Encoding": {test.coding}}, []byte(test.data), 100, nil)
		if string(plain) != test.want || (reason == "") != (test.reason == "") || !strings.Contains(reason, test.reason) {
			t.Errorf("%s: %q, %q", name, plain, reason)
		}
	}
}

// TestDecodeHolds holds that what a body becomes is counted: no more than there is room for
// is unpacked, and what is not needed any more is given back.
func TestDecodeHolds(t *testing.T) {
	t.Parallel()
	gzipped := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	zeros := make([]byte, 1<<20)
	for name, test := range map[string]struct {
		coding string
		data   []byte
		room   int64
		reason string
		held   int64
	}{
		"no coding":      {"", zeros, 0, "", 0},
		"room":           {"gzip", gzipped(zeros), 1 << 20, "", 1 << 20},
		"no room":        {"gzip", gzipped(zeros), 1<<20 - 1, upstream.NoRoom, 0},
		"twice":          {"gzip, gzip", gzipped(gzipped(zeros)), 1<<20 + int64(len(gzipped(zeros))), "", 1 << 20},
		"twice, no room": {"gzip, gzip", gzipped(gzipped(zeros)), 1 << 20, upstream.NoRoom, 0},
		"broken":         {"gzip", gzipped(zeros)[:500], 1 << 20, "the body of the answer is not gzip, as it says it is", 0},
		"unknown behind": {"br, gzip", gzipped(zeros), 1 << 20, `the body of the answer has the content coding "br", which is not read here`, 0},
	} {
		var held, most int64
		plain, reason := upstream.Decode(http.Header{"Content-Encoding": {test.coding}}, test.data, 10<<20, func(n int64) bool {
			if held+n > test.room {
				return false
			}
			held += n
			most = max(most, held)
			return true
		})
		if reason != test.reason || held != test.held || reason == "" && len(plain) != len(zeros) {
			t.Errorf("%s: %d bytes, %q, %d held, %d at most", name, len(plain), reason, held, most)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		syntax     contract.Syntax
		body, want string
	}{
		"events":          {contract.EventStream, "data: a\n\ndata: b", "data: a\n\n"},
		"events with CR":  {contract.EventStream, "data: a\r\n\r\ndata: b\r\n", "data: a\n\n"},
		"half an event":   {contract.EventStream, "data: a\n", ""},
		"lines":           {contract.JSONLines, "1\n2\n{", "1\n2\n"},
		"half a line":     {contract.JSONLines, "{", ""},
		"records":         {contract.JSONRecords, "\x1e1\n\x1e2\n", "\x1e1\n"},
		"no record":       {contract.JSONRecords, "1", ""},
		"something else":  {contract.Opaque, "abc", ""},
		"complete events": {contract.EventStream, "data: a\n\n", "data: a\n\n"},
	} {
		if got := string(complete(test.syntax, []byte(test.body))); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
