package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// yamlMisplaced are the complaints for which yaml.v3 names the line at which the collection
// began, or none, and not that of what does not fit into it.
var yamlMisplaced = regexp.MustCompile(`^(did not find expected (key|'-' indicator|node content|<document start>)|unknown anchor)`)

// maxStopTries bounds how many lines the reader of YAML is ahead of a mistake: it looks
// behind the end of a text for what continues it.
const maxStopTries = 3

// yamlStop gives the line, from 1, that a text which is no YAML must end before to be some.
func yamlStop(data []byte) int {
	given := &lineReader{rest: data}
	_ = readYAML(given)
	line := given.lines
	for range maxStopTries {
		if line <= 1 || readYAML(bytes.NewReader(firstLines(data, line-1))) == nil {
			break
		}
		line--
	}
	return max(1, line)
}

// readYAML reads all documents, and gives the first error.
func readYAML(r io.Reader) error {
	for dec := yaml.NewDecoder(r); ; {
		var document yaml.Node
		if err := dec.Decode(&document); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func firstLines(data []byte, n int) []byte {
	end := 0
	for range n {
		end += 1 + bytes.IndexByte(data[end:], '\n')
	}
	return data[:end]
}

// lineReader gives one line at a time, so that it is known how far its reader has come.
type lineReader struct {
	rest  []byte
	lines int // how many lines were begun
	mid   bool
}

func (r *lineReader) Read(to []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	if !r.mid {
		r.lines++
	}
	line := r.rest
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end+1]
	}
	n := copy(to, line)
	r.mid, r.rest = n < len(line), r.rest[n:]
	return n, nil
}

// yamlIndentHint tells at which indents a line could stand that stands at another one.
// It is empty where the indent is not what is wrong.
func yamlIndentHint(data []byte, line int) string {
	lines := bytes.Split(data, []byte{'\n'})
	if line > len(lines) {
		return ""
	}
	indent := indentOf(string(lines[line-1]))
	open := openIndents(lines[:line-1])
	above, at := slices.BinarySearch(open, indent)
	if at || above == 0 || above == len(open) { // deeper than all is where something may begin
		return ""
	}
	return fmt.Sprintf("indent this line by %d or %d spaces, as the lines before it that it belongs to", open[above-1], open[above])
}

// yamlDashHint is for a line without a dash that stands where a list goes on.
func yamlDashHint(message, line string) string {
	if !strings.Contains(message, "'-' indicator") || strings.HasPrefix(strings.TrimLeft(line, " "), "- ") {
		return ""
	}
	return "only elements, which begin with -, stand in a list: indent this line by more to go on with the last one, or by less to end the list"
}

// openIndents gives where the collections stand, in ascending order, that are open behind
// these lines. A list item has two: that of its dash, and that of what stands behind it.
func openIndents(lines [][]byte) []int {
	var open []int
	for i := len(lines) - 1; i >= 0 && (len(open) == 0 || open[len(open)-1] > 0); i-- {
		text := bytes.TrimRight(lines[i], " \r\t")
		at := indentOf(string(text))
		if at == len(text) || text[at] == '#' {
			continue
		}
		own := []int{at}
		for at+1 < len(text) && text[at] == '-' && text[at+1] == ' ' {
			at += 2 + indentOf(string(text[at+2:]))
			own = append(own, at)
		}
		for _, column := range slices.Backward(own) {
			if len(open) == 0 || column < open[len(open)-1] {
				open = append(open, column)
			}
		}
	}
	slices.Reverse(open)
	return open
}

// indentOf counts the blanks before the first character that is none.
func indentOf(line string) int {
	n := 0
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') {
		n++
	}
	return n
}
