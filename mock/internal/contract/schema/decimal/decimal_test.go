package decimal_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "-0", "1", "-12", "0.5", "10.010", "1e5", "1E+5", "1e-5", "0e0", "0.0e-99"} {
		if _, ok := decimal.Parse(text); !ok {
			t.Errorf("Parse(%q) refuses a JSON number", text)
		}
	}
	for _, text := range []string{"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1_000", "0x1", "Inf", "NaN", "1 ", "١", "--1", "1.e5"} {
		if _, ok := decimal.Parse(text); ok {
			t.Errorf("Parse(%q) accepts what is no JSON number", text)
		}
	}
}

func TestCmp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b string
		want int
	}{
		"beyond float64":         {"9007199254740993", "9007199254740992", 1},
		"trailing zeros":         {"1.0", "1", 0},
		"zeros behind a point":   {"0.10", "0.1", 0},
		"exponent":               {"1e2", "100", 0},
		"exponent and fraction":  {"12.5e1", "125", 0},
		"negative exponent":      {"5e-1", "0.5", 0},
		"minus zero":             {"-0.0", "0", 0},
		"signs":                  {"-1", "1", -1},
		"negative numbers":       {"-2", "-1", -1},
		"leading zeros":          {"0.001", "0.01", -1},
		"longer digits":          {"1.23", "1.2", 1},
		"point inside of digits": {"12.34", "1.235", 1},
		"same digits":            {"123.4", "12.34e1", 0},
		"huge exponents":         {"1e1000000000", "1e999999999", 1},
		"huge negative exponent": {"1e-1000000000", "0", 1},
		"exponents cut":          {"1e99999999999999999999", "1e9999999999999999999", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := decimal.MustParse(test.a), decimal.MustParse(test.b)
			if got := a.Cmp(b); got != test.want {
				t.Errorf("%s against %s: got %d, want %d", test.a, test.b, got, test.want)
			}
			if got := b.Cmp(a); got != -test.want {
				t.Errorf("%s against %s: got %d, want %d", test.b, test.a, got, -test.want)
			}
			same := string(a.AppendKey(nil)) == string(b.AppendKey(nil))
			if same != (test.want == 0) {
				t.Errorf("keys of %s and %s: same is %v", test.a, test.b, same)
			}
		})
	}
}

func TestIsInteger(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"0": true, "-0.0": true, "1": true, "1.0": true, "1e2": true, "1.5e1": true, "100": true, "1e1000000000": true,
		"1.5": false, "1e-1": false, "15e-2": false, "0.1": false, "1e-1000000000": false, "100.001": false,
	}
	for text, want := range tests {
		if got := decimal.MustParse(text).IsInteger(); got != want {
			t.Errorf("IsInteger(%s): got %v, want %v", text, got, want)
		}
	}
}

func TestIsMultipleOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b string
		want bool
	}{
		"plain":                    {"10", "5", true},
		"rest":                     {"11", "5", false},
		"fraction":                 {"0.3", "0.1", true},
		"what floats get wrong":    {"19.99", "0.01", true},
		"small divisor":            {"0.0075", "0.0001", true},
		"small rest":               {"0.00751", "0.0001", false},
		"zero":                     {"0", "7", true},
		"negative":                 {"-15", "5", true},
		"divisor with a power":     {"150", "50", true},
		"divisor too large":        {"5", "10", false},
		"huge value":               {"1e1000000000", "3", false},
		"huge value that fits":     {"3e1000000000", "3", true},
		"huge value, odd divisor":  {"1e308", "0.123456789", false},
		"divisor of 21 digits":     {"246913578024691357802469", "123456789012345678901", false},
		"divisor of 21 digits, ok": {"246913578024691357802e5", "123456789012345678901", true},
		"largest 64 bit":           {"18446744073709551615", "18446744073709551615", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := decimal.MustParse(test.a).IsMultipleOf(decimal.MustParse(test.b)); got != test.want {
				t.Errorf("%s of %s: got %v, want %v", test.a, test.b, got, test.want)
			}
		})
	}
}

func TestInt64(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "-0.0": 0, "12": 12, "1.2e1": 12, "-7": -7, "1e18": 1e18,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64,
	} {
		if got, ok := decimal.MustParse(text).Int64(); !ok || got != want {
			t.Errorf("Int64(%s): got %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"0.5", "9223372036854775808", "-9223372036854775809", "1e19", "18446744073709551616", "1e1000000000", "123456789012345678901"} {
		if got, ok := decimal.MustParse(text).Int64(); ok {
			t.Errorf("Int64(%s): got %d", text, got)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	got := testing.AllocsPerRun(100, func() {
		a, _ := decimal.Parse("123456.789e3")
		b, _ := decimal.Parse("123456789")
		_ = a.Cmp(b) + a.Sign()
		_ = a.IsMultipleOf(b) && a.IsInteger()
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// FuzzDecimal compares with math/big, which is exact too.
func FuzzDecimal(f *testing.F) {
	for _, text := range []string{"0", "-1.50", "12.34e-2", "9007199254740993", "0.001e3"} {
		f.Add(text, "1.5")
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		a, okA := decimal.Parse(x)
		b, okB := decimal.Parse(y)
		if !okA || !okB || hugeExponent(x) || hugeExponent(y) {
			return
		}
		p, _ := new(big.Rat).SetString(x)
		q, _ := new(big.Rat).SetString(y)
		if got, want := a.Cmp(b), p.Cmp(q); got != want {
			t.Errorf("%s against %s: got %d, want %d", x, y, got, want)
		}
		if got, want := a.IsInteger(), p.IsInt(); got != want {
			t.Errorf("IsInteger(%s): got %v, want %v", x, got, want)
		}
		if same := string(a.AppendKey(nil)) == string(b.AppendKey(nil)); same != (p.Cmp(q) == 0) {
			t.Errorf("keys of %s and %s: same is %v", x, y, same)
		}
		if q.Sign() != 0 {
			if got, want := a.IsMultipleOf(b), new(big.Rat).Quo(p, q).IsInt(); got != want {
				t.Errorf("%s of %s: got %v, want %v", x, y, got, want)
			}
		}
	})
}

func hugeExponent(text string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	return len(exponent) > 4
}

func TestAbridged(t *testing.T) {
	t.Parallel()
	sevens, zeros := strings.Repeat("7", 2000), strings.Repeat("0", 2000)
	for text, want := range map[string]string{
		"0":                       "0",
		"-0.0e5":                  "0",
		"-12.5":                   "-0.125e2",
		"1e400":                   "0.1e401",
		"-1e1000000":              "-0.1e9999",
		"1.5e-1000000":            "0.15e-9999",
		"1." + zeros:              "0.1e1",
		"1" + zeros:               "0.1e2001",
		"12345" + sevens:          "0.123451e2005",  // an integer
		"0.12345" + sevens:        "0.123451e0",     // none
		"1.2345" + sevens:         "0.123451e1",     // none
		"-12345" + sevens + ".5":  "-0.123451e5",    // none, and so not as large
		"1" + zeros + "1":         "0.100001e2002",  // more than 1 and 2001 zeros
		"0." + zeros + "123451":   "0.123451e-2000", // nothing to cut
		"-1.2345" + sevens + "e9": "-0.123451e5",
	} {
		got := decimal.MustParse(text).Abridged(6, 9999)
		d, ok := decimal.Parse(got)
		if got != want || !ok {
			t.Errorf("%.20s…: got %s, want %s", text, got, want)
		}
		if whole := decimal.MustParse(text); d.IsInteger() != whole.IsInteger() && len(got) < len("-0.1e-9999") || d.Sign() != whole.Sign() {
			t.Errorf("%.20s… is another kind of number than %s", text, got)
		}
	}
}
