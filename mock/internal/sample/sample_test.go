package sample_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

func mustCompile(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := compile(t, text, schema.Draft202012, schema.Response)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustMake(t testing.TB, text string, o sample.Options) string {
	t.Helper()
	v, err := sample.Value(mustCompile(t, text), o)
	if err != nil {
		t.Fatal(err)
	}
	return write(v)
}

// TestAMemberMoreChangesNoOther holds that every place has dice of its own.
func TestAMemberMoreChangesNoOther(t *testing.T) {
	t.Parallel()
	const schemaText = `{"type":"object","properties":{MORE"id":{"type":"string","format":"uuid"},"price":{"type":"number"},"items":{"type":"array","items":{"type":"string","pattern":"^[a-z]{9}$"}}}}`
	for _, o := range []sample.Options{{}, {Seed: 5}} {
		before := mustMake(t, strings.ReplaceAll(schemaText, "MORE", ""), o)
		after := mustMake(t, strings.ReplaceAll(schemaText, "MORE", `"count":{"type":"integer"},`), o)
		var a, b map[string]any
		if json.Unmarshal([]byte(before), &a) != nil || json.Unmarshal([]byte(after), &b) != nil {
			t.Fatal(before, after)
		}
		delete(b, "count")
		was, _ := json.Marshal(a)
		is, _ := json.Marshal(b)
		if string(was) != string(is) {
			t.Errorf("before %s\nafter  %s", was, is)
		}
	}
}

// TestContractStaysAsItIs holds that values which stand in the contract are made parts of
// bodies as copies: the contract's tree is read by other requests at the same time.
func TestContractStaysAsItIs(t *testing.T) {
	t.Parallel()
	s := mustCompile(t, `{"type":"object","properties":{"a":{"example":{"b":{"c":[1]}}},"d":{"enum":[{"e":[2]}]}},"required":["a","d"]}`)
	root := s.View().Node()
	inside := []*source.Node{root.Find("/properties/a/example/b/c/0"), root.Find("/properties/d/enum/0/e/0")}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			made, err := sample.Value(s, sample.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if got := made.Find("/a/b/c/0"); got.Pointer() != "/a/b/c/0" || got.Root() != made {
				t.Errorf("a part of the value is at %s of %s", got.Pointer(), write(got.Root()))
			}
			for _, n := range inside {
				if n.Root() != root {
					t.Errorf("a part of the contract is at %s of %s", n.Pointer(), write(n.Root()))
				}
			}
		})
	}
	wait.Wait()
}

// TestSeeds holds that seeds vary the texts and leave the shape, unless Dynamic is set.
func TestSeeds(t *testing.T) {
	t.Parallel()
	made, shapes, dynamic := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for seed := range uint64(30) {
		text := mustMake(t, order, sample.Options{Seed: seed})
		made[text] = true
		shapes[shapeOf(t, text)] = true
		dynamic[shapeOf(t, mustMake(t, order, sample.Options{Seed: seed, Dynamic: true}))] = true
	}
	if len(made) < 30 || len(shapes) != 1 || len(dynamic) < 20 {
		t.Errorf("%d values of %d shapes, dynamic %d shapes", len(made), len(shapes), len(dynamic))
	}
}

// shapeOf gives the names and lengths in a JSON text.
func shapeOf(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	var shape func(v any) any
	shape = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for name := range v {
				v[name] = shape(v[name])
			}
			return v
		case []any:
			for i := range v {
				v[i] = shape(v[i])
			}
			return v
		}
		return 0
	}
	out, _ := json.Marshal(shape(value))
	return string(out)
}

// TestConcurrentUse makes the same values in many goroutines.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := mustCompile(t, order)
	want, err := sample.Value(s, sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if got, err := sample.Value(s, sample.Options{}); err != nil || write(got) != write(want) {
					t.Errorf("got %s, %v", write(got), err)
				}
			}
		})
	}
	group.Wait()
}

// TestDynamicVaries holds what Dynamic varies.
func TestDynamicVaries(t *testing.T) {
	t.Parallel()
	for text, atLeast := range map[string]int{
		`{"enum":["a","b","c"]}`:                                           3,
		`{"type":"boolean"}`:                                               2,
		`{"oneOf":[{"const":1},{"const":2},{"const":3}]}`:                  3,
		`{"type":"array","items":{"const":1}}`:                             4,
		`{"type":"object","properties":{"a":{"const":1},"b":{"const":2}}}`: 4,
		`{"type":["string","integer","null"],"maxLength":0}`:               3,
		`{"type":"integer","minimum":1,"maximum":1000}`:                    30,
		`{"type":"string","example":"x","maxLength":1}`:                    2,
		`{"type":"object","additionalProperties":{"const":1}}`:             4,
	} {
		seen := map[string]bool{}
		for seed := range uint64(60) {
			seen[mustMake(t, text, sample.Options{Seed: seed, Dynamic: true})] = true
		}
		if len(seen) < atLeast {
			t.Errorf("%s: %v", text, seen)
		}
	}
}

func TestUnsatisfiable(t *testing.T) {
	t.Parallel()
	_, err := sample.Value(mustCompile(t, `{"type":"object","required":["a/b"],"properties":{"a/b":{"type":"integer","minimum":2,"maximum":1}}}`), sample.Options{})
	var u *sample.Unsatisfiable
	if !errors.As(err, &u) || u.Pointer != "/a~1b" || u.Limited || u.At.Position().Col != 51 {
		t.Errorf("got %#v", err)
	}
	_, err = sample.Value(mustCompile(t, `{"type":"array","minItems":100000}`), sample.Options{})
	if !errors.As(err, &u) || !u.Limited {
		t.Errorf("got %#v", err)
	}
}

// TestSizeIsBounded asks for more bytes than a body may have.
func TestSizeIsBounded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"type":"array","minItems":100,"items":{"type":"string","minLength":50000}}`,
		`{"type":"array","minItems":9000,"items":{"type":"array","minItems":9000}}`,
	} {
		_, err := sample.Value(mustCompile(t, text), sample.Options{})
		var u *sample.Unsatisfiable
		if !errors.As(err, &u) || !u.Limited {
			t.Errorf("%s: got %v", text, err)
		}
	}
	// What need not be there is left out before the limit is reached.
	got := mustMake(t, `{"type":"object","properties":{`+repeat(`"a%d":{"type":"string","minLength":90000},"b%d":{},"c%d":{}`, 30)+`}}`, sample.Options{})
	if len(got) > sample.MaxBody || len(got) < sample.MaxBody/5 {
		t.Errorf("%d bytes", len(got))
	}
}

// TestDepthIsBounded requires objects inside of each other.
func TestDepthIsBounded(t *testing.T) {
	t.Parallel()
	deep := func(levels int) string {
		return nest(`{"type":"object","required":["a"],"properties":{"a":X}}`, `{"const":1}`, levels)
	}
	if got := mustMake(t, deep(sample.MaxDepth), sample.Options{}); strings.Count(got, "{") != sample.MaxDepth {
		t.Errorf("got %s", got)
	}
	_, err := sample.Value(mustCompile(t, deep(sample.MaxDepth+1)), sample.Options{})
	var u *sample.Unsatisfiable
	if !errors.As(err, &u) || !u.Limited {
		t.Errorf("got %v", err)
	}
}

// FuzzValue takes any text for a schema: whatever is made fits it.
func FuzzValue(f *testing.F) {
	for i, file := range []string{"arrays", "combined", "numbers", "objects", "recursion", "strings"} {
		for _, c := range keywordCases(f, "testdata/keywords/"+file+".yaml") {
			f.Add(write(c.Get("schema")), uint64(i), i%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64, dynamic bool) {
		if len(text) > 4000 {
			return // so that what is judged by jsonschema does not take long
		}
		s, err := compile(t, text, schema.Dialect(seed%2), schema.Direction(seed/2%2))
		if err != nil {
			return
		}
		v, err := sample.Value(s, sample.Options{Seed: seed, Dynamic: dynamic})
		var u *sample.Unsatisfiable
		switch {
		case err != nil && !errors.As(err, &u):
			t.Error(err)
		case err == nil && !s.Valid(v.Value()):
			t.Errorf("%s is not valid", write(v))
		}
	})
}
