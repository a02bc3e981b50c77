package param_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// The schemas of the specification's example: a parameter named color.
const (
	stringSchema  = "{type: string}"
	integerSchema = "{type: integer}"
	arraySchema   = "{type: array, items: {type: string}}"
	integersShape = "{type: array, items: {type: integer}}"
	objectSchema  = "{type: object, additionalProperties: false, properties: {R: {type: integer}, G: {type: integer}, B: {type: integer}}}"
	nullSchema    = "{type: [string, 'null']}"
)

// styleCase is one cell of a style table. want is the value as JSON; breaks are
// the violations as "pointer rule".
type styleCase struct {
	text   string
	schema string
	want   string
	breaks string
}

const (
	colors = `["blue","black","brown"]`
	rgb    = `{"B":150,"G":200,"R":100}`
)

// TestStyles holds every row of "Style Examples" (OpenAPI 3.1.2 section 4.8.12.7,
// 3.2 for the cookie style) with its columns undefined, string, array and object,
// and beside each what must be refused.
func TestStyles(t *testing.T) {
	t.Parallel()
	rows := map[string][]styleCase{
		"in: path, style: matrix, explode: false": {
			{";color", nullSchema, `null`, ""},
			{";color", stringSchema, `""`, ""},
			{";color=", stringSchema, `""`, ""},
			{";color", arraySchema, `[]`, ""},
			{";color", objectSchema, `{}`, ""},
			{";color=blue", stringSchema, `"blue"`, ""},
			{";color=blue,black,brown", arraySchema, colors, ""},
			{";color=R,100,G,200,B,150", objectSchema, rgb, ""},
			{"color=blue", stringSchema, `"color=blue"`, "decode"},
			{";colour=blue", stringSchema, `";colour=blue"`, "decode"},
			{"blue", arraySchema, `"blue"`, "decode"},
			{"", stringSchema, `""`, "decode"},
			{";color=R,100,G", objectSchema, `"R,100,G"`, "decode"},
			{";color=R,x,G,200,B,150", objectSchema, `{"B":150,"G":200,"R":"x"}`, "/R type"},
			{";color=1,x", integersShape, `[1,"x"]`, "/1 type"},
		},
		"in: path, style: matrix, explode: true": {
			{";color", nullSchema, `null`, ""},
			{";color", stringSchema, `""`, ""},
			{";color", arraySchema, `[]`, ""},
			{";color", objectSchema, `{}`, ""},
			{";color=blue", stringSchema, `"blue"`, ""},
			{";color=blue;color=black;color=brown", arraySchema, colors, ""},
			{";color;color;color=x", arraySchema, `["","","x"]`, ""},
			{";color=blue", arraySchema, `["blue"]`, ""},
			{";R=100;G=200;B=150", objectSchema, rgb, ""},
			{";color=blue;colour=black", arraySchema, `";color=blue;colour=black"`, "decode"},
			{"R=100;G=200", objectSchema, `"R=100;G=200"`, "decode"},
			{";R=100;G=;B=150", objectSchema, `{"B":150,"G":"","R":100}`, "/G type"},
			{";color=blue;color=black", "{type: [array, string], items: {type: string}}", `["blue","black"]`, ""},
		},
		"in: path, style: label, explode: false": {
			{".", nullSchema, `null`, ""},
			{".", stringSchema, `""`, ""},
			{".", arraySchema, `[]`, ""},
			{".", objectSchema, `{}`, ""},
			{".blue", stringSchema, `"blue"`, ""},
			{".blue,black,brown", arraySchema, colors, ""},
			{".R,100,G,200,B,150", objectSchema, rgb, ""},
			{"blue", stringSchema, `"blue"`, "decode"},
			{"", arraySchema, `""`, "decode"},
			{".1.5", "{type: number}", `1.5`, ""},
			// Up to 3.0.3 the table had points here; they count where commas make no sense.
			{".1.2.3", integersShape, `[1,2,3]`, ""},
			{".R.100.G.200.B.150", objectSchema, rgb, ""},
			{".blue.black", arraySchema, `["blue.black"]`, ""},
			{".1.x", integersShape, `["1.x"]`, "/0 type"},
		},
		"in: path, style: label, explode: true": {
			{".", nullSchema, `null`, ""},
			{".", arraySchema, `[]`, ""},
			{".blue", stringSchema, `"blue"`, ""},
			{".blue.black.brown", arraySchema, colors, ""},
			{".blue.black.brown", stringSchema, `"blue.black.brown"`, ""},
			{".R=100.G=200.B=150", objectSchema, rgb, ""},
			{"R=100.G=200.B=150", objectSchema, `"R=100.G=200.B=150"`, "decode"},
			{".R=100.X=1", objectSchema, `{"R":100,"X":"1"}`, "/X additionalProperties"},
		},
		"in: path, style: simple, explode: false": {
			{"", nullSchema, `null`, ""},
			{"", stringSchema, `""`, ""},
			{"", arraySchema, `[]`, ""},
			{"", objectSchema, `{}`, ""},
			{"", integerSchema, `""`, "type"},
			{"blue", stringSchema, `"blue"`, ""},
			{"blue,black,brown", arraySchema, colors, ""},
			{"blue,black,brown", stringSchema, `"blue,black,brown"`, ""},
			{"R,100,G,200,B,150", objectSchema, rgb, ""},
			{"R=100,G=200", objectSchema, `{"R=100":"G=200"}`, "/R=100 additionalProperties"},
			{"1,2,3", integersShape, `[1,2,3]`, ""},
			{"1,,3", integersShape, `[1,"",3]`, "/1 type"},
		},
		"in: path, style: simple, explode: true": {
			{"", arraySchema, `[]`, ""},
			{"blue", stringSchema, `"blue"`, ""},
			{"blue,black,brown", arraySchema, colors, ""},
			{"R=100,G=200,B=150", objectSchema, rgb, ""},
			{"R,100", objectSchema, `{"100":"","R":""}`, "/R type, /100 additionalProperties"},
		},
		"in: header, style: simple, explode: false": {
			{"", nullSchema, `null`, ""},
			{"", stringSchema, `""`, ""},
			{"", arraySchema, `[]`, ""},
			{"blue", stringSchema, `"blue"`, ""},
			{"blue, black", stringSchema, `"blue, black"`, ""},
			{"blue,black,brown", arraySchema, colors, ""},
			{"blue, black ,\tbrown", arraySchema, colors, ""},
			{"R,100,G,200,B,150", objectSchema, rgb, ""},
			{"R, 100, G, 200, B, 150", objectSchema, rgb, ""},
			{"a%2Cb,c", arraySchema, `["a%2Cb","c"]`, ""},
			{"R,100,G", objectSchema, `"R,100,G"`, "decode"},
		},
		"in: header, style: simple, explode: true": {
			{"blue", stringSchema, `"blue"`, ""},
			{"blue,black,brown", arraySchema, colors, ""},
			{"R=100,G=200,B=150", objectSchema, rgb, ""},
			{"R=100, G=200, B=150", objectSchema, rgb, ""},
		},
		"in: query, style: form, explode: false": {
			{"color=", nullSchema, `null`, ""},
			{"color=", stringSchema, `""`, ""},
			{"color", stringSchema, `""`, ""},
			{"color=", arraySchema, `[]`, ""},
			{"color=", objectSchema, `{}`, ""},
			{"color=", integerSchema, `""`, "type"},
			{"color=blue", stringSchema, `"blue"`, ""},
			{"color=blue,black,brown", arraySchema, colors, ""},
			{"color=blue,black&color=brown", arraySchema, colors, ""},
			{"color=R,100,G,200,B,150", objectSchema, rgb, ""},
			{"color=R,100,G,200,B", objectSchema, `"R,100,G,200,B"`, "decode"},
		},
		"in: query, style: form, explode: true": {
			{"color=", nullSchema, `null`, ""},
			{"color=", stringSchema, `""`, ""},
			{"color=", arraySchema, `[]`, ""},
			{"color=", "{type: array, minItems: 1, items: {type: string}}", `[""]`, ""},
			{"color=", integersShape, `[]`, ""},
			{"color=&color=", arraySchema, `["",""]`, ""},
			{"color=blue", stringSchema, `"blue"`, ""},
			{"color=blue", arraySchema, `["blue"]`, ""},
			{"color=blue&color=black&color=brown", arraySchema, colors, ""},
			{"color=blue,black", arraySchema, `["blue,black"]`, ""},
			{"color=1,2", integersShape, `["1,2"]`, "/0 type"},
			{"R=100&G=200&B=150", objectSchema, rgb, ""},
			{"R=100&G=200&B=150&X=1", objectSchema, rgb, ""},
			{"R=100&G=x", objectSchema, `{"G":"x","R":100}`, "/G type"},
		},
		"in: query, style: spaceDelimited, explode: false": {
			{"color=blue%20black%20brown", arraySchema, colors, ""},
			{"color=blue+black+brown", arraySchema, colors, ""},
			{"color=a%2Bb%20c", arraySchema, `["a+b","c"]`, ""},
			{"color=", arraySchema, `[]`, ""},
			{"color=R%20100%20G%20200%20B%20150", objectSchema, rgb, ""},
			{"color=R+100+G", objectSchema, `"R 100 G"`, "decode"},
		},
		"in: query, style: pipeDelimited, explode: false": {
			{"color=blue%7Cblack%7Cbrown", arraySchema, colors, ""},
			{"color=blue|black%7cbrown", arraySchema, colors, ""},
			{"color=R%7C100%7CG%7C200%7CB%7C150", objectSchema, rgb, ""},
			{"color=R|100|G", objectSchema, `"R|100|G"`, "decode"},
		},
		"in: query, style: deepObject, explode: true": {
			{"color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150", objectSchema, rgb, ""},
			{"color[R]=100&color[G]=200&color[B]=150", objectSchema, rgb, ""},
			{"color[R]=x", objectSchema, `{"R":"x"}`, "/R type"},
			{"color[X]=1", objectSchema, `{"X":"1"}`, "/X additionalProperties"},
			{"color=R,100", objectSchema, `"color=R,100"`, "decode"},
		},
		"in: cookie, style: form, explode: false": {
			{"color=", nullSchema, `null`, ""},
			{"color=", stringSchema, `""`, ""},
			{"a=1; color=blue", stringSchema, `"blue"`, ""},
			{"color=blue,black,brown", arraySchema, colors, ""},
			{"color=R,100,G,200,B,150", objectSchema, rgb, ""},
			{"color=a%2Cb,c+d", arraySchema, `["a,b","c+d"]`, ""},
		},
		"in: cookie, style: form, explode: true": {
			{"color=blue", stringSchema, `"blue"`, ""},
			{"color=blue; color=black; color=brown", arraySchema, colors, ""},
			{"color=blue&color=black&color=brown", arraySchema, colors, ""},
			{"color=blue&x=black", arraySchema, `["blue&x=black"]`, ""},
			{"R=100; G=200; B=150", objectSchema, rgb, ""},
			{"R=100&G=200&B=150", objectSchema, rgb, ""},
			{"color=a&b=c", stringSchema, `"a&b=c"`, ""},
		},
		"in: cookie, style: cookie, explode: false": {
			{"color=", stringSchema, `""`, ""},
			{"color=blue", stringSchema, `"blue"`, ""},
			{"color=100%", stringSchema, `"100%"`, ""},
			{"color=blue,black,brown", arraySchema, colors, ""},
			{"color=R,100,G,200,B,150", objectSchema, rgb, ""},
		},
		"in: cookie, style: cookie, explode: true": {
			{"color=a%2Cb", stringSchema, `"a%2Cb"`, ""},
			{"color=blue; color=black; color=brown", arraySchema, colors, ""},
			{"R=100; G=200; B=150", objectSchema, rgb, ""},
		},
	}
	for row, cases := range rows {
		for _, c := range cases {
			t.Run(row+"/"+c.text+" "+c.schema, func(t *testing.T) {
				t.Parallel()
				checkStyle(t, "{name: color, "+row+", schema: "+c.schema+"}", c)
			})
		}
	}
}

func checkStyle(t *testing.T, object string, c styleCase) {
	t.Helper()
	d := decoder(t, object)
	var out exchange.Parameter
	violations := d.Decode(inputOf(d.In, d.Name, c.text), &out)
	if got := jsonOf(t, out.Value); got != c.want {
		t.Errorf("value %s, want %s", got, c.want)
	}
	if got := brief(violations); got != c.breaks {
		t.Errorf("violations %q, want %q", got, c.breaks)
	}
	if !out.Present || out.Valid != (c.breaks == "") {
		t.Errorf("present %v, valid %v", out.Present, out.Valid)
	}
	for _, v := range violations {
		if v.In != d.In || v.Name != d.Name || v.Expected == "" || v.Got == "" || v.Fix == "" || v.ContractLine() == "" {
			t.Errorf("incomplete violation %+v", v)
		}
	}
}

// checkBroken checks the violations alone.
func checkBroken(t *testing.T, object, text, breaks string) {
	t.Helper()
	d := decoder(t, object)
	var out exchange.Parameter
	violations := d.Decode(inputOf(d.In, d.Name, text), &out)
	if got := brief(violations); got != breaks && breaks != "*" {
		t.Errorf("violations %q, want %q; value %s", got, breaks, jsonOf(t, out.Value))
	}
	if out.Valid {
		t.Error("valid")
	}
}
