package scenario

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestOutline(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const text = `description: DESCRIPTION
operations:
  ONLY: 404
  SINGLE:
    respond: {status: IN-SINGLE}
  MANY:
    - name: first
      respond: {status: IN-FIRST}
    - respond: {status: IN-SECOND}
  NONE: []
tags: [TAGS]
`
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("story.yaml", text)
	write("broken.yaml", "operations: [")
	write("list.yaml", "- name: 1st")
	o := ReadOutline([]string{dir, filepath.Join(dir, "nowhere")})
	if len(o.Files) != 3 {
		t.Fatalf("%d files: %v", len(o.Files), o.Files)
	}
	if o.Files[2].Stubs != 4 {
		t.Errorf("%d stubs", o.Files[2].Stubs)
	}
	file := &source.File{Name: o.Files[2].File, Data: []byte(text)}
	for word, want := range map[string][2]string{
		"DESCRIPTION": {"", ""},
		"ONLY":        {"ONLY", "story/ONLY#1"},
		"IN-SINGLE":   {"SINGLE", "story/SINGLE#1"},
		"MANY":        {"MANY", ""},
		"IN-FIRST":    {"MANY", "first"},
		"IN-SECOND":   {"MANY", "story/MANY#2"},
		"NONE":        {"NONE", ""},
		"TAGS":        {"", ""},
	} {
		at := source.Span{File: file, Off: uint32(bytes.Index(file.Data, []byte(word)))}
		if sc, stub := o.Find(at); sc != "story" || stub != want[1] || o.Operation(at) != want[0] {
			t.Errorf("%s belongs to %q of %q and %q, want %q", word, stub, o.Operation(at), sc, want)
		}
	}
	for _, at := range []source.Span{{}, {File: &source.File{Name: "elsewhere.yaml"}}} {
		if sc, stub := o.Find(at); sc != "" || stub != "" {
			t.Errorf("%v belongs to %q of %q", at, stub, sc)
		}
	}
}
