package schema_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// verdict is what a schema must say of values, as JSON.
type verdict struct {
	schema      string
	fit, refuse []string
}

func (v verdict) check(t *testing.T) {
	t.Helper()
	docs := loadText(t, v.schema)
	c := schema.NewCompiler(docs, schema.Draft202012)
	s, err := c.Compile(docs.Main, schema.Request)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range v.fit {
		if got := s.Validate(decode(t, text)); got != nil {
			t.Errorf("%s is refused: %v", text, got)
		}
		compareOpinions(t, s, decode(t, text))
	}
	for _, text := range v.refuse {
		if s.Valid(decode(t, text)) {
			t.Errorf("%s fits", text)
		}
		compareOpinions(t, s, decode(t, text))
	}
}

// TestRecursiveReferences has the examples of draft 2019-09 (core section 8.2.4.2) and what
// must not be taken for them.
func TestRecursiveReferences(t *testing.T) {
	t.Parallel()
	const strict = `{"$schema": "https://json-schema.org/draft/2019-09/schema", "$id": "https://example.com/strict", STRICT "$ref": "tree", "unevaluatedProperties": false,
		"$defs": {"tree": {"$id": "tree", TREE "type": "object", "properties": {"data": true, "children": {"type": "array", "items": {"$recursiveRef": "#"}}}}}}`
	const anchor = `"$recursiveAnchor": true,`
	make := func(strictAnchor, treeAnchor string) string {
		return strings.NewReplacer("STRICT", strictAnchor, "TREE", treeAnchor).Replace(strict)
	}
	misspelt := `{"children": [{"daat": 1}]}`
	for name, test := range map[string]verdict{
		"both have the anchor":    {make(anchor, anchor), []string{`{"children": [{"data": 1}]}`}, []string{misspelt, `{"daat": 1}`}},
		"only the inner one":      {make("", anchor), []string{misspelt}, []string{`{"daat": 1}`}},
		"only the outer one":      {make(anchor, ""), []string{misspelt}, []string{`{"daat": 1}`}},
		"neither":                 {make("", ""), []string{misspelt}, []string{`{"daat": 1}`}},
		"in a dialect of its own": {`{"$id": "https://example.com/a", "$recursiveAnchor": true, "type": ["object", "null"], "additionalProperties": {"$recursiveRef": "#"}}`, []string{`{"a": {"b": null}}`}, []string{`{"a": {"b": 1}}`}},
	} {
		t.Run(name, func(t *testing.T) { test.check(t) })
	}
}

// TestGenerics has a list whose items are bound by who refers to it, twice at once, and
// through schemas that bind nothing.
func TestGenerics(t *testing.T) {
	t.Parallel()
	verdict{
		schema: `
$id: https://example.com/root
type: object
properties:
  names: {$ref: names}
  sizes: {$ref: sizes}
  free: {$ref: list}
$defs:
  list: {$id: list, $defs: {any: {$dynamicAnchor: T}}, type: array, items: {$ref: '#/$defs/cell'}}
  names: {$id: names, $defs: {T: {$dynamicAnchor: T, type: string}}, $ref: list}
  sizes: {$id: sizes, $defs: {T: {$dynamicAnchor: T, type: integer}}, allOf: [{$ref: list}]}
`[1:],
	}.refusedFor(t, `there is no "cell"`)
	verdict{
		schema: `
$id: https://example.com/root
type: object
properties:
  names: {$ref: names}
  sizes: {$ref: sizes}
  free: {$ref: list}
$defs:
  list: {$id: list, $defs: {any: {$dynamicAnchor: T}, cell: {properties: {of: {$dynamicRef: '#T'}}}}, type: array, items: {$ref: '#/$defs/cell'}}
  names: {$id: names, $defs: {T: {$dynamicAnchor: T, type: string}}, $ref: list}
  sizes: {$id: sizes, $defs: {T: {$dynamicAnchor: T, type: integer}}, allOf: [{$ref: list}]}
`[1:],
		fit:    []string{`{"names": [{"of": "a"}], "sizes": [{"of": 1}], "free": [{"of": true}]}`},
		refuse: []string{`{"names": [{"of": 1}]}`, `{"sizes": [{"of": "a"}]}`},
	}.check(t)
}

func (v verdict) refusedFor(t *testing.T, reason string) {
	t.Helper()
	docs := loadText(t, v.schema)
	_, err := schema.NewCompiler(docs, schema.Draft202012).Compile(docs.Main, schema.Request)
	if err == nil || !strings.Contains(err.Error(), reason) {
		t.Errorf("got %v", err)
	}
}

// TestDialectsOfDescriptions holds which keywords count where a metaschema of the
// description's own says so.
func TestDialectsOfDescriptions(t *testing.T) {
	t.Parallel()
	const text = `{"$id": "https://example.com/a", "$schema": "https://example.com/meta", "type": "string", "unevaluatedProperties": false, "properties": {"x": {"minimum": 5}}, "format": "date",
		"$defs": {"meta": {"$id": "https://example.com/meta", META}}}`
	const prefix = "https://json-schema.org/draft/2020-12/vocab/"
	all := []string{`1`, `"s"`, `"2024-01-01"`, `{"y": 1}`, `{"x": 1}`, `{"x": 5}`}
	for name, test := range map[string]struct {
		meta string
		fit  string
	}{
		"no vocabularies":        {`"type": "object"`, `"2024-01-01"`},
		"validation":             {`"$vocabulary": {"` + prefix + `core": true, "` + prefix + `validation": true}`, `"2024-01-01"`},
		"applicator":             {`"$vocabulary": {"` + prefix + `applicator": true}`, `1; "2024-01-01"; {"y": 1}; {"x": 1}; {"x": 5}`},
		"unevaluated, not must":  {`"$vocabulary": {"` + prefix + `applicator": true, "` + prefix + `unevaluated": false}`, `1; "2024-01-01"; {"x": 1}; {"x": 5}`},
		"one that may be known":  {`"$vocabulary": {"https://example.com/own": false}`, `1; "2024-01-01"; {"y": 1}; {"x": 1}; {"x": 5}`},
		"2019-09":                {`"$vocabulary": {"https://json-schema.org/draft/2019-09/vocab/applicator": true}`, `1; "2024-01-01"; {"x": 1}; {"x": 5}`},
		"a draft of another one": {`"$schema": "http://json-schema.org/draft-07/schema#", "$vocabulary": {"https://example.com/own": true}`, `"2024-01-01"`},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict{schema: strings.Replace(text, "META", test.meta, 1)}
			for _, value := range all {
				if slices.Contains(strings.Split(test.fit, "; "), value) {
					v.fit = append(v.fit, value)
				} else {
					v.refuse = append(v.refuse, value)
				}
			}
			v.check(t)
		})
	}
	docs := loadText(t, strings.Replace(text, "META", `"$vocabulary": {"`+prefix+`applicator": true}`, 1))
	var told []string
	for _, d := range schema.NewCompiler(docs, schema.Draft202012).Unenforced(docs.Main) {
		told = append(told, d.Message)
	}
	if len(told) != 3 || told[0] != "type is not enforced: it is in no vocabulary of the dialect that $schema names" {
		t.Errorf("told: %q", told)
	}
	verdict{schema: strings.Replace(text, "META", `"$vocabulary": {"https://example.com/own": true}`, 1)}.refusedFor(t, "needs the vocabulary https://example.com/own")
}

// TestMetaschemas refers to every metaschema that is built in: all of them say something,
// and nothing in them is left out.
func TestMetaschemas(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{
		"http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#", "https://json-schema.org/draft-07/schema#",
		"https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/meta/validation",
	} {
		docs := loadText(t, `{"$ref": "`+uri+`"}`)
		c := schema.NewCompiler(docs, schema.Draft202012)
		if found := c.Unenforced(docs.Main); len(found) > 0 {
			t.Errorf("%s: %v", uri, found)
		}
		verdict{`{"$ref": "` + uri + `"}`, []string{`{"type": "object", "minLength": 1}`}, []string{`{"minLength": "1"}`}}.check(t)
		if !strings.Contains(uri, "meta/") {
			verdict{`{"$ref": "` + uri + `"}`, []string{`{"properties": {"a": {"items": {"maximum": 5}}}}`}, []string{`{"properties": {"a": {"items": {"maximum": "5"}}}}`}}.check(t)
		}
	}
}

// A metaschema of the description's own that builds on a published one judges all levels.
func TestOwnMetaschema(t *testing.T) {
	t.Parallel()
	verdict{
		`{"$id": "https://example.com/meta", "$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema", "required": ["title"]}`,
		[]string{`{"title": "a", "properties": {"x": {"title": "b"}}}`},
		[]string{`{"title": "a", "properties": {"x": {}}}`, `{}`, `{"title": 1}`},
	}.check(t)
}

// TestSeveralDynamicAnchors tells of a name that two schemas of one resource have.
func TestSeveralDynamicAnchors(t *testing.T) {
	t.Parallel()
	docs := loadText(t, "a: {$dynamicAnchor: n, properties: {x: {$dynamicRef: '#n'}}}\nb: {$dynamicAnchor: n, type: string}\n")
	c := schema.NewCompiler(docs, schema.Draft202012)
	if found := c.Unenforced(docs.Main.Get("a")); len(found) > 0 {
		t.Errorf("the first one: %v", found)
	}
	found := c.Unenforced(docs.Main.Get("b"))
	if len(found) != 1 || found[0].Code != schema.CodeKeywordIgnored || found[0].At.Position().Line != 2 || found[0].Related[0].At.Position().Line != 1 {
		t.Errorf("the second one: %v", found)
	}
}

// TestManyScopes holds that there is an end to the ways of binding anchors, and to the
// schemas that are reached on them: here each level doubles the ways.
func TestManyScopes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		levels, members int
		tooMany         bool
	}{
		"ways":            {20, 1, true},
		"schemas on them": {12, 60, true},
		"few":             {12, 1, false},
	} {
		var text strings.Builder
		text.WriteString("$id: https://example.com/l0\nanyOf: [{$ref: a0}, {$ref: b0}]\n$defs:\n")
		for i := range test.levels {
			for _, name := range []string{"a", "b"} {
				fmt.Fprintf(&text, "  %s%d: {$id: %[1]s%[2]d, $defs: {t: {$dynamicAnchor: t%[2]d}}, $ref: l%d}\n", name, i, i+1)
			}
			if i+1 < test.levels {
				fmt.Fprintf(&text, "  l%d: {$id: l%[1]d, anyOf: [{$ref: a%[1]d}, {$ref: b%[1]d}]}\n", i+1)
			}
		}
		fmt.Fprintf(&text, "  end:\n    $id: l%d\n    properties:\n", test.levels)
		for i := range test.members {
			fmt.Fprintf(&text, "      p%d: {type: string}\n", i)
		}
		docs := loadText(t, text.String())
		c := schema.NewCompiler(docs, schema.Draft202012)
		for range 2 { // the answer is the same when asked again
			_, err := c.Compile(docs.Main, schema.Request)
			var found source.Diagnostics
			if isTooMany := errors.As(err, &found) && found[0].Code == schema.CodeUnusableSchema && strings.Contains(found[0].Message, "too many ways"); isTooMany != test.tooMany || !isTooMany && err != nil {
				t.Errorf("%s: got %.300v", name, err)
			}
		}
	}
}
