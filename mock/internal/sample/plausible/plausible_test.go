package plausible_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/sample/language"
	"github.com/understudy-mock/understudy/mock/internal/sample/plausible"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"first_name": "first name", "firstName": "first name", "first-name": "first name", "FirstName": "first name", "FIRST_NAME": "first name",
		"IPAddress": "ip address", "userID": "user id", "HTTPServerURL": "http server url", "line2": "line 2", "x": "x", "": "", "--": "", "größe": "größe", "a.b/c d": "a b c d",
	} {
		if got := strings.Join(plausible.Words(name), " "); got != want {
			t.Errorf("%q: got %q", name, got)
		}
	}
}

// TestTexts holds what is made of names, in every way of writing them.
func TestTexts(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, name := range []string{"email", "customerEmail", "first-name", "last_name", "phone", "iban", "country", "country_code", "city", "zip", "currency", "created_at", "updatedAt", "published_on",
		"date", "url", "description", "title", "username", "token", "id", "orderId", "emails", "categories", "address_line_2", "street", "price", "nonsense"} {
		text, ok := plausible.Text(name, "", dice.New(1))
		if !ok {
			text = "(nothing)"
		}
		got[name] = text
	}
	want := map[string]string{
		"address_line_2": "944 Skywayhaven",
		"categories":     "similique",
		"city":           "Aurora",
		"country":        "Norway",
		"country_code":   "NO",
		"created_at":     "2024-09-28T10:26:45Z",
		"currency":       "CHF",
		"customerEmail":  "hunter.sanders@example.net",
		"date":           "2024-09-28",
		"description":    "Maxime ut dignissimos dignissimos omnis debitis cupiditate.",
		"email":          "hunter.sanders@example.net",
		"emails":         "hunter.sanders@example.net",
		"first-name":     "Hunter",
		"iban":           "DE63679447853846554268",
		"id":             "910a2dec-8902-4cc1-beeb-8da1658eec67",
		"last_name":      "Monahan",
		"nonsense":       "(nothing)",
		"orderId":        "910a2dec-8902-4cc1-beeb-8da1658eec67",
		"phone":          "+12025550156",
		"price":          "113.74",
		"published_on":   "2024-09-28T10:26:45Z",
		"street":         "944 Skywayhaven",
		"title":          "Similique maxime",
		"token":          "910a2dec89025cc1beeb8da1",
		"updatedAt":      "2024-09-28T10:26:45Z",
		"url":            "https://example.com/similique-maxime",
		"username":       "hunter74",
		"zip":            "67944",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNamesOf(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{{"name", "customer", "Arjun Rhodes"}, {"name", "companies", "Business and Legal Resources"}, {"company_name", "", "Business and Legal Resources"}, {"name", "country", "France"}, {"name", "", "Birch Wood Case"}, {"owner_name", "pet", "Arjun Rhodes"}, {"name", "pet", "Birch Wood Case"}} {
		got, _ := plausible.Text(c[0], c[1], dice.New(3))
		if got != c[2] {
			t.Errorf("%s of %s: got %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestIBAN(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		iban, _ := plausible.Text("iban", "", dice.New(seed))
		n, ok := new(big.Int).SetString(iban[4:]+"1314"+iban[2:4], 10)
		if !ok || len(iban) != 22 || new(big.Int).Mod(n, big.NewInt(97)).Int64() != 1 {
			t.Errorf("%s is none", iban)
		}
	}
}

// TestFormats asks the engine about all texts that are made for its formats.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, name := range format.Names() {
		f := format.Lookup(name)
		if f.FitsNumber(decimal.MustParse("0.5")) != f.FitsNumber(decimal.MustParse("1")) || name == "float" || name == "double" {
			continue // of numbers
		}
		if _, ok := plausible.Format(name, dice.New(1)); !ok {
			t.Errorf("nothing is made for %s", name)
		}
		for seed := range uint64(100) {
			if text, _ := plausible.Format(name, dice.New(seed)); !f.FitsText(text) {
				t.Errorf("%q is no %s", text, name)
			}
		}
	}
	if text, ok := plausible.Format("phone", dice.New(1)); !ok || text == "" {
		t.Error("a format that is a name says what the name says")
	}
	if _, ok := plausible.Format("nonsense", dice.New(1)); ok {
		t.Error("an unknown format says nothing")
	}
}

// TestPatterns makes texts of the expressions for formats, of all lengths.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, name := range format.Names() {
		expr, ok := plausible.Pattern(name)
		if !ok {
			continue
		}
		p, err := pattern.Compile(expr)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fits, total := 0, 0
		for seed := range uint64(200) {
			text, _, ok := language.Make(language.Wanted{All: []*pattern.Pattern{p}, Max: math.MaxInt, Likely: 5 + int(seed%20)}, dice.New(seed))
			if !ok {
				t.Fatalf("%s: nothing was found", name)
			}
			if total++; format.Lookup(name).FitsText(text) {
				fits++
			} else {
				t.Logf("%s: %q", name, text)
			}
		}
		if fits*10 < total*9 {
			t.Errorf("%s: only %d of %d fit", name, fits, total)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	got := map[string][2]string{}
	for _, name := range []string{"age", "unitPrice", "total_count", "lat", "created_at", "quantity", "rating", "page", "id", "nonsense"} {
		whole, _ := plausible.Number(name, true, dice.New(1))
		any, _ := plausible.Number(name, false, dice.New(1))
		got[name] = [2]string{whole, any}
	}
	want := map[string][2]string{
		"age":         {"53", "53"},
		"created_at":  {"1728328078", "1728328078"},
		"id":          {"5666", "5666"},
		"lat":         {"49", "49.7457"},
		"nonsense":    {"", ""},
		"page":        {"1", "1"},
		"quantity":    {"6", "6"},
		"rating":      {"3", "3.7"},
		"total_count": {"23", "23"},
		"unitPrice":   {"113", "113.74"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
