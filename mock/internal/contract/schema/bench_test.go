package schema_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// order is a schema of 15 members, with what the two dialects write differently
// in place of NAME.
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
    "phone": NULLABLE,
    "street": {"type": "string", "maxLength": 200},
    "city": {"type": "string", "maxLength": 100},
    "postcode": {"type": "string", "pattern": "^[0-9A-Z -]{3,10}$"},
    "country": {"type": "string", "minLength": 2, "maxLength": 2},
    "items": {"type": "array", "minItems": 1, "maxItems": 50, "items": {
      "type": "object", "required": ["sku", "quantity", "price"], "properties": {
        "sku": {"type": "string", "minLength": 1}, "quantity": {"type": "integer", "minimum": 1, "maximum": 999},
        "price": {"type": "number", "minimum": 0, EXCLUSIVE}, "note": {"type": "string", "maxLength": 200}}}},
    "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
    "currency": {"type": "string", "enum": ["EUR", "USD", "GBP", "CHF"]},
    "gift": {"type": "boolean"},
    "createdAt": {"type": "string", "format": "date-time"}
  }
}`

// orderValue has all members and about a kilobyte.
const orderValue = `{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad2","number":9007199254740993,"status":"packed","customer":"Jane Q. Example, Purchasing Department",
"email":"jane.example@purchasing.example.com","phone":"+49 30 1234567","street":"Unter den Linden 77, Aufgang C, drittes Obergeschoss","city":"Berlin",
"postcode":"10117","country":"DE","items":[
{"sku":"BOOK-1984-EN","quantity":2,"price":12.50,"note":"hard cover, if there is one, otherwise paperback"},
{"sku":"PEN-BLUE-0.7","quantity":10,"price":1.99,"note":"refillable; the blue that you sent the last time was fine"},
{"sku":"DESK-OAK-160","quantity":1,"price":489.00,"note":"deliver between 8 and 12, ring twice, leave nothing with the neighbours"},
{"sku":"LAMP-LED-04","quantity":3,"price":39.95,"note":"warm white, not neutral white"}],
"total":653.75,"currency":"EUR","gift":false,"createdAt":"2024-05-17T10:30:00.123Z"}`

func orderSchema(dialect schema.Dialect) string {
	if dialect == schema.OpenAPI30 {
		return strings.NewReplacer("NULLABLE", `{"type": "string", "nullable": true, "maxLength": 30}`, "EXCLUSIVE", `"exclusiveMinimum": true`).Replace(order)
	}
	return strings.NewReplacer("NULLABLE", `{"type": ["string", "null"], "maxLength": 30}`, "EXCLUSIVE", `"exclusiveMinimum": 0`).Replace(order)
}

// BenchmarkValidate is the quick checker on a decoded object of 15 members.
func BenchmarkValidate(b *testing.B) {
	for name, dialect := range map[string]schema.Dialect{"OpenAPI 3.0": schema.OpenAPI30, "JSON Schema 2020-12": schema.Draft202012} {
		b.Run(name, func(b *testing.B) {
			s := compileText(b, orderSchema(dialect), dialect, schema.Request)
			value := decode(b, orderValue)
			if v := s.Validate(value); v != nil {
				b.Fatal(v)
			}
			b.ReportAllocs()
			for b.Loop() {
				s.Validate(value)
			}
		})
	}
}

// BenchmarkRejected is what a value with one fault costs, its explanation included.
func BenchmarkRejected(b *testing.B) {
	s := compileText(b, orderSchema(schema.Draft202012), schema.Draft202012, schema.Request)
	value := decode(b, strings.Replace(orderValue, `"gift":false`, `"gift":"no"`, 1))
	b.ReportAllocs()
	for b.Loop() {
		if len(s.Validate(value)) != 1 {
			b.Fatal("not one violation")
		}
	}
}

// BenchmarkJSONSchema is santhosh-tekuri/jsonschema alone on the same value.
func BenchmarkJSONSchema(b *testing.B) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:///order", decode(b, orderSchema(schema.Draft202012))); err != nil {
		b.Fatal(err)
	}
	s, err := c.Compile("mem:///order")
	if err != nil {
		b.Fatal(err)
	}
	value := decode(b, orderValue)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Validate(value); err != nil {
			b.Fatal(err)
		}
	}
}

// compileText compiles the root schema of a text.
func compileText(t testing.TB, text string, dialect schema.Dialect, dir schema.Direction, options ...schema.Option) *schema.Schema {
	t.Helper()
	docs := loadText(t, text)
	s, err := schema.NewCompiler(docs, dialect, options...).Compile(docs.Main, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func loadText(t testing.TB, text string) *document.Set {
	t.Helper()
	file := filepath.Join(t.TempDir(), "schema.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	docs, found := document.Load(context.Background(), file, document.Options{})
	if docs == nil {
		t.Fatal(found)
	}
	return docs
}

func decode(t testing.TB, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
