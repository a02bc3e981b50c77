package schema_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// FuzzValidate asserts that no schema and no value makes the engine panic, that the
// quick checker and jsonschema agree, and that a refused value has a violation
// that says everything.
func FuzzValidate(f *testing.F) {
	for _, seed := range [][2]string{
		{orderSchema(schema.OpenAPI30), orderValue},
		{`{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":1}},"additionalProperties":false}`, `{"a":0,"b":1}`},
		{`{"$ref":"#/$defs/n","$defs":{"n":{"oneOf":[{"type":"integer"},{"items":{"$ref":"#/$defs/n"},"type":"array"}]}}}`, `[1,[2,["x"]]]`},
		{`{"allOf":[{"properties":{"id":{"readOnly":true}}},{"required":["id"]}],"unevaluatedProperties":false}`, `{"id":1,"x":2}`},
		{`{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}],"discriminator":{"propertyName":"t"},"$defs":{"a":{"required":["x"]},"b":{"properties":{"t":{"const":"q"}}}}}`, `{"t":"a"}`},
		{`{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"string"}]}},"$ref":"#/$defs/a"}`, `1`},
		{`{"prefixItems":[{"const":1}],"contains":{"type":"string"},"minContains":2,"unevaluatedItems":false,"uniqueItems":true}`, `[1,"a","a",2]`},
		{`{"if":{"properties":{"a":{"enum":[1,null]}}},"then":{"dependentRequired":{"b":["c"]}},"else":{"propertyNames":{"pattern":"^a"}}}`, `{"a":2,"b":1}`},
		{`{"$dynamicAnchor":"x","items":{"$dynamicRef":"#x"},"type":"array"}`, `[[],[1]]`},
		{`{"not":{"multipleOf":0.01},"format":"int32","exclusiveMaximum":true,"maximum":5}`, `1e400`},
	} {
		f.Add(seed[0], seed[1], byte(0))
		f.Add(seed[0], seed[1], byte(3))
	}
	f.Fuzz(func(t *testing.T, schemaText, valueText string, how byte) {
		if len(schemaText) > 3000 || len(valueText) > 3000 {
			return
		}
		dec := json.NewDecoder(strings.NewReader(valueText))
		dec.UseNumber()
		var value any
		if dec.Decode(&value) != nil {
			return
		}
		const uri = "http://fuzz.example/schema.json"
		docs, _ := document.Load(context.Background(), uri, document.Options{Documents: map[string][]byte{uri: []byte(schemaText)}})
		if docs == nil {
			return
		}
		c := schema.NewCompiler(docs, schema.Dialect(how&1))
		for _, d := range c.Unenforced(docs.Main) {
			if d.Code == "" || d.Message == "" || d.At.File == nil {
				t.Errorf("incomplete finding %+v", d)
			}
		}
		s, err := c.Compile(docs.Main, schema.Direction(how>>1&1))
		if err != nil {
			if found, ok := err.(source.Diagnostics); !ok || found.Errors() == 0 {
				t.Errorf("the error is %T %v", err, err)
			}
			return
		}
		compareOpinions(t, s, value)
		compareText(t, s, []byte(valueText))
	})
}

func compareOpinions(t *testing.T, s *schema.Schema, value any) {
	fast, authority, err := s.Opinions(value)
	if err != nil {
		t.Errorf("jsonschema has no opinion: %v", err)
		return
	}
	if fast != authority {
		t.Errorf("the quick checker says %v, jsonschema %v", fast, authority)
	}
	violations := s.Validate(value)
	if (len(violations) == 0) != authority {
		t.Errorf("jsonschema says %v, the violations are %v", authority, violations)
	}
	seen := map[string]bool{}
	for _, v := range violations {
		if v.Rule == "" || v.Expected == "" || v.Got == "" || v.Fix == "" || v.Contract == nil {
			t.Errorf("incomplete violation %+v", v)
		}
		key := v.Pointer + v.Rule + v.Expected + v.Got
		if seen[key] {
			t.Errorf("told twice: %v", v)
		}
		seen[key] = true
	}
}
