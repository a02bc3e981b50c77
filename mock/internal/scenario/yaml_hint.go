package scenario

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// yamlTraps are the ways in which an unquoted value inside of { } or [ ] keeps a
// file from being YAML. The reader notices them late and names an earlier line.
var yamlTraps = []struct {
	pattern *regexp.Regexp
	hint    string
}{
	{regexp.MustCompile(`[{\[,][^"']*:[ \t]+(\$\{)`), "put a value that holds ${ } into double quotes"},
	{regexp.MustCompile(`[{\[,][ \t]*[A-Za-z0-9_-]+:[ \t]+([^"'{}\[\], \t][^"'{}\[\],]*: )`), `put a value that holds ": " into double quotes`},
}

// maxTrapLines bounds how far behind the line of a syntax error a trap is looked for.
const maxTrapLines = 20

// explainYAML points a syntax error for which the parser has no better hint at
// the value that most probably causes it.
func explainYAML(file *source.File, found source.Diagnostics) {
	for i := range found {
		if d := &found[i]; d.Code == source.CodeSyntax && d.At.File == file && strings.HasPrefix(d.Hint, "check ") {
			pointAtTrap(d, file)
		}
	}
}

func pointAtTrap(d *source.Diagnostic, file *source.File) {
	start := bytes.LastIndexByte(file.Data[:min(int(d.At.Off), len(file.Data))], '\n') + 1
	rest := file.Data[start:]
	for range maxTrapLines {
		line, more, _ := bytes.Cut(rest, []byte{'\n'})
		for _, trap := range yamlTraps {
			if m := trap.pattern.FindSubmatchIndex(line); m != nil {
				d.At = source.Span{File: file, Off: uint32(start + m[2]), Len: uint32(m[3] - m[2])}
				d.Hint = trap.hint
				return
			}
		}
		start += len(line) + 1
		rest = more
	}
}
