package source_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestFind(t *testing.T) {
	t.Parallel()
	root, _ := parse(t, "a.json", `{"a/b": {"c~d": [1, {"": 2}]}, "x": 1, "x": 3}`)
	for pointer, want := range map[string]string{
		"": "object", "/a~1b/c~0d/0": "1", "/a~1b/c~0d/1/": "2", "/x": "3",
		"/nope": "", "/a~1b/c~0d/2": "", "/a~1b/c~0d/00": "", "/a~1b/c~0d/-1": "", "x": "", "/x/y": "",
	} {
		n := root.Find(pointer)
		got := ""
		if n != nil {
			if got = n.Text; n.Kind == source.Object {
				got = n.Kind.String()
			}
		}
		if got != want {
			t.Errorf("Find(%q) = %q, want %q", pointer, got, want)
		}
	}
}
