package param_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

const deepShape = "{type: object, properties: {s: {type: string}, i: {type: integer}, b: {type: boolean}, " +
	"list: {type: array, items: {type: integer}}, o: {type: object, properties: {x: {type: integer}}}, " +
	"rows: {type: array, items: {type: object, properties: {id: {type: integer}}}}, either: {type: [integer, object]}}}"

func TestDeepObject(t *testing.T) {
	t.Parallel()
	cases := map[string]decodeCase{
		"scalars":                   {deepShape, "p[s]=1&p[i]=2&p[b]=true", `{"b":true,"i":2,"s":"1"}`, ""},
		"encoded brackets":          {deepShape, "p%5Bs%5D=a%26b&p%5Bi%5D=2", `{"i":2,"s":"a&b"}`, ""},
		"other parameters":          {deepShape, "q[s]=x&p[s]=a&pp[s]=y&p2=z", `{"s":"a"}`, ""},
		"undeclared":                {deepShape, "p[new]=1", `{"new":"1"}`, ""},
		"empty value":               {deepShape, "p[s]=&p[i]=", `{"i":"","s":""}`, "/i type"},
		"empty key":                 {deepShape, "p[]=1", `{"":"1"}`, ""},
		"nested":                    {deepShape, "p[o][x]=1", `{"o":{"x":1}}`, ""},
		"nested wrong":              {deepShape, "p[o][x]=y", `{"o":{"x":"y"}}`, "/o/x type"},
		"object as text":            {deepShape, "p[o]=x", `{"o":"x"}`, "/o type"},
		"object as JSON":            {deepShape, `p[o]={"x":1}`, `{"o":{"x":1}}`, ""},
		"object as wrong JSON":      {deepShape, `p[o]={"x":"1"}`, `{"o":{"x":"1"}}`, "/o/x type"},
		"scalar with members":       {deepShape, "p[i][x]=1", `{"i":{"x":"1"}}`, "/i type"},
		"value and members":         {deepShape, "p[either]=1&p[either][x]=1", `{"either":{"x":"1"}}`, "/either type"},
		"either value":              {deepShape, "p[either]=1", `{"either":1}`, ""},
		"either object":             {deepShape, "p[either][x]=1", `{"either":{"x":"1"}}`, ""},
		"array appended":            {deepShape, "p[list][]=3&p[list][]=1", `{"list":[3,1]}`, ""},
		"array by index":            {deepShape, "p[list][1]=1&p[list][0]=3", `{"list":[3,1]}`, ""},
		"array by index as number":  {deepShape, "p[list][10]=10&p[list][9]=9&p[list][09]=99", `{"list":[9,99,10]}`, ""},
		"array with gaps":           {deepShape, "p[list][7]=1&p[list][3]=3", `{"list":[3,1]}`, ""},
		"array repeated":            {deepShape, "p[list]=3&p[list]=1", `{"list":[3,1]}`, ""},
		"array with commas":         {deepShape, "p[list]=3,1", `{"list":[3,1]}`, ""},
		"array of one":              {deepShape, "p[list]=3", `{"list":[3]}`, ""},
		"array without text":        {deepShape, "p[list]=", `{"list":[]}`, ""},
		"array mixed":               {deepShape, "p[list][]=5&p[list][0]=3", `{"list":[3,5]}`, ""},
		"array wrong item":          {deepShape, "p[list][0]=1&p[list][1]=x", `{"list":[1,"x"]}`, "/list/1 type"},
		"array huge index":          {deepShape, "p[list][99999999999999999999999]=1", `{"list":[1]}`, ""},
		"array with a name":         {deepShape, "p[list][x]=1", `{"list":{"x":"1"}}`, "/list type"},
		"rows":                      {deepShape, "p[rows][0][id]=1&p[rows][1][id]=2", `{"rows":[{"id":1},{"id":2}]}`, ""},
		"rows wrong":                {deepShape, "p[rows][0][id]=1&p[rows][1][id]=x", `{"rows":[{"id":1},{"id":"x"}]}`, "/rows/1/id type"},
		"untyped tree":              {"{type: object}", "p[a][b]=1&p[l][0]=x&p[l][1]=y", `{"a":{"b":"1"},"l":["x","y"]}`, ""},
		"declared digits":           {"{type: object, properties: {m: {properties: {'1': {type: integer}}}}}", "p[m][1]=5", `{"m":{"1":5}}`, ""},
		"digits of array or object": {"{type: object, properties: {m: {type: [array, object], properties: {'1': {type: integer}}}}}", "p[m][1]=5", `{"m":{"1":5}}`, ""},
		"open bracket in key":       {deepShape, "p[x%5By]=1", `{"x[y":"1"}`, ""},
		"no closing bracket":        {deepShape, "p[s=1", `"p[s=1"`, "decode"},
		"text behind bracket":       {deepShape, "p[s]x=1", `"p[s]x=1"`, "decode"},
		"bare":                      {deepShape, "p=1", `"p=1"`, "decode"},
		"bare beside members":       {deepShape, "p=1&p[s]=a", `"p[s]=a&p=1"`, "decode"},
		"bare where admitted":       {"{type: [object, string]}", "p=1", `"1"`, ""},
		"bare null":                 {"{type: [object, 'null']}", "p=", `null`, ""},
		"array parameter":           {"{type: array, items: {type: integer}}", "p[]=1&p[]=2", `[1,2]`, ""},
		"array parameter indexed":   {"{type: array, items: {type: integer}}", "p[0]=1&p[1]=2", `[1,2]`, ""},
		"array parameter plain":     {"{type: array, items: {type: integer}}", "p=1&p=2", `[1,2]`, ""},
		"bad encoding":              {deepShape, "p[s]=%zz&p[i]=1", `{"i":1,"s":"%zz"}`, "/s decode"},
		"pointer escapes":           {"{type: object, properties: {'a/b~c': {type: integer}}}", "p[a/b~c]=x", `{"a/b~c":"x"}`, "/a~1b~0c type"},
		"deepest":                   {"{type: object}", "p" + strings.Repeat("[a]", 32) + "=1", strings.Repeat(`{"a":`, 32) + `"1"` + strings.Repeat("}", 32), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := "{name: p, in: query, style: deepObject, explode: true, schema: " + c.object + "}"
			checkStyle(t, object, styleCase{text: c.text, want: c.want, breaks: c.breaks})
		})
	}
}

// TestLimits: what is beyond them is refused, and what is at them is not.
func TestLimits(t *testing.T) {
	t.Parallel()
	repeat := func(part string, n int) string {
		return strings.TrimSuffix(strings.Repeat(part, n), part[len(part)-1:])
	}
	numbered := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), "&")
	}
	const list = "schema: {type: array, items: {type: integer}}}"
	const object = "schema: {type: object, additionalProperties: {type: integer}}}"
	for name, c := range map[string]struct {
		object string
		text   func(n int) string
	}{
		"delimited":  {"{name: p, in: query, explode: false, " + list, func(n int) string { return "p=" + repeat("1,", n) }},
		"exploded":   {"{name: p, in: query, " + list, func(n int) string { return repeat("p=1&", n) }},
		"path":       {"{name: p, in: path, " + list, func(n int) string { return repeat("1,", n) }},
		"header":     {"{name: p, in: header, " + list, func(n int) string { return repeat("1,", n) }},
		"matrix":     {"{name: p, in: path, style: matrix, explode: true, " + list, func(n int) string { return strings.Repeat(";p=1", n) }},
		"deepObject": {"{name: p, in: query, style: deepObject, " + object, func(n int) string { return numbered("p[a%d]=1&", n) }},
		"members":    {"{name: p, in: query, " + object, func(n int) string { return numbered("a%d=1&", n) }},
		"repeated":   {"{name: p, in: query, explode: false, " + list, func(n int) string { return repeat("p=1&", n) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decoder(t, c.object)
			var out exchange.Parameter
			if violations := d.Decode(inputOf(d.In, d.Name, c.text(param.MaxMembers)), &out); violations != nil {
				t.Errorf("at the limit: %s", brief(violations))
			}
			if violations := d.Decode(inputOf(d.In, d.Name, c.text(param.MaxMembers+1)), &out); brief(violations) != "decode" {
				t.Errorf("beyond the limit: %s", brief(violations))
			}
			if _, isText := out.Value.(string); !isText {
				t.Errorf("value %T, want the text", out.Value)
			}
		})
	}
	t.Run("violations", func(t *testing.T) {
		t.Parallel()
		d := decoder(t, "{name: p, in: query, "+list)
		var out exchange.Parameter
		violations := d.Decode(inputOf(d.In, d.Name, repeat("p=x&", param.MaxMembers)), &out)
		if len(violations) != schema.MaxViolations || violations[99].Pointer != "/99" {
			t.Errorf("%d violations", len(violations))
		}
	})
	t.Run("choices", func(t *testing.T) {
		t.Parallel()
		d := decoder(t, "{name: p, in: query, schema: {type: array, items: {oneOf: [{type: integer, maximum: 9}, {type: string}]}}}")
		var out exchange.Parameter
		if violations := d.Decode(inputOf(d.In, d.Name, repeat("p=12&", param.MaxMembers)), &out); violations != nil {
			t.Errorf("%d violations", len(violations))
		}
	})
	t.Run("depth", func(t *testing.T) {
		t.Parallel()
		checkBroken(t, "{name: p, in: query, style: deepObject, schema: {type: object}}", "p"+strings.Repeat("[a]", param.MaxDepth+1)+"=1", "decode")
	})
}
