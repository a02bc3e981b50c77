package schema_test

import (
	"runtime"
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
	const self = `{"$ref": "#/$defs/T"}`
	for name, test := range map[string]struct{ branches, deep, shallow, fits string }{
		"anyOf":   {`"anyOf": [{"properties": {"t": SELF}, "required": ["x"]}, {"properties": {"t": SELF}, "required": ["y"]}, {"type": "string"}]`, nested("1", 100), nested("1", 3), `"s"`},
		"oneOf":   {`"oneOf": [{"type": "object", "properties": {"t": SELF}, "maxProperties": 1}, {"type": "object", "properties": {"t": SELF}, "minProperties": 2}, {"type": "string"}]`, nested("1", 100), nested("1", 3), nested(`"s"`, 3)},
		"items":   {`"anyOf": [{"type": "array", "items": SELF, "minItems": 2}, {"type": "array", "items": SELF, "maxItems": 1}, {"type": "null"}]`, listed("1", 200), listed("1", 3), listed("null", 100)},
		"if":      {`"if": {"type": "object", "properties": {"t": SELF}, "required": ["x"]}, "else": {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"t": SELF}, "required": ["t"]}]}`, nested("1", 100), nested("1", 3), nested(`"s"`, 3)},
		"pattern": {`"anyOf": [{"patternProperties": {"^t": SELF}, "required": ["x"]}, {"additionalProperties": SELF, "required": ["y"]}, {"type": "string"}]`, nested("1", 100), nested("1", 3), `"s"`},
	} {
		s := compileText(t, `{"$defs": {"T": {`+strings.ReplaceAll(test.branches, "SELF", self)+`}}, "$ref": "#/$defs/T"}`, schema.Draft202012, schema.Request)
		if got := s.Validate(decode(t, test.fits)); got != nil {
			t.Errorf("%s: %s does not fit: %v", name, test.fits, got)
		}
		if got := s.Validate(decode(t, test.shallow)); len(got) == 0 || got[0].Rule == schema.RuleEffort {
			t.Errorf("%s: %s: %v", name, test.shallow, got)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := s.Validate(decode(t, test.deep))
		runtime.ReadMemStats(&after)
		if len(got) != 1 || got[0].Rule != schema.RuleEffort || s.Valid(decode(t, test.deep)) {
			t.Errorf("%s: %.60s: %v", name, test.deep, got)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
			t.Errorf("%s: %d bytes were allocated", name, taken)
		}
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
