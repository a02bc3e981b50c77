package param_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// kinCase is one case of kin-openapi's own tests of its parameter decoder.
type kinCase struct {
	Group, Name                 string
	Param                       json.RawMessage
	Path, Query, Header, Cookie string
	Want                        any
	Found, Error                bool
}

// kinDiffers names the cases whose expectation is wrong by the specification, or
// is kin's own choice where the specification says nothing, with the reason.
var kinDiffers = map[string]string{
	"query primitive/integer empty":                           "no text is no integer; allowEmptyValue, which would admit it, is not set",
	"query primitive/number empty":                            "no text is no number; allowEmptyValue, which would admit it, is not set",
	"query primitive/boolean empty":                           "no text is no boolean; allowEmptyValue, which would admit it, is not set",
	"query Oneof/oneofSchema string":                          "abcd is neither a boolean nor an integer; kin tells it later, when it validates",
	"query object/deepObject explode array - missing indexes": "arrays are not defined in deepObject; a repeated name is read as one, and kin refuses it",
	"query object/deepObject explode additionalProperties with object properties - missing index on nested array":                       "arrays are not defined in deepObject; the value is read as an array of one, and kin drops it",
	"query object/deepObject explode array of arrays":                                                                                   "indices that were left out are no items; kin puts null there, which the items do not admit",
	"query object/deepObject explode nested array of objects - missing intermediate array index":                                        "indices that were left out are no items; kin puts null there, which the items do not admit",
	"TestValidateQueryParams/deepObject explode nested object - extraneous param ignored":                                               "the parameter was not sent; kin says that it was found without a value",
	"TestValidateQueryParams/deepObject explode additionalProperties with object properties - extraneous nested param property ignored": "an object without additionalProperties: false admits other members; kin drops what was sent",
}

// TestKin runs the cases of kin-openapi (openapi3filter) as data. Set
// KIN_PARAMS_SUITE to the file.
func TestKin(t *testing.T) {
	t.Parallel()
	file := os.Getenv("KIN_PARAMS_SUITE")
	if file == "" {
		file = "../../../../../shared/suites/kin-openapi-params.json"
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skip("the suite is not there; name the file in KIN_PARAMS_SUITE")
	}
	var suite struct{ Cases []kinCase }
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Cases) < 147 {
		t.Fatalf("only %d cases", len(suite.Cases))
	}
	for _, c := range suite.Cases {
		name := c.Group + "/" + c.Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			difference := kinDifference(t, c)
			reason, differs := kinDiffers[name]
			switch {
			case differs && difference == "":
				t.Errorf("agrees with kin although it should not: %s", reason)
			case !differs && difference != "":
				t.Error(difference)
			}
		})
	}
}

// kinDifference decodes a case and says where the outcome is not kin's.
func kinDifference(t *testing.T, c kinCase) string {
	d := decoder(t, string(c.Param))
	in := param.Input{Path: param.PathText(c.Path), Query: queryOf(c.Query), Cookies: cookiesOf(strings.Replace(c.Cookie, ":", "=", 1))}
	if name, value, ok := strings.Cut(c.Header, ":"); ok {
		in.Header = map[string][]string{name: {value}}
	}
	var out exchange.Parameter
	violations := d.Decode(&in, &out)
	if (len(violations) > 0) != c.Error {
		return "violations: " + brief(violations) + "; value " + jsonOf(t, out.Value)
	}
	if c.Error {
		return ""
	}
	if out.Present != c.Found {
		return "found: " + jsonOf(t, out.Present) + "; value " + jsonOf(t, out.Value)
	}
	return cmp.Diff(c.Want, out.Value)
}
