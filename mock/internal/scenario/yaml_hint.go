package scenario

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// yamlTrap is an unquoted value inside of { } or [ ] that keeps a file from being
// YAML. The reader notices it late and names an earlier line.
var yamlTrap = regexp.MustCompile(`[{\[,][ \t]*[A-Za-z0-9_-]+:[ \t]+([^"'{}\[\], \t][^"'{}\[\],]*: )`)

// maxTrapLines bounds how far behind the line of a syntax error a trap is looked for.
const maxTrapLines = 20

// explainYAML points a syntax error at the value that most probably causes it.
func explainYAML(file *source.File, found source.Diagnostics) {
	for i := range found {
		d := &found[i]
		if d.Code != source.CodeSyntax || d.At.File != file || d.Hint == "" || strings.HasPrefix(d.Hint, "indent ") {
			continue
		}
		if at, hint, ok := findUnclosed(file); ok {
			d.At, d.Hint = at, hint
		} else if strings.HasPrefix(d.Hint, "check ") {
			pointAtTrap(d, file)
		}
	}
}

func pointAtTrap(d *source.Diagnostic, file *source.File) {
	start := bytes.LastIndexByte(file.Data[:min(int(d.At.Off), len(file.Data))], '\n') + 1
	rest := file.Data[start:]
	for range maxTrapLines {
		line, more, _ := bytes.Cut(rest, []byte{'\n'})
		if m := yamlTrap.FindSubmatchIndex(line); m != nil {
			d.At = source.Span{File: file, Off: uint32(start + m[2]), Len: uint32(m[3] - m[2])}
			d.Hint = `put a value that holds ": " into double quotes`
			return
		}
		start += len(line) + 1
		rest = more
	}
}
