package source

import (
	"bytes"
	"fmt"
)

// yamlScan looks through a text that is no YAML for what opens a value and does not
// close it. The reader tells of it only where it gives up, many lines later or at
// the line where the outermost collection began. It knows as much of YAML as that
// takes: quotes, { } and [ ], comments, and texts behind | and >.
type yamlScan struct {
	file *File
	open []int // the offsets of the { and [ that are not closed
	// indent is that of the block in which the line stands: what continues a value
	// must be deeper.
	indent int
	quote  int // the offset of a quote that is not closed, -1 for none
	// literal is the indent of the block that holds a text behind | or >, -1 for none.
	literal int

	at   Span
	hint string
}

// findUnclosed gives the place and what to do; ok is false where nothing was found.
func findUnclosed(file *File) (at Span, hint string, ok bool) {
	s := &yamlScan{file: file, quote: -1, literal: -1}
	start := 0
	for start < len(file.Data) && s.hint == "" {
		line, _, _ := bytes.Cut(file.Data[start:], []byte{'\n'})
		s.line(line, start)
		start += len(line) + 1
	}
	s.end()
	return s.at, s.hint, s.hint != ""
}

func (s *yamlScan) found(off, length int, hint string) {
	if s.hint == "" {
		s.at, s.hint = Span{File: s.file, Off: uint32(off), Len: uint32(length)}, hint
	}
}

// end reports what is open where it can no longer be closed.
func (s *yamlScan) end() {
	switch {
	case s.quote >= 0:
		s.found(s.quote, 1, fmt.Sprintf("this quote is not closed: write %c at the end of the text", s.file.Data[s.quote]))
	case len(s.open) > 0:
		off := s.open[len(s.open)-1]
		s.found(off, 1, fmt.Sprintf("this %c is not closed: write %c at its end", s.file.Data[off], closer(s.file.Data[off])))
	}
}

func closer(opener byte) byte { return opener + 2 } // {} and [] in ASCII

func (s *yamlScan) line(line []byte, start int) {
	i := len(line) - len(bytes.TrimLeft(line, " "))
	if len(bytes.Trim(line, " \t\r")) == 0 {
		return // blank, with spaces or without
	}
	if s.literal >= 0 && i > s.literal {
		return
	}
	s.literal = -1
	switch {
	case s.quote >= 0 || len(s.open) > 0:
		if i <= s.indent && line[i] != '}' && line[i] != ']' {
			s.end()
			return
		}
	default:
		for i+1 < len(line) && line[i] == '-' && line[i+1] == ' ' {
			i += 2 + len(line[i+2:]) - len(bytes.TrimLeft(line[i+2:], " "))
		}
		if s.indent = i; i == 0 && (line[0] == '{' || line[0] == '[') {
			s.indent = -1 // nothing is around it
		}
	}
	s.values(line, start, i)
}

// values looks at a line from i on.
func (s *yamlScan) values(line []byte, start, i int) {
	begins, closed := true, false // at the beginning of a value, behind a } or ]
	for ; i < len(line) && s.hint == ""; i++ {
		c := line[i]
		last := i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\r'
		flow := len(s.open) > 0
		switch {
		case s.quote >= 0:
			i = s.text(line, i)
			begins = false
		case c == ' ' || c == '\t' || c == '\r':
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			if flow && bytes.ContainsAny(line[i:], "}]") {
				s.found(start+i, 1, `" #" begins a comment: put the value into double quotes`)
			}
			return
		case begins && (c == '"' || c == '\''):
			s.quote = start + i
		case begins && flow && c == '$' && i+1 < len(line) && line[i+1] == '{':
			s.found(start+i, 2, "put a value that holds ${ } into double quotes")
		case (begins || flow) && (c == '{' || c == '['):
			s.open = append(s.open, start+i)
			begins = true
		case (flow || closed) && (c == '}' || c == ']'):
			s.close(start+i, c)
			begins, closed = false, len(s.open) == 0
		case flow && c == ',', c == ':' && last:
			begins, closed = true, false
		case begins && !flow && (c == '|' || c == '>'):
			s.literal = s.indent
			return
		default:
			begins, closed = false, false
		}
	}
}

// text goes to the end of a quoted text, or of the line.
func (s *yamlScan) text(line []byte, i int) int {
	quote := s.file.Data[s.quote]
	for ; i < len(line); i++ {
		switch {
		case quote == '"' && line[i] == '\\', quote == '\'' && line[i] == quote && i+1 < len(line) && line[i+1] == quote:
			i++
		case line[i] == quote:
			s.quote = -1
			return i
		}
	}
	return i
}

func (s *yamlScan) close(off int, c byte) {
	if len(s.open) == 0 {
		s.found(off, 1, fmt.Sprintf("this %c closes nothing: remove it", c))
		return
	}
	if closer(s.file.Data[s.open[len(s.open)-1]]) != c {
		s.end()
		return
	}
	s.open = s.open[:len(s.open)-1]
}
