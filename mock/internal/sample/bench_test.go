package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// order is a schema of an everyday body.
const order = `{
  "type": "object",
  "required": ["id", "status", "customer", "items", "total", "currency", "createdAt"],
  "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "number": {"type": "integer", "format": "int64", "minimum": 1},
    "status": {"type": "string", "enum": ["new", "paid", "packed", "sent", "returned"]},
    "customer": {"type": "string", "minLength": 1, "maxLength": 100},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": ["string", "null"], "maxLength": 30},
    "street": {"type": "string", "maxLength": 200},
    "city": {"type": "string", "maxLength": 100},
    "postcode": {"type": "string", "pattern": "^[0-9A-Z -]{3,10}$"},
    "country": {"type": "string", "minLength": 2, "maxLength": 2},
    "items": {"type": "array", "minItems": 1, "maxItems": 50, "items": {
      "type": "object", "required": ["sku", "quantity", "price"], "properties": {
        "sku": {"type": "string", "minLength": 1}, "quantity": {"type": "integer", "minimum": 1, "maximum": 999},
        "price": {"type": "number", "minimum": 0}, "note": {"type": "string", "maxLength": 200}}}},
    "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
    "currency": {"type": "string", "enum": ["EUR", "USD", "GBP", "CHF"]},
    "gift": {"type": "boolean"},
    "createdAt": {"type": "string", "format": "date-time"}
  }
}`

// hard are schemas that take much work for their size, most of them without a value.
var hard = map[string]string{
	"branches that all fail at the end": `{"allOf":[` + repeat(`{"anyOf":[{"required":["a%d"]},{"required":["b%d"]},{"required":["c%d"]}]}`, 12) + `],"maxProperties":11,"properties":{` + repeat(`"a%d":{"type":"integer"},"b%d":{"type":"integer"},"c%d":{"type":"integer"}`, 12) + `}}`,
	"oneOf of oneOf":                    nest(`{"oneOf":[X,X]}`, `{"type":"integer"}`, 10),
	"not of not":                        nest(`{"not":{"anyOf":[X,{"type":"string"}]}}`, `{"type":"integer"}`, 20),
	"many ifs":                          `{"type":"object","allOf":[` + repeat(`{"if":{"required":["p%d"]},"then":{"not":{"required":["q%d"]}},"else":{"required":["q%d"]}}`, 12) + `],"properties":{` + repeat(`"p%d":{"type":"integer"},"q%d":{"type":"integer"},"r%d":{}`, 12) + `}}`,
	"too many unique items":             `{"type":"array","uniqueItems":true,"minItems":10000,"items":{"type":"integer","minimum":1,"maximum":9999}}`,
	"unique items of a pattern":         `{"type":"array","uniqueItems":true,"minItems":700,"items":{"type":"string","pattern":"^[a-z]{2}$"}}`,
	"unique objects of one member":      `{"type":"array","uniqueItems":true,"minItems":10,"items":{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"enum":[1,2,3]}}}}`,
	"patterns that do not meet":         `{"type":"string","pattern":"^(a|b)*a(a|b){18}$","allOf":[{"pattern":"^(a|b)*b(a|b){17}$"},{"pattern":"c"}]}`,
	"a long pattern":                    `{"type":"string","pattern":"^([a-z]{3} ){9000}$"}`,
	"wide recursion":                    `{"$defs":{"n":{"type":"object","required":["a","b","c"],"properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n"},"c":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}`,
	"recursion that ends late":          `{"$defs":{"n":{"type":"object","required":["a","b"],"properties":{"a":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"integer","minimum":1,"maximum":0}]},"b":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"integer"}]}}}},"$ref":"#/$defs/n"}`,
	"deep required members":             nest(`{"type":"object","required":["a","b"],"properties":{"a":X,"b":X}}`, `{"type":"integer"}`, 14),
	"many contains":                     `{"type":"array","maxItems":9,"allOf":[` + repeat(`{"contains":{"multipleOf":1%d}},{"contains":{"minimum":%d}},{"contains":{"maximum":%d}}`, 10) + `],"items":{"type":"integer"}}`,
	"names that are hard to find":       `{"type":"object","minProperties":500,"propertyNames":{"pattern":"^[ab]{8}$"},"additionalProperties":{"type":"string","pattern":"^[a-f0-9]{64}$"}}`,
	"all items of a pattern":            `{"type":"array","uniqueItems":true,"minItems":600,"items":{"type":"string","pattern":"^[a-z]{2}$"}}`,
	"as many items as are allowed":      `{"type":"array","uniqueItems":true,"minItems":10000,"items":{"type":"integer"}}`,
	"a large enum":                      `{"type":"array","uniqueItems":true,"minItems":900,"items":{"enum":[` + repeat(`"a%d","b%d","c%d"`, 300) + `]}}`,
}

// repeat writes a text n times with the number in it, three times each, between commas.
func repeat(text string, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(text, i, i, i)
	}
	return strings.Join(list, ",")
}

// nest puts a text into itself in place of X, which stands there once or twice.
func nest(text, inner string, n int) string {
	for range n {
		inner = strings.ReplaceAll(text, "X", inner)
	}
	return inner
}

// TestWorkIsBounded tries what takes much work. How long the steps take is for
// BenchmarkValue to show.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range hard {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustCompile(t, text)
			v, steps, err := sample.ValueAndCost(s)
			if steps > sample.MaxSteps*11/10 {
				t.Errorf("it took %d steps", steps)
			}
			if err == nil && !s.Valid(v.Value()) {
				t.Error("the value is not valid")
			}
		})
	}
}

func BenchmarkValue(b *testing.B) {
	run := func(name, text string) {
		s, err := compile(b, text, schema.Draft202012, schema.Response)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = sample.Value(s, sample.Options{})
			}
		})
	}
	run("order", order)
	for name, text := range hard {
		run(name, text)
	}
}
