package xmlvalue

import "bytes"

// crowded tells whether a tag has more than MaxAttributes attributes. encoding/xml gives
// all of them at once, each many times as large as it was sent, so they are counted before.
func crowded(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '<')
		if at < 0 {
			return false
		}
		data = data[at:]
		end := ">"
		switch {
		case bytes.HasPrefix(data, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(data, []byte("<![CDATA[")):
			end = "]]>"
		case bytes.HasPrefix(data, []byte("<?")):
			end = "?>"
		default:
			var many bool
			if data, many = tag(data); many {
				return true
			}
			continue
		}
		_, rest, ok := bytes.Cut(data, []byte(end))
		if !ok {
			return false
		}
		data = rest
	}
}

// tag goes through a tag, and tells whether it has too many attributes.
func tag(data []byte) (rest []byte, many bool) {
	var quote byte
	attributes := 0
	for i, c := range data {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '=':
			if attributes++; attributes > MaxAttributes {
				return nil, true
			}
		case c == '>':
			return data[i+1:], false
		}
	}
	return nil, false
}
