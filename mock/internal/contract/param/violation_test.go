package param_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// spoken writes a violation as people see it: the sentence, the fix and
// the place in the contract.
func spoken(v exchange.Violation) string {
	_, at, _ := strings.Cut(v.ContractLine(), ".yaml:")
	return fmt.Sprintf("%s\n  %s [%s]", v, v.Fix, at)
}

// TestWords holds the text of every violation that this package makes.
func TestWords(t *testing.T) {
	t.Parallel()
	const list = "{name: ids, in: query, schema: {type: array, items: {type: integer}}}"
	for name, c := range map[string]struct{ object, text, want string }{
		"required in query":   {"{name: limit, in: query, required: true, schema: {type: integer}}", "", "query \"limit\" is required\n  send the query parameter limit [3:4]"},
		"required in header":  {"{name: x-fingerprint, in: header, required: true, schema: {type: string}}", "-", "header \"x-fingerprint\" is required\n  send the header x-fingerprint [3:4]"},
		"required underscore": {"{name: x_key, in: header, required: true, schema: {type: string}}", "-", "header \"x_key\" is required\n  send the header x_key; if nginx stands in between: it drops headers with an underscore in their name unless underscores_in_headers is on [3:4]"},
		"required in cookie":  {"{name: session, in: cookie, required: true, schema: {type: string}}", "", "cookie \"session\" is required\n  send the cookie session [3:4]"},
		"required members":    {"{name: page, in: query, required: true, schema: {type: object, properties: {size: {type: integer}}}}", "", "query \"page\" is required\n  send the members of the object page as parameters of their own, such as size=VALUE [3:4]"},
		"members sent whole":  {"{name: page, in: query, required: true, schema: {type: object, properties: {size: {type: integer}}}}", "page=size,3", "query \"page\" must be sent as one parameter for each member, got \"page=size,3\"\n  send the members of the object page as parameters of their own, such as size=VALUE [3:4]"},

		"integer":            {"{name: limit, in: query, schema: {type: integer}}", "limit=abc", "query \"limit\" must be an integer, got \"abc\"\n  send the query parameter limit as an integer [3:44]"},
		"integer, formatted": {"{name: limit, in: query, schema: {type: integer}}", "limit=1_000", "query \"limit\" must be an integer, got \"1_000\"\n  send the query parameter limit as an integer, written as in JSON: no spaces, separators, leading zeros or plus sign [3:44]"},
		"integer, fraction":  {"{name: limit, in: query, schema: {type: integer}}", "limit=1.5", "query \"limit\" must be an integer, got 1.5\n  send the query parameter limit as an integer, written as in JSON: no spaces, separators, leading zeros or plus sign [3:44]"},
		"boolean":            {"{name: deep, in: path, schema: {type: boolean}}", "1", "path \"deep\" must be true or false, got \"1\"\n  send the path parameter deep as true or false, in these very letters [3:42]"},
		"several types":      {"{name: n, in: cookie, schema: {type: [number, boolean, 'null']}}", "n=x", "cookie \"n\" must be a number, true or false or null, got \"x\"\n  send the cookie n as a number, true or false or null [3:35]"},
		"through $ref":       {"{name: n, in: query, schema: {$ref: '#/id'}}", "n=x", "query \"n\" must be an integer, got \"x\"\n  send the query parameter n as an integer [1:29]"},
		"item":               {list, "ids=1&ids=x", "query \"ids\" /1 must be an integer, got \"x\"\n  send part /1 of the query parameter ids as an integer [3:63]"},
		"items with commas":  {list, "ids=1,2", "query \"ids\" /0 must be an integer, got \"1,2\"\n  send part /0 of the query parameter ids as an integer; each item is a parameter of its own: ids=VALUE&ids=VALUE [3:63]"},
		"encoded commas":     {"{name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}", "ids=1%2C2", "query \"ids\" /0 must be an integer, got \"1,2\"\n  send part /0 of the query parameter ids as an integer; a comma between items is sent as it is, %2C is part of an item [3:79]"},
		"member":             {"{name: page, in: query, schema: {type: object, properties: {size: {type: integer}}}}", "size=x", "query \"page\" /size must be an integer, got \"x\"\n  send the query parameter size as an integer [3:77]"},
		"deep member":        {"{name: f, in: query, style: deepObject, schema: {type: object, properties: {o: {properties: {x: {type: integer}}}}}}", "f[o][x]=y", "query \"f\" /o/x must be an integer, got \"y\"\n  send the query parameter f[o][x] as an integer [3:107]"},
		"deep branch":        {"{name: f, in: query, style: deepObject, schema: {type: object, properties: {o: {type: integer}}}}", "f[o][x]=y&f[o][z]=1", "query \"f\" /o must be an integer, got members [x], [z]\n  send the query parameter f[o] as an integer [3:90]"},
		"deep both":          {"{name: f, in: query, style: deepObject, schema: {type: object, properties: {o: {type: object}}}}", "f[o]=1&f[o][x]=y", "query \"f\" /o must be a value or members, not both, got both\n  send the query parameter f[o] as a value or members, not both [3:4]"},

		"repeated":    {"{name: n, in: query, schema: {type: string}}", "n=a&n=b&n=c", "query \"n\" must be sent once, got 3 values\n  send the query parameter n once [3:4]"},
		"escapes":     {"{name: n, in: query, schema: {type: string}}", "n=100%", "query \"n\" must be percent-encoded UTF-8, got \"100%\"\n  write % as %25, and other characters of the query parameter n as the percent-encoded bytes of UTF-8 [3:4]"},
		"label":       {"{name: n, in: path, style: label, schema: {type: string}}", "a", "path \"n\" must be written .VALUE, got \"a\"\n  write the path parameter n as .VALUE (style label) [3:31]"},
		"matrix":      {"{name: n, in: path, style: matrix, schema: {type: string}}", "a", "path \"n\" must be written ;n=VALUE, got \"a\"\n  write the path parameter n as ;n=VALUE (style matrix) [3:31]"},
		"in turn":     {"{name: n, in: path, schema: {type: object}}", "a,1,b", "path \"n\" must be an object written as names and values in turn, got \"a,1,b\"\n  write the members of the path parameter n as names and values in turn [3:4]"},
		"deepObject":  {"{name: f, in: query, style: deepObject, schema: {type: object}}", "f=a", "query \"f\" must be written f[member]=value, got \"f\"\n  write the query parameter f as f[member]=value, with at most 32 brackets [3:4]"},
		"JSON":        {"{name: f, in: query, content: {application/json: {schema: {type: object}}}}", "f={a:1}", "query \"f\" must be JSON, got \"{a:1}\"\n  send the query parameter f as JSON: invalid character 'a' at start of value [3:4]"},
		"JSON, short": {"{name: f, in: query, content: {application/json: {schema: {type: object}}}}", "f={", "query \"f\" must be JSON, got \"{\"\n  send the query parameter f as JSON: a text that ends too early [3:4]"},
		"long text":   {"{name: n, in: query, schema: {type: integer}}", "n=" + strings.Repeat("é", 100), "query \"n\" must be an integer, got \"" + strings.Repeat("é", 80) + "…\"\n  send the query parameter n as an integer [3:40]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, _ := decoders(t, "id: {description: '', type: integer}\nparameters:\n - "+c.object+"\n")
			d := all[0]
			in := inputOf(d.In, d.Name, c.text)
			if c.text == "-" {
				in.Header = http.Header{}
			}
			var out exchange.Parameter
			violations := d.Decode(in, &out)
			if len(violations) != 1 {
				t.Fatalf("%d violations: %s", len(violations), brief(violations))
			}
			if diff := cmp.Diff(c.want, spoken(violations[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNowhere: a Spec without a parameter object, and one that nobody can read.
func TestNowhere(t *testing.T) {
	t.Parallel()
	docs := load(t, "openapi: 3.1.0\n")
	for _, in := range []exchange.Location{exchange.Path, exchange.Query, exchange.Header, exchange.Cookie, exchange.Body, ""} {
		d, _ := param.Compile(param.Spec{In: in, Name: "p", Required: true}, newCompiler(docs), 0)
		var out exchange.Parameter
		if got := brief(d.Decode(&param.Input{}, &out)); got != "required" {
			t.Errorf("in %q: %q", in, got)
		}
	}
}
