package source_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestPositions(t *testing.T) {
	t.Parallel()
	yaml := "a:\n  - é: {key: value}\n    \"q\": 'x'\n"
	json := "{\n  \"a\": [\n    {\"é\": {\"key\": \"value\"}, \"q\": \"x\"}\n  ]\n}\n"
	for _, c := range []struct{ text, pointer, at, key string }{
		{yaml, "/a", "f:1:1", "f:1:1"},
		{yaml, "/a/0/é/key", "f:2:14", "f:2:9"},
		{yaml, "/a/0/q", "f:3:10", "f:3:5"},
		{json, "/a/0/é/key", "f:3:19", "f:3:12"},
		{json, "/a/0/q", "f:3:34", "f:3:29"},
	} {
		root, found := parse(t, "f", c.text)
		if len(found) > 0 {
			t.Fatal(found)
		}
		n := root.Find(c.pointer)
		if got := n.Pointer(); got != c.pointer {
			t.Errorf("pointer of %s: %s", c.pointer, got)
		}
		if got := n.At().String(); got != c.at {
			t.Errorf("%s stands at %s, want %s", c.pointer, got, c.at)
		}
		if got := n.KeyAt().String(); got != c.key {
			t.Errorf("key of %s stands at %s, want %s", c.pointer, got, c.key)
		}
	}
}

func TestNilNode(t *testing.T) {
	t.Parallel()
	var n *source.Node
	if n.Get("a").Get("b").Str() != "" || n.Scalar() != "" || n.IsTrue() || n.Pointer() != "" || n.At() != (source.Span{}) || n.Value() != nil {
		t.Error("a nil node must answer as for a value that is not there")
	}
	for range n.Items() {
		t.Error("a nil node has no items")
	}
}

// TestBuiltTrees holds that a tree which is put together tells its own ways, and the
// places of what it was made from.
func TestBuiltTrees(t *testing.T) {
	t.Parallel()
	from, _ := parse(t, "f.yaml", "a: {b: 1}\nc: 2\n")
	root := source.New(from, source.Object, "", "", from.Get("a").Renamed("x"), source.New(from.Get("c"), source.Array, "y", "", *from.Get("c")))
	built := source.Link(&root)
	if got, want := string(built.AppendJSON(nil)), `{"x":{"b":1},"y":[2]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	b := built.Find("/x/b")
	if b.Pointer() != "/x/b" || b.Parent() != built.Get("x") || b.Root() != built || b.At().String() != "f.yaml:1:8" {
		t.Errorf("%s at %v of %s", b.Pointer(), b.At(), b.Root().Kind)
	}
	if original := from.Find("/a/b"); original.Pointer() != "/a/b" || original.Root() != from {
		t.Error("the tree that it was made from has changed")
	}
	copied := built.Get("y").Clone()
	if copied.Parent() != nil || copied.Find("/0").Pointer() != "/0" || copied.Find("/0").At() != built.Find("/y/0").At() {
		t.Errorf("%v", copied)
	}
}
