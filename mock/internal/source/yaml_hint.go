package source

import (
	"bytes"
	"regexp"
	"strings"
)

// yamlTrap is an unquoted value inside of { } or [ ] that keeps a file from being
// YAML. The reader notices it late and names an earlier line.
var yamlTrap = regexp.MustCompile(`[{\[,][ \t]*[A-Za-z0-9_-]+:[ \t]+([^"'{}\[\], \t][^"'{}\[\],]*: )`)

// maxTrapLines bounds how far behind the line of a syntax error a trap is looked for.
const maxTrapLines = 20

// explain points a syntax error at the value that most probably causes it.
func (d *Diagnostic) explain(file *File) {
	if d.Hint == "" || strings.HasPrefix(d.Hint, "indent ") {
		return
	}
	if at, hint, ok := findUnclosed(file); ok {
		d.At, d.Hint = at, hint
	} else if strings.HasPrefix(d.Hint, "check ") {
		pointAtTrap(d, file)
	}
}

func pointAtTrap(d *Diagnostic, file *File) {
	start := bytes.LastIndexByte(file.Data[:min(int(d.At.Off), len(file.Data))], '\n') + 1
	rest := file.Data[start:]
	for range maxTrapLines {
		line, more, _ := bytes.Cut(rest, []byte{'\n'})
		if m := yamlTrap.FindSubmatchIndex(line); m != nil {
			d.At = Span{File: file, Off: uint32(start + m[2]), Len: uint32(m[3] - m[2])}
			d.Hint = `put a value that holds ": " into double quotes`
			return
		}
		start += len(line) + 1
		rest = more
	}
}
