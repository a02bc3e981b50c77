package schema_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// shapeDefinitions stand at the root of the descriptions of TestShapes.
const shapeDefinitions = `
id: {type: integer}
name: {type: string}
base: {type: object, properties: {id: {type: integer}}}
tree: {type: object, properties: {value: {type: string}, left: {$ref: '#/tree'}}}
loop: {$ref: '#/loop'}
circle: {allOf: [{$ref: '#/circle'}, {type: string}]}
wide: {anyOf: [{$ref: '#/wide'}, {$ref: '#/wide'}], properties: {a: {$ref: '#/wide'}, b: {$ref: '#/wide'}, c: {$ref: '#/wide'}}}
both: {allOf: [{$ref: '#/base'}, {properties: {id: {minimum: 3}}}]}
anchored: {$anchor: here, type: boolean}
`

// shapeCompiler loads a schema under the key "s" beside the definitions.
func shapeCompiler(t testing.TB, text string, dialect schema.Dialect) (*schema.Compiler, *document.Set) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shape.yaml")
	if err := os.WriteFile(file, []byte("s: "+text+shapeDefinitions), 0o600); err != nil {
		t.Fatal(err)
	}
	docs, _ := document.Load(context.Background(), file, document.Options{Root: filepath.Dir(file)})
	if docs == nil {
		t.Fatal("not read")
	}
	return schema.NewCompiler(docs, dialect), docs
}

var shapeLetters = []struct {
	types  schema.Types
	letter string
}{
	{schema.TypeNull, "n"}, {schema.TypeBoolean, "b"}, {schema.TypeInteger, "i"}, {schema.TypeNumber, "f"},
	{schema.TypeString, "s"}, {schema.TypeArray, "a"}, {schema.TypeObject, "o"},
}

func shownTypes(types schema.Types) (text string) {
	if types == schema.AnyType {
		return "*"
	}
	for _, l := range shapeLetters {
		if types.Has(l.types) {
			text += l.letter
		}
	}
	if text == "" {
		return "-"
	}
	return text
}

// shown writes a shape in one line: a[i] is an array of integers, o{x:s} an object
// with the string x, … stands for other members, ! for none, ~i for likely integers.
func shown(s *schema.Shape) string {
	if s == nil {
		return "?"
	}
	text := shownTypes(s.Types)
	if s.Likely != s.Types {
		text += "~" + shownTypes(s.Likely)
	}
	if s.Prefix != nil || s.Items != nil {
		text += "["
		for _, item := range s.Prefix {
			text += shown(item) + ","
		}
		text += shown(s.Items) + "]"
	}
	var members []string
	for name, p := range s.Properties {
		members = append(members, name+":"+shown(p))
	}
	slices.Sort(members)
	if s.Additional != nil {
		members = append(members, "…:"+shown(s.Additional))
	}
	if s.Closed {
		members = append(members, "!")
	}
	if members != nil {
		text += "{" + strings.Join(members, ",") + "}"
	}
	return text
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{}":                                    "*",
		"true":                                  "*",
		"false":                                 "-",
		"null":                                  "*",
		"{type: string}":                        "s",
		"{type: integer}":                       "i",
		"{type: number}":                        "if",
		"{type: 'null'}":                        "n",
		"{type: [integer, 'null']}":             "ni",
		"{type: []}":                            "-",
		"{type: unheard}":                       "*",
		"{type: array}":                         "a",
		"{type: array, items: {type: integer}}": "a[i]",
		"{items: {type: integer}}":              "*[i]",
		"{items: false}":                        "*[-]",
		"{prefixItems: [{type: string}, {}], items: {type: integer}}":                                      "*[s,*,i]",
		"{type: object, properties: {a: {type: string}, b: true}}":                                         "o{a:s,b:*}",
		"{additionalProperties: {type: integer}}":                                                          "*{…:i}",
		"{additionalProperties: true}":                                                                     "*{…:*}",
		"{type: object, additionalProperties: false}":                                                      "o{!}",
		"{patternProperties: {'^a': {type: integer}, '^b': {type: boolean}}, additionalProperties: false}": "*{…:bi}",
		"{patternProperties: {'^a': {type: integer}}}":                                                     "*{…:*}",
		// Values that are listed.
		"{enum: [a, 1, null, true, [], {}]}":      "*",
		"{enum: [a, 1]}":                          "ifs",
		"{type: [integer, string], enum: [1, 2]}": "i",
		"{enum: []}":                              "-",
		"{const: 1.5}":                            "if",
		"{const: null}":                           "n",
		"{type: string, const: 1}":                "-",
		// References.
		"{$ref: '#/id'}":                                           "i",
		"{$ref: '#/id', description: the id}":                      "i",
		"{$ref: '#/base', properties: {name: {$ref: '#/name'}}}":   "o{id:i,name:s}",
		"{$ref: '#/id', type: string}":                             "-",
		"{$ref: '#/nowhere'}":                                      "*",
		"{$ref: '#here'}":                                          "b",
		"{$dynamicRef: '#here'}":                                   "b",
		"{$ref: '#/loop'}":                                         "*",
		"{$ref: '#/circle'}":                                       "s",
		"{type: array, items: {$ref: '#/tree'}}":                   "a[o{left:" + strings.Repeat("o{left:", 6) + "o{left:*,value:*}" + strings.Repeat(",value:s}", 7) + "]",
		"{$ref: '#/base', unevaluatedProperties: false}":           "o{id:i,!}",
		"{$ref: '#/base', unevaluatedProperties: {type: boolean}}": "o{id:i,…:b}",
		"{prefixItems: [{type: string}], unevaluatedItems: false}": "*[s,-]",
		"{properties: {a: true}, additionalProperties: {}, unevaluatedProperties: false}": "*{a:*,…:*}",
		// Combinations.
		"{allOf: [{type: [integer, string]}, {type: [string, boolean]}]}":                                                                                                        "s",
		"{allOf: [{type: number}, {type: integer}]}":                                                                                                                             "i",
		"{allOf: [{$ref: '#/base'}, {properties: {id: {type: [string, integer]}, x: {type: boolean}}}]}":                                                                         "o{id:i,x:b}",
		"{allOf: [{properties: {a: {type: [integer, string]}}}, {additionalProperties: {type: string}}]}":                                                                        "*{a:s,…:s}",
		"{allOf: [{items: {type: [integer, string]}}, {items: {type: integer}}]}":                                                                                                "*[i]",
		"{allOf: [{type: object, properties: {a: {}}, additionalProperties: false}, {properties: {b: {}}}]}":                                                                     "o{a:*,b:-,!}",
		"{anyOf: [{type: integer}, {type: string}]}":                                                                                                                             "is",
		"{type: string, anyOf: [{minLength: 1}, {maxLength: 2}]}":                                                                                                                "s",
		"{oneOf: [{type: string}, {type: array, items: {type: string}}]}":                                                                                                        "sa[s]",
		"{oneOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}}]}":                                                                                 "a[is]",
		"{oneOf: [{type: array, items: {type: integer}}, {type: array}]}":                                                                                                        "a[*~i]",
		"{oneOf: [{type: object, properties: {a: {type: integer}}}, {type: object, properties: {b: {type: string}}}]}":                                                           "o{a:*~i,b:*~s}",
		"{oneOf: [{type: object, properties: {a: {type: integer}}, additionalProperties: false}, {type: object, properties: {a: {type: string}}}]}":                              "o{a:is}",
		"{oneOf: [{type: object, properties: {a: {type: integer}}, additionalProperties: false}, {type: object, properties: {b: {type: string}}, additionalProperties: false}]}": "o{a:i,b:s,!}",
		"{oneOf: [{type: object, properties: {a: {type: integer}}, additionalProperties: false}, {type: string}]}":                                                               "so{a:i,!}",
		"{anyOf: [{type: integer}, true]}":                                                                                                                                       "*",
		"{anyOf: []}":                                                                                                                                                            "*",
		"{if: {type: string}, then: {properties: {a: {type: integer}}}}":                                                                                                         "*{a:*~i}",
		"{if: {}, then: {type: integer}, else: {type: boolean}}":                                                                                                                 "bi",
		"{not: {type: string}}":          "*",
		"{type: string, nullable: true}": "s",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			c, docs := shapeCompiler(t, text, schema.Draft202012)
			if diff := cmp.Diff(want, shown(c.ShapeOf(docs.Main.Get("s")))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestShapes30: what OpenAPI 3.0 reads otherwise.
func TestShapes30(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{type: string, nullable: true}":            "ns",
		"{type: string, nullable: true, enum: [a]}": "ns",
		"{nullable: true}":                          "*",
		"{$ref: '#/id', nullable: true}":            "i",
		"{$ref: '#/id', type: string}":              "i",
		"{allOf: [{$ref: '#/id'}], nullable: true}": "i",
		"{type: integer, const: a}":                 "i",
		"{type: file}":                              "s",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			c, docs := shapeCompiler(t, text, schema.OpenAPI30)
			if diff := cmp.Diff(want, shown(c.ShapeOf(docs.Main.Get("s")))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestShapeBounded: of a schema that refers to itself many times over no more schemas are
// looked at than there may be.
func TestShapeBounded(t *testing.T) {
	t.Parallel()
	c, docs := shapeCompiler(t, "{$ref: '#/wide'}", schema.Draft202012)
	if looked, most := c.ShapeWork(docs.Main.Get("s")); looked != most {
		t.Errorf("%d schemas were looked at, at most %d may be", looked, most)
	}
	narrow, docs := shapeCompiler(t, "{$ref: '#/id'}", schema.Draft202012)
	if looked, _ := narrow.ShapeWork(docs.Main.Get("s")); looked != 2 {
		t.Errorf("%d schemas were looked at for a reference", looked)
	}
}

// TestShapeMember: what a shape says of an item and of a member.
func TestShapeMember(t *testing.T) {
	t.Parallel()
	c, docs := shapeCompiler(t, "{prefixItems: [{type: string}], items: {type: integer}, properties: {a: {type: boolean}}, additionalProperties: false}", schema.Draft202012)
	s := c.ShapeOf(docs.Main.Get("s"))
	got := fmt.Sprint(shown(s.Item(0)), shown(s.Item(1)), shown(s.Member("a")), shown(s.Member("b")))
	if want := fmt.Sprint("s", "i", "b", "-"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if own := docs.Main.Get("s"); s.Source != own || s.Item(1).Source != own.Get("items") || s.Member("b").Source != nil {
		t.Error("not the schemas that say so")
	}
	both := c.ShapeOf(docs.Main.Get("both"))
	if both.Source == nil || both.Member("id").Source != nil {
		t.Error("two schemas speak of id")
	}
	var anything *schema.Shape
	if anything.Item(0) != nil || anything.Member("a") != nil {
		t.Error("a nil shape says something")
	}
}
