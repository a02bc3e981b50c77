package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// addEncodingError tells, of a text that cannot be parsed, when that is because its bytes
// are no UTF-8 text. The readers of YAML and JSON name no place for it, or none at all.
func (p *parser) addEncodingError() bool {
	data := p.file.Data
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		if !p.isJSON() {
			return false // UTF-16, which YAML may be
		}
		p.add(CodeSyntax, Error, Span{File: p.file, Len: 1}, "this is UTF-16, and JSON is UTF-8 (RFC 8259 section 8.1)").Hint = utf8Hint
		return true
	}
	for off := 0; off < len(data); {
		r, size := utf8.DecodeRune(data[off:])
		at := Span{File: p.file, Off: uint32(off), Len: 1}
		switch {
		case r == utf8.RuneError && size == 1:
			p.add(CodeSyntax, Error, at, fmt.Sprintf("this is not UTF-8: the byte 0x%02X stands here", data[off])).Hint = utf8Hint
			return true
		case r < ' ' && r != '\t' && r != '\n' && r != '\r':
			p.add(CodeSyntax, Error, at, fmt.Sprintf("this is no text: the control character U+%04X stands here", r)).Hint = "take it out; where there are many of them the file is binary, or is not saved as UTF-8"
			return true
		}
		off += size
	}
	return false
}

const utf8Hint = "save the file as UTF-8"
