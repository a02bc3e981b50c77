package param_test

import (
	"testing"
)

// decodeCase is a parameter, what was sent, the value as JSON and the violations.
type decodeCase struct{ object, text, want, breaks string }

func runCases(t *testing.T, cases map[string]decodeCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkStyle(t, c.object, styleCase{text: c.text, want: c.want, breaks: c.breaks})
		})
	}
}

const (
	queryText     = "{name: q, in: query, schema: {type: string}}"
	queryList     = "{name: q, in: query, explode: false, schema: {type: array, items: {type: string}}}"
	queryExploded = "{name: q, in: query, schema: {type: array, items: {type: string}}}"
	pathText      = "{name: q, in: path, schema: {type: string}}"
	pathList      = "{name: q, in: path, schema: {type: array, items: {type: string}}}"
	cookieText    = "{name: q, in: cookie, schema: {type: string}}"
)

// TestPercentEncoding: text is split as sent and decoded afterwards.
func TestPercentEncoding(t *testing.T) {
	t.Parallel()
	runCases(t, map[string]decodeCase{
		"encoded in query":              {queryText, "q=a%20b%2Bc%26", `"a b+c&"`, ""},
		"small hex digits":              {queryText, "q=%c3%a9", `"é"`, ""},
		"plus is a space in query":      {queryText, "q=a+b", `"a b"`, ""},
		"plus is a plus in path":        {pathText, "a+b%2Bc", `"a+b+c"`, ""},
		"plus is a plus in cookie":      {cookieText, "q=a+b", `"a+b"`, ""},
		"encoded in cookie":             {cookieText, "q=a%20b", `"a b"`, ""},
		"encoded slash in path":         {pathText, "a%2Fb", `"a/b"`, ""},
		"reserved as sent":              {queryText, "q=/?:@!$'()*;,[]", `"/?:@!$'()*;,[]"`, ""},
		"allowReserved accepts encoded": {"{name: q, in: query, allowReserved: true, schema: {type: string}}", "q=%2Fa/b", `"/a/b"`, ""},
		"equals sign in value":          {queryText, "q=a=b", `"a=b"`, ""},
		"encoded comma is data":         {queryList, "q=a%2Cb,c", `["a,b","c"]`, ""},
		"encoded comma in path":         {pathList, "a%2Cb,c", `["a,b","c"]`, ""},
		"encoded dot in label":          {"{name: q, in: path, style: label, explode: true, schema: {type: array, items: {type: string}}}", ".a%2Eb.c", `["a.b","c"]`, ""},
		"encoded semicolon in matrix":   {"{name: q, in: path, style: matrix, explode: true, schema: {type: array, items: {type: string}}}", ";q=a%3Bb;q=c", `["a;b","c"]`, ""},
		"encoded name in matrix":        {"{name: cølör, in: path, style: matrix, schema: {type: string}}", ";c%C3%B8l%C3%B6r=x", `"x"`, ""},
		"encoded equals in member":      {"{name: q, in: path, explode: true, schema: {type: object}}", "a%3Db=c%2Cd", `{"a=b":"c,d"}`, ""},
		"headers are not decoded":       {"{name: q, in: header, schema: {type: string}}", "a%20b+c", `"a%20b+c"`, ""},
		"number behind encoding":        {"{name: q, in: query, schema: {type: integer}}", "q=%31%30", `10`, ""},
		"NUL":                           {queryText, "q=%00", "\"\\u0000\"", ""},
		"bad digit":                     {queryText, "q=%zz", `"%zz"`, "decode"},
		"bad digit in cookie":           {cookieText, "q=100%", `"100%"`, "decode"},
		"cut short":                     {queryText, "q=a%2", `"a%2"`, "decode"},
		"lone percent":                  {"{name: q, in: query, schema: {type: integer}}", "q=%", `"%"`, "decode"},
		"no UTF-8":                      {queryText, "q=%ff", `"%ff"`, "decode"},
		"bad item":                      {queryList, "q=a,%zz,c", `["a","%zz","c"]`, "/1 decode"},
		"bad repeated item":             {queryExploded, "q=a&q=%zz", `["a","%zz"]`, "/1 decode"},
		"bad member":                    {"{name: q, in: query, schema: {type: object, properties: {a: {type: integer}}}}", "a=%zz", `{"a":"%zz"}`, "/a decode"},
		"bad item among several types":  {"{name: q, in: query, explode: false, schema: {type: [array, 'null'], items: {type: string}}}", "q=a,%zz", `"a,%zz"`, "decode"},
		"several types":                 {"{name: q, in: query, schema: {type: [integer, boolean]}}", "q=%zz", `"%zz"`, "decode"},
		"bad name in turn":              {"{name: q, in: query, explode: false, schema: {type: object}}", "q=%zz,1", `"%zz,1"`, "decode"},
	})
}

// TestRepeated: a name that was sent several times.
func TestRepeated(t *testing.T) {
	t.Parallel()
	runCases(t, map[string]decodeCase{
		"the first counts":               {queryText, "q=a&q=b&q=c", `"a"`, "repeated"},
		"first and its own breach":       {"{name: q, in: query, schema: {type: integer, minimum: 5}}", "q=1&q=9", `1`, "repeated, minimum"},
		"first not readable":             {"{name: q, in: query, schema: {type: integer}}", "q=x&q=9", `"x"`, "type, repeated"},
		"the same value":                 {queryText, "q=a&q=a", `"a"`, "repeated"},
		"cookie":                         {cookieText, "q=a; q=b", `"a"`, "repeated"},
		"items are joined":               {queryList, "q=a,b&q=c", `["a","b","c"]`, ""},
		"array or string":                {"{name: q, in: query, schema: {type: [string, array], items: {type: string}}}", "q=a&q=b", `["a","b"]`, ""},
		"anything":                       {"{name: q, in: query, schema: {}}", "q=1&q=2", `["1","2"]`, ""},
		"anything once":                  {"{name: q, in: query, schema: {}}", "q=1", `"1"`, ""},
		"string or number":               {"{name: q, in: query, schema: {type: [string, number]}}", "q=1&q=2", `1`, "repeated"},
		"member":                         {"{name: q, in: query, schema: {type: object, properties: {a: {type: string}}}}", "a=1&a=2", `{"a":"1"}`, "/a repeated"},
		"member that is an array":        {"{name: q, in: query, schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}}", "a=1&a=2", `{"a":[1,2]}`, ""},
		"member of delimited":            {"{name: q, in: query, explode: false, schema: {type: object, properties: {a: {type: string}, b: {type: integer}}}}", "q=a,1,a,2,b,x", `{"a":"1","b":"x"}`, "/b type, /a repeated"},
		"member and a fault before it":   {"{name: q, in: query, schema: {type: object, properties: {a: {type: string}, b: {type: integer}}}}", "b=x&a=1&a=2", `{"a":"1","b":"x"}`, "/b type, /a repeated"},
		"deepObject member":              {"{name: q, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}}}}", "q[a]=1&q[a]=2", `{"a":"1"}`, "/a repeated"},
		"content":                        {"{name: q, in: query, content: {application/json: {schema: {type: integer}}}}", "q=1&q=2", `1`, "repeated"},
		"text content":                   {"{name: q, in: query, content: {text/plain: {schema: {type: string}}}}", "q=1&q=2", `"1"`, "repeated"},
		"query names are case sensitive": {queryText, "q=a&Q=b", `"a"`, ""},
	})
}

// TestEmpty: values without text, with and without allowEmptyValue.
func TestEmpty(t *testing.T) {
	t.Parallel()
	const allow = "{name: q, in: query, allowEmptyValue: true, required: true, schema: "
	runCases(t, map[string]decodeCase{
		"string":              {"{name: q, in: query, schema: {type: string, minLength: 1}}", "q=", `""`, "minLength"},
		"without equals sign": {"{name: q, in: query, schema: {type: string, minLength: 1}}", "q", `""`, "minLength"},
		"integer":             {"{name: q, in: query, schema: {type: integer}}", "q", `""`, "type"},
		"boolean":             {"{name: q, in: query, schema: {type: boolean}}", "q", `""`, "type"},
		"header":              {"{name: q, in: header, schema: {type: string, minLength: 1}}", "", `""`, "minLength"},
		"cookie":              {"{name: q, in: cookie, schema: {type: integer}}", "q=", `""`, "type"},
		"minItems":            {"{name: q, in: query, schema: {type: array, minItems: 1, items: {type: integer}}}", "q=", `[]`, "minItems"},

		"allowed for a string":      {allow + "{type: string, minLength: 1}}", "q=", `""`, ""},
		"allowed for an integer":    {allow + "{type: integer}}", "q", `""`, ""},
		"allowed for an array":      {allow + "{type: array, minItems: 1, items: {type: integer}}}", "q=", `[]`, ""},
		"allowed for several types": {allow + "{type: [integer, boolean]}}", "q=", `""`, ""},
		"allowed for content":       {"{name: q, in: query, allowEmptyValue: true, content: {application/json: {schema: {type: integer}}}}", "q=", `""`, ""},
		"a value is still checked":  {allow + "{type: integer}}", "q=x", `"x"`, "type"},
		"not in headers":            {"{name: q, in: header, allowEmptyValue: true, schema: {type: string, minLength: 1}}", "", `""`, "minLength"},
		"not for delimited styles":  {"{name: q, in: query, style: pipeDelimited, explode: false, allowEmptyValue: true, schema: {type: array, minItems: 1, items: {type: integer}}}", "q=", `[]`, "minItems"},
		"repeated is not empty":     {allow + "{type: integer}}", "q=&q=", `""`, "type, repeated"},
	})
}
