package format_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
)

var texts = map[string]struct{ yes, no []string }{
	"date":                  {[]string{"2024-02-29", "0001-01-01"}, []string{"", "2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01Z", "２024-01-01"}},
	"date-time":             {[]string{"2024-05-17T10:30:00Z", "2024-05-17t10:30:00.123456+02:00", "1998-12-31T23:59:60Z", "1998-12-31T15:59:60-08:00"}, []string{"2024-05-17 10:30:00Z", "2024-05-17T10:30:00", "2024-05-17T24:00:00Z", "1998-12-31T22:59:60Z", "2024-05-17T10:30:00+25:00"}},
	"time":                  {[]string{"10:30:00Z", "10:30:00.5-08:00"}, []string{"10:30:00", "10:30Z", "10:30:00.Z", "25:00:00Z"}},
	"duration":              {[]string{"P1D", "P1Y2M3DT4H5M6S", "PT0.5S", "P2W", "P1Y2D", "P0.5D"}, []string{"", "P", "PT", "P1", "1D", "PT1D", "P1D1Y", "P1W1D", "-P1D", "PT0.5M1S", "PT.5S", "P0.5DT1H", "P1DT"}},
	"uuid":                  {[]string{"7d444840-9dc0-11d1-b245-5ffdce74fad2", "7D444840-9DC0-11D1-B245-5FFDCE74FAD2"}, []string{"", "7d444840-9dc0-11d1-b245-5ffdce74fad", "7d4448409dc011d1b2455ffdce74fad2", "{7d444840-9dc0-11d1-b245-5ffdce74fad}", "7d444840-9dc0-11d1-b245-5ffdce74fadg"}},
	"email":                 {[]string{"jane@example.com", `"a b"@example.com`, "jane@localhost", "jane@[127.0.0.1]", "jane@[IPv6:::1]"}, []string{"", "jane", "@example.com", "jane@", "a b@example.com", ".a@example.com", "a..b@example.com", "jané@example.com", "jane@[300.0.0.1]", "Jane <jane@example.com>"}},
	"idn-email":             {[]string{"실례@실례.테스트", "jane@example.com"}, []string{"", "2962", "a b@example.com", "jane@-a.com"}},
	"hostname":              {[]string{"localhost", "www.example.com", "1host", "xn--bcher-kva.example"}, []string{"", ".", "a..b", "-a.com", "a_b", "example.com.", strings.Repeat("a", 64), "bücher.example", "xn--X"}},
	"idn-hostname":          {[]string{"실례.테스트", "bücher.example", "a。b", "localhost", "xn--bcher-kva.example"}, []string{"", "a..b", "〮실례.테스트", "a·l", "0a.א", "-ü", "xn--X"}},
	"ipv4":                  {[]string{"192.0.2.1", "0.0.0.0", "255.255.255.255"}, []string{"", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1.2.3.0000"}},
	"ipv6":                  {[]string{"::", "::1", "2001:db8::1", "::ffff:192.0.2.1"}, []string{"", "1", "12345::", "::1%eth0", "[::1]", "1:2:3", "192.0.2.1"}},
	"uri":                   {[]string{"https://example.com/a?b#c", "urn:a:b", "mailto:jane@example.com", "http://[::1]:80/"}, []string{"", "/a", "//example.com", "a b:c", "http://a b", "http://example.com/ä", "http://example.com:a/", "http://[::1", "http://a/%zz", "1a:b"}},
	"uri-reference":         {[]string{"", "/a", "a/b", "?q", "#f", "//example.com"}, []string{"a b", `\\share`, "1:b", "#a#b", "/ä"}},
	"iri":                   {[]string{"https://bücher.example/ä?ö"}, []string{"/ä", "https://example.com/ "}},
	"iri-reference":         {[]string{"/ä", "ü"}, []string{"ä b", "#ä\\"}},
	"uri-template":          {[]string{"", "/users/{id}", "{?a,b*}", "{a:3}"}, []string{"{", "}", "{}", "{a", "{a b}", "{a:0}", "{=a}"}},
	"json-pointer":          {[]string{"", "/", "/a/0", "/a~1b~0"}, []string{"a", "#/a", "/~", "/~2"}},
	"relative-json-pointer": {[]string{"0", "1/a", "0#"}, []string{"", "/a", "-1", "01", "0#/a"}},
	"regex":                 {[]string{"", "^a+$", "(?<=a)b"}, []string{"(", "*", "\\a", "(?i)a"}},
	"byte":                  {[]string{"", "SGVsbG8=", "AA==", "+/+/"}, []string{"A", "SGVsbG8", "SGVs_G8=", "A===", "SGVs bG8="}},
	"binary":                {[]string{"", "\x00"}, nil},
	"password":              {[]string{"", "secret"}, nil},
}

func TestFitsText(t *testing.T) {
	t.Parallel()
	for name, test := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := format.Lookup(name)
			if f.Example != "" && !f.FitsText(f.Example) {
				t.Errorf("refuses its own example %q", f.Example)
			}
			for _, s := range test.yes {
				if !f.FitsText(s) {
					t.Errorf("refuses %q", s)
				}
			}
			for _, s := range test.no {
				if f.FitsText(s) {
					t.Errorf("accepts %q", s)
				}
			}
			if !f.FitsNumber(decimal.MustParse("1.5")) {
				t.Error("speaks about numbers")
			}
		})
	}
}

var numbers = map[string]struct{ yes, no []string }{
	"int8":   {[]string{"-128", "127"}, []string{"-129", "128"}},
	"int16":  {[]string{"-32768", "32767"}, []string{"-32769", "32768"}},
	"int32":  {[]string{"0", "2147483647", "-2147483648", "1.0", "1e2"}, []string{"2147483648", "-2147483649", "1.5", "1e1000000000"}},
	"int64":  {[]string{"9223372036854775807", "-9223372036854775808"}, []string{"9223372036854775808", "-9223372036854775809", "0.5"}},
	"uint8":  {[]string{"0", "255"}, []string{"-1", "256"}},
	"uint16": {[]string{"65535"}, []string{"-1", "65536"}},
	"uint32": {[]string{"4294967295"}, []string{"-1", "4294967296"}},
	"uint64": {[]string{"18446744073709551615"}, []string{"-1", "18446744073709551616"}},
	"float":  {[]string{"1.5", "-3.4028235e38", "1e-1000000000"}, []string{"3.5e38", "-1e39"}},
	"double": {[]string{"1.7976931348623157e308", "-1e308"}, []string{"1.8e308", "-1e309", "1e1000000000"}},
}

func TestFitsNumber(t *testing.T) {
	t.Parallel()
	for name, test := range numbers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := format.Lookup(name)
			for _, s := range append(test.yes, f.Example) {
				if !f.FitsNumber(decimal.MustParse(s)) {
					t.Errorf("refuses %s", s)
				}
			}
			for _, s := range test.no {
				if f.FitsNumber(decimal.MustParse(s)) {
					t.Errorf("accepts %s", s)
				}
			}
			if !f.FitsText("x") {
				t.Error("speaks about strings")
			}
		})
	}
}

// Each known format has its cases above.
func TestEveryFormatIsTested(t *testing.T) {
	t.Parallel()
	for _, name := range format.Names() {
		_, text := texts[name]
		_, number := numbers[name]
		if text == number {
			t.Errorf("%s: text cases %v, number cases %v", name, text, number)
		}
	}
	if format.Lookup("colour") != nil {
		t.Error("an unknown format is known")
	}
}

// A name that is far too long is refused before it is taken apart, which would go on for
// hours.
func TestLongHostnames(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"xn--" + strings.Repeat("a", 4<<20), strings.Repeat("ab9-", 1<<20) + ".xn--a", strings.Repeat("ü書", 1<<20)} {
		for _, name := range []string{"hostname", "idn-hostname", "email", "idn-email"} {
			if format.Lookup(name).FitsText(text) {
				t.Errorf("%s: %.10s… fits", name, text)
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	for _, name := range []string{"date-time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uri-template", "json-pointer", "byte"} {
		f := format.Lookup(name)
		if n := testing.AllocsPerRun(100, func() { f.FitsText(f.Example) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// moreThanRFC3339 are durations that ISO 8601 knows and RFC 3339 does not.
var moreThanRFC3339 = []string{"PT0.5S", "P1Y2D", "PT1H2S"}

// TestSuite runs the format files of the JSON Schema test suite.
func TestSuite(t *testing.T) {
	t.Parallel()
	folder := testenv.SchemaSuite(t)
	files, err := filepath.Glob(filepath.Join(folder, "tests", "draft2020-12", "optional", "format", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no format tests in ", folder)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			runSuiteFile(t, file)
		})
	}
}

func runSuiteFile(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Schema struct{ Format string }
		Tests  []struct {
			Description string
			Data        any
			Valid       bool
		}
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		f := format.Lookup(c.Schema.Format)
		if f == nil {
			continue
		}
		for _, test := range c.Tests {
			s, ok := test.Data.(string)
			if !ok {
				continue
			}
			want := test.Valid
			for _, d := range moreThanRFC3339 {
				want = want || c.Schema.Format == "duration" && s == d
			}
			if got := f.FitsText(s); got != want {
				t.Errorf("%s: %q: got %v", test.Description, s, got)
			}
		}
	}
}

// FuzzFormats asserts that no check panics.
func FuzzFormats(f *testing.F) {
	for name, test := range texts {
		for _, s := range append(test.yes, test.no...) {
			f.Add(name, s)
		}
	}
	f.Fuzz(func(_ *testing.T, name, s string) {
		if f := format.Lookup(name); f != nil {
			f.FitsText(s)
		}
	})
}
