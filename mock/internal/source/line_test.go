package source

import (
	"strings"
	"testing"
	"unsafe"
)

// TestLinesAreParts is about a minified file, in which thousands of findings may be shown: the
// line, which is all of the file, is copied for none of them.
func TestLinesAreParts(t *testing.T) {
	t.Parallel()
	f := &File{Name: "a.json", Data: []byte(`{"a": ` + strings.Repeat("1", 1<<16) + "}\r\nb")}
	if line := f.lineText(1); unsafe.SliceData(line) != &f.Data[0] || len(line) != len(f.Data)-len("\r\nb") {
		t.Errorf("a line of %d bytes is a copy, or another one", len(line))
	}
	var b strings.Builder
	d := Diagnostic{Message: "m", At: Span{File: f, Off: 1000, Len: 3}}
	if err := d.Render(&b); err != nil || b.Len() > 1000 || !strings.Contains(b.String(), "| …1111") {
		t.Errorf("%v, %d bytes:\n%s", err, b.Len(), b.String())
	}
}
