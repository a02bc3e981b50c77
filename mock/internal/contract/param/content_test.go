package param_test

import "testing"

// TestContent: parameters described by a media type.
func TestContent(t *testing.T) {
	t.Parallel()
	const point = "content: {application/json: {schema: {type: object, required: [lat], properties: {lat: {type: number}}}}}}"
	runCases(t, map[string]decodeCase{
		"query":                    {"{name: p, in: query, " + point, "p=%7B%22lat%22%3A1.50%7D", `{"lat":1.50}`, ""},
		"not encoded":              {"{name: p, in: query, " + point, `p={"lat":1}`, `{"lat":1}`, ""},
		"plus is a space":          {"{name: p, in: query, content: {application/json: {schema: {type: string}}}}", "p=%22a+b%22", `"a b"`, ""},
		"path":                     {"{name: p, in: path, " + point, "%7B%22lat%22:1%7D", `{"lat":1}`, ""},
		"header":                   {"{name: p, in: header, " + point, `{"lat": 1}`, `{"lat":1}`, ""},
		"header array":             {"{name: p, in: header, content: {application/json: {schema: {type: array}}}}", `[1,"a",null,true]`, `[1,"a",null,true]`, ""},
		"cookie":                   {"{name: p, in: cookie, " + point, `p=%7B%22lat%22:1%7D`, `{"lat":1}`, ""},
		"cookie as it is":          {"{name: p, in: cookie, content: {application/json: {schema: {type: string}}}}", `p="100%"`, `"100%"`, ""},
		"JSON suffix":              {"{name: p, in: query, content: {application/problem+json: {schema: {type: integer}}}}", "p=1", `1`, ""},
		"with a parameter":         {"{name: p, in: query, content: {'application/json; charset=utf-8': {schema: {type: integer}}}}", "p=1", `1`, ""},
		"numbers keep their text":  {"{name: p, in: query, content: {application/json: {schema: {type: integer}}}}", "p=9007199254740993.0", `9007199254740993.0`, ""},
		"no schema":                {"{name: p, in: query, content: {application/json: {}}}", "p=null", `null`, ""},
		"breaks the schema":        {"{name: p, in: query, " + point, `p={"lat":"x"}`, `{"lat":"x"}`, "/lat type"},
		"required member":          {"{name: p, in: query, " + point, `p={}`, `{}`, "required"},
		"no JSON":                  {"{name: p, in: query, " + point, `p=lat`, `"lat"`, "decode"},
		"cut short":                {"{name: p, in: query, " + point, `p={"lat":1`, `"{\"lat\":1"`, "decode"},
		"empty":                    {"{name: p, in: query, " + point, `p=`, `""`, "decode"},
		"more behind":              {"{name: p, in: query, content: {application/json: {}}}", `p=1+2`, `"1 2"`, "decode"},
		"duplicate names":          {"{name: p, in: query, " + point, `p={"lat":1,"lat":2}`, `"{\"lat\":1,\"lat\":2}"`, "decode"},
		"single quotes":            {"{name: p, in: query, content: {application/json: {}}}", `p='a'`, `"'a'"`, "decode"},
		"lone surrogate":           {"{name: p, in: query, content: {application/json: {}}}", `p="\ud800"`, `"\"\\ud800\""`, "decode"},
		"bad encoding":             {"{name: p, in: query, " + point, `p=%7`, `"%7"`, "decode"},
		"plain text":               {"{name: p, in: query, content: {text/plain: {schema: {type: string, maxLength: 3}}}}", "p=a+b", `"a b"`, ""},
		"plain text is checked":    {"{name: p, in: query, content: {text/plain: {schema: {type: string, maxLength: 2}}}}", "p=a+b", `"a b"`, "maxLength"},
		"plain number":             {"{name: p, in: query, content: {text/plain: {schema: {type: integer}}}}", "p=12", `12`, ""},
		"plain text in a cookie":   {"{name: p, in: cookie, content: {text/plain: {schema: {type: string}}}}", "p=a%2Cb", `"a%2Cb"`, ""},
		"XML stays text":           {"{name: p, in: query, content: {application/xml: {schema: {type: object}}}}", "p=<a/>", `"<a/>"`, ""},
		"XML as a string":          {"{name: p, in: query, content: {application/xml: {schema: {type: string, maxLength: 2}}}}", "p=<a/>", `"<a/>"`, "maxLength"},
		"text without a schema":    {"{name: p, in: query, content: {text/plain: {}}}", "p=1", `"1"`, ""},
		"deep nesting is an error": {"{name: p, in: query, content: {application/json: {}}}", "p=" + nested(1001), `"` + nested(1001) + `"`, "decode"},
	})
}

func nested(depth int) string {
	text := make([]byte, 2*depth)
	for i := range depth {
		text[i], text[2*depth-1-i] = '[', ']'
	}
	return string(text)
}
