package schema_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// TestEffort judges small values by schemas that lead back to themselves in several
// branches: to look at all of them would take longer than anybody waits. It is not
// parallel: what others allocate must not count.
func TestEffort(t *testing.T) {
	nested := func(inner string, deep int) string {
		return strings.Repeat(`{"t":`, deep) + inner + strings.Repeat("}", deep)
	}
	listed := func(inner string, deep int) string {
		return strings.Repeat("[", deep) + inner + strings.Repeat("]", deep)
	}
	const meta = `{"$id": "https://example.com/meta", "$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/applicator": true, "https://json-schema.org/draft/2020-12/vocab/validation": true, "https://json-schema.org/draft/2020-12/vocab/unevaluated": true}}`
	forms := map[string]struct{ self, text string }{
		"$ref":          {`{"$ref": "#/$defs/T"}`, `{"$defs": {"T": {BRANCHES}}, "$ref": "#/$defs/T"}`},
		"$dynamicRef":   {`{"$dynamicRef": "#T"}`, `{"$id": "https://example.com/t", "$defs": {"T": {"$dynamicAnchor": "T", BRANCHES}}, "$dynamicRef": "#T"}`},
		"$recursiveRef": {`{"$recursiveRef": "#"}`, `{"$schema": "https://json-schema.org/draft/2019-09/schema", "$id": "https://example.com/t", "$recursiveAnchor": true, BRANCHES}`},
		"dialect":       {`{"$ref": "#/$defs/T"}`, `{"$schema": "https://example.com/meta", "$id": "https://example.com/t", "$defs": {"meta": ` + meta + `, "T": {BRANCHES}}, "$ref": "#/$defs/T"}`},
	}
	for name, test := range map[string]struct{ branches, deep, shallow, fits string }{
		"anyOf":       {`"anyOf": [{"properties": {"t": SELF}, "required": ["x"]}, {"properties": {"t": SELF}, "required": ["y"]}, {"type": "string"}]`, nested("1", 100), nested("1", 3), `"s"`},
		"oneOf":       {`"oneOf": [{"type": "object", "properties": {"t": SELF}, "maxProperties": 1}, {"type": "object", "properties": {"t": SELF}, "minProperties": 2}, {"type": "string"}]`, nested("1", 100), nested("1", 3), nested(`"s"`, 3)},
		"items":       {`"anyOf": [{"type": "array", "items": SELF, "minItems": 2}, {"type": "array", "items": SELF, "maxItems": 1}, {"type": "null"}]`, listed("1", 200), listed("1", 3), listed("null", 100)},
		"if":          {`"if": {"type": "object", "properties": {"t": SELF}, "required": ["x"]}, "else": {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"t": SELF}, "required": ["t"]}]}`, nested("1", 100), nested("1", 3), nested(`"s"`, 3)},
		"pattern":     {`"anyOf": [{"patternProperties": {"^t": SELF}, "required": ["x"]}, {"additionalProperties": SELF, "required": ["y"]}, {"type": "string"}]`, nested("1", 100), nested("1", 3), `"s"`},
		"unevaluated": {`"anyOf": [{"unevaluatedProperties": SELF, "required": ["x"]}, {"unevaluatedProperties": SELF, "required": ["y"]}, {"type": "string"}]`, nested("1", 100), nested("1", 3), `"s"`},
	} {
		for form, how := range forms {
			s := compileText(t, strings.ReplaceAll(strings.ReplaceAll(how.text, "BRANCHES", test.branches), "SELF", how.self), schema.Draft202012, schema.Request)
			if got := s.Validate(decode(t, test.fits)); got != nil {
				t.Errorf("%s, %s: %s does not fit: %v", name, form, test.fits, got)
			}
			if got := s.Validate(decode(t, test.shallow)); len(got) == 0 || got[0].Rule == schema.RuleEffort {
				t.Errorf("%s, %s: %s: %v", name, form, test.shallow, got)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := s.Validate(decode(t, test.deep))
			runtime.ReadMemStats(&after)
			if len(got) != 1 || got[0].Rule != schema.RuleEffort || s.Valid(decode(t, test.deep)) {
				t.Errorf("%s, %s: %.60s: %v", name, form, test.deep, got)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
				t.Errorf("%s, %s: %d bytes were allocated", name, form, taken)
			}
		}
	}
}

// combined is a schema that is combined of others twice, so many times. In combine, %[1]d
// is the number of a schema and %[2]d that of the one of which it is made.
func combined(times int, combine, rest string) string {
	defs := []string{`"0": {"maxLength": 3}`}
	for i := range times {
		defs = append(defs, fmt.Sprintf(`"%[1]d": `+combine, i+1, i))
	}
	return `{"$defs": {` + strings.Join(defs, ", ") + `}, ` + rest + `}`
}

const bothRefs = `{"allOf": [{"$ref": "#/$defs/%[2]d"}, {"$ref": "#/$defs/%[2]d"}]}`

// TestEffortOfCombined judges values by schemas that are combined of others twice, forty
// times: nothing of the value has to be nested for that.
func TestEffortOfCombined(t *testing.T) {
	t.Parallel()
	for name, combine := range map[string]string{
		"allOf": bothRefs,
		"anyOf": `{"anyOf": [{"allOf": [{"$ref": "#/$defs/%[2]d"}, false]}, {"$ref": "#/$defs/%[2]d"}]}`,
	} {
		for where, rest := range map[string]string{
			"the value":   `"$ref": "#/$defs/40"`,
			"members":     `"properties": {"x": {"$ref": "#/$defs/40"}}`,
			"names":       `"propertyNames": {"$ref": "#/$defs/40"}`,
			"unevaluated": `"$ref": "#/$defs/40", "unevaluatedProperties": false`,
		} {
			s := compileText(t, combined(40, combine, rest), schema.Draft202012, schema.Request)
			for _, value := range []string{`{"x": "short"}`, `{"longer": 1}`} {
				for _, v := range s.Validate(decode(t, value)) {
					if v.Rule != schema.RuleEffort {
						t.Errorf("%s for %s: %s: %v", name, where, value, v)
					}
				}
			}
		}
	}
}

// TestEffortOfUnevaluated has many members, about each of which many schemas are asked
// whether they speak about it.
func TestEffortOfUnevaluated(t *testing.T) {
	t.Parallel()
	s := compileText(t, combined(16, bothRefs, `"$ref": "#/$defs/16", "unevaluatedProperties": {"type": "integer"}`), schema.Draft202012, schema.Request)
	members := func(n int) any {
		value := map[string]any{}
		for i := range n {
			value[strconv.Itoa(i)] = json.Number("1")
		}
		return value
	}
	if got := s.Validate(members(3)); got != nil {
		t.Errorf("few members: %v", got)
	}
	if got := s.Validate(members(4000)); len(got) != 1 || got[0].Rule != schema.RuleEffort {
		t.Errorf("many members: %v", got)
	}
}

// TestCompilingParts compiles schemas whose parts lead back to themselves thirty times: what a
// member is for, and which tag a branch has, is looked for in a thousand of them.
func TestCompilingParts(t *testing.T) {
	t.Parallel()
	const text = `{"oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}], "discriminator": {"propertyName": "kind"},
		"$defs": {"a": {"allOf": [MANY {"properties": {"m": {"allOf": [A, {"type": "object"}]}}}]}, "b": {"properties": {"kind": {"const": "b"}}}}}`
	const part = `{"$ref": "#/$defs/a"},`
	s := compileText(t, strings.NewReplacer("MANY", strings.Repeat(part, 30), "A,", part).Replace(text), schema.Draft202012, schema.Request)
	if got := s.Validate(decode(t, `{"kind": "b"}`)); got != nil {
		t.Errorf("%v", got)
	}
}

// TestStepsOfLargeValues holds that a large value may take more steps than a small one.
func TestStepsOfLargeValues(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"items": {"allOf": [{"type": "integer"}, {"minimum": 0}, {"maximum": 9}, {"multipleOf": 1}]}}`, schema.Draft202012, schema.Request)
	large := strings.Repeat("7,", 400_000)
	if got := s.Validate(decode(t, "["+large+"7]")); got != nil {
		t.Errorf("%v", got)
	}
	if got := s.Validate(decode(t, "["+large+"-7]")); len(got) != 1 || got[0].Pointer != "/400000" || got[0].Rule != "minimum" {
		t.Errorf("%v", got)
	}
}
