package param_test

import (
	"testing"
)

// TestTypes reads text as each scalar type: accept and refuse.
func TestTypes(t *testing.T) {
	t.Parallel()
	for schema, texts := range map[string]map[string]string{
		// The value as JSON, or the violations behind a ! (* for any).
		"{type: integer}": {
			"0": `0`, "-0": `-0`, "10": `10`, "-7": `-7`, "1.0": `1.0`, "1e2": `1e2`, "1E+2": `1E+2`, "100e-2": `100e-2`, "1.50e1": `1.50e1`, "0e-9": `0e-9`,
			"9007199254740993": `9007199254740993`, "123456789012345678901234567890": `123456789012345678901234567890`,
			"": "!type", "abc": "!type", "1.5": "!type", "15e-1": "!type", "1.55e1": "!type", "+1": "!type", "01": "!type", "-01": "!type", "1_000": "!type", "0x1": "!type",
			" 1": "!type", "1 ": "!type", "1e": "!type", "1e+": "!type", "1.": "!type", ".5": "!type", "-": "!type", "--1": "!type", "1,000": "!type", "NaN": "!type", "Infinity": "!type", "null": "!type", "true": "!type", "1e2x": "!type", "１": "!type",
		},
		"{type: number}": {
			"0": `0`, "1.5": `1.5`, "-1.50": `-1.50`, "1e-7": `1e-7`, "0.1E+3": `0.1E+3`, "1.0": `1.0`,
			"": "!type", "1,5": "!type", "1.5.0": "!type", "+1.5": "!type", "00.5": "!type", "1_0": "!type", "1e1.5": "!type", "NaN": "!type", "inf": "!type",
		},
		"{type: boolean}": {
			"true": `true`, "false": `false`,
			"": "!type", "1": "!type", "0": "!type", "TRUE": "!type", "True": "!type", "t": "!type", "yes": "!type", "on": "!type",
		},
		"{type: string}": {
			"": `""`, "abc": `"abc"`, "10": `"10"`, "true": `"true"`, "null": `"null"`,
		},
		"{type: 'null'}": {
			"": `null`, "null": `null`, "nil": "!type", "0": "!type",
		},
		// Several types: null, boolean, number, string.
		"{type: [string, integer, boolean, 'null']}": {
			"": `null`, "null": `null`, "true": `true`, "10": `10`, "1.5": `"1.5"`, "x": `"x"`,
		},
		"{oneOf: [{type: integer}, {type: boolean}]}": {
			"1": `1`, "true": `true`, "x": "!type",
		},
		"{anyOf: [{type: string, pattern: '^x'}, {type: number}]}": {
			"1": `1`, "x1": `"x1"`,
		},
		"{oneOf: [{type: integer, maximum: 10}, {type: string, minLength: 2}]}": {
			"3": `3`, "12": `"12"`, "x": "!*",
		},
		"{type: [integer, string], minimum: 10, minLength: 3}": {
			"12": `12`, "007": `"007"`, "5": "!minimum",
		},
		"{allOf: [{type: [integer, string]}, {type: [integer, boolean]}]}": {
			"1": `1`, "x": "!type",
		},
		"{enum: [1, '1', true, two]}": {
			"1": `1`, "true": `true`, "two": `"two"`, "x": "!enum",
		},
		"{enum: ['1', '2']}":           {"1": `"1"`},
		"{const: 5}":                   {"5": `5`, "x": "!type"},
		"{const: null}":                {"": `null`, "x": "!type"},
		"{type: integer, enum: [1.0]}": {"1": `1`},
		// Nothing is said of the type: a string, unless that is refused.
		"{}":                         {"": `""`, "1": `"1"`, "true": `"true"`, "null": `"null"`, "a,b": `"a,b"`},
		"true":                       {"1": `"1"`},
		"{minLength: 2}":             {"12": `"12"`, "1": `1`},
		"{not: {type: string}}":      {"1": `1`, "true": `true`, "": `null`},
		"{not: {}}":                  {"1": "!*"},
		"false":                      {"1": "!*", "": "!*"},
		"{description: no type}":     {"1": `"1"`},
		"{type: array, items: true}": {"1": `["1"]`, "1,true": `["1","true"]`},
		// Members have candidates of their own.
		"{type: array, items: {type: [integer, string]}}":                                                                                                      {"1,x,2": `[1,"x",2]`},
		"{type: array, items: {type: [integer, string], minLength: 3, minimum: 5}}":                                                                            {"7,123,abc": `[7,123,"abc"]`, "001": `["001"]`},
		"{type: array, items: {oneOf: [{type: integer, maximum: 9}, {type: string}]}}":                                                                         {"7,12,x": `[7,"12","x"]`},
		"{type: array, items: {type: ['null', integer]}}":                                                                                                      {"1,,3": `[1,null,3]`, "null": `[null]`},
		"{type: array, prefixItems: [{type: 'null'}, {type: boolean}, {type: integer}], items: {type: string}}":                                                {",true,42,100": `[null,true,42,"100"]`},
		"{type: array, contains: {type: string}, items: {type: [integer, string]}}":                                                                            {"1,2": "!contains", "1,x": `[1,"x"]`},
		"{type: array, uniqueItems: true, items: {type: [integer, string]}}":                                                                                   {"1,1": "!uniqueItems", "1,x": `[1,"x"]`},
		"{oneOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}, minItems: 3}]}":                                                  {"1,2": `[1,2]`, "a,b,3": `["a","b","3"]`},
		"{type: object, properties: {a: {type: [integer, string]}}, required: [a]}":                                                                            {"a,1": `{"a":1}`, "a,x": `{"a":"x"}`},
		"{type: object, properties: {k: {enum: [x, y]}, v: {}}, if: {properties: {k: {const: x}}}, then: {properties: {v: {type: integer}}}}":                  {"k,x,v,1": `{"k":"x","v":1}`, "k,y,v,1": `{"k":"y","v":1}`, "k,y,v,z": `{"k":"y","v":"z"}`, "k,x,v,z": "!*"},
		"{oneOf: [{type: object, properties: {k: {const: x}, v: {type: integer}}}, {type: object, properties: {k: {const: y}, v: {type: string}}}]}":           {"k,x,v,1": `{"k":"x","v":1}`, "k,y,v,1": `{"k":"y","v":"1"}`, "k,y,v,z": `{"k":"y","v":"z"}`, "k,x,v,z": "!*", "k,z,v,1": "!*"},
		"{type: object, properties: {a: {type: [integer, string]}, b: {type: [integer, string]}}, not: {properties: {a: {type: integer}, b: {type: string}}}}": {"a,1,b,2": `{"a":1,"b":2}`, "a,1,b,x": "!not"},
		// Arrays and objects beside scalars.
		"{type: [string, array], items: {type: string}}":                    {"a": `"a"`, "a,b": `["a","b"]`, "": `""`},
		"{type: [integer, array], items: {type: integer}}":                  {"1": `1`, "1,2": `[1,2]`, "x": "!type"},
		"{type: [array, object], items: {type: string}}":                    {"R,100": `["R","100"]`, "R,100,G": `["R","100","G"]`},
		"{type: [array, object], properties: {R: {type: integer}}}":         {"R,100": `{"R":100}`, "R,100,G": `["R","100","G"]`},
		"{type: [string, object], properties: {R: {type: integer}}}":        {"R,100": `{"R":100}`, "R,100,G": `"R,100,G"`, "G,1": `"G,1"`},
		"{items: {type: integer}}":                                          {"1,2": `[1,2]`},
		"{properties: {R: {type: integer}}}":                                {"R,1": `{"R":1}`},
		"{type: object, additionalProperties: {type: integer}}":             {"a,1,b,x": "!/b type"},
		"{type: object, patternProperties: {'^n': {type: integer}}}":        {"n1,1,s,1": `{"n1":1,"s":"1"}`},
		"{type: array, items: {type: array, items: {type: integer}}}":       {"1,2": `[[1],[2]]`},
		"{type: object, properties: {a: {type: object}}, maxProperties: 1}": {`a,x`: "!/a type"},
	} {
		for text, want := range texts {
			t.Run(schema+" "+text, func(t *testing.T) {
				t.Parallel()
				object := "{name: p, in: path, schema: " + schema + "}"
				if want[0] == '!' {
					checkBroken(t, object, text, want[1:])
				} else {
					checkStyle(t, object, styleCase{text: text, want: want})
				}
			})
		}
	}
}
