package journal

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// body hides properties in a body as it was sent, which may be cut or broken: what
// has the form of JSON's members, in whatever media type, and the fields of forms.
func (r *Redactor) body(data []byte, contentType string) []byte {
	if len(r.properties) == 0 || len(data) == 0 {
		return data
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	switch {
	case err == nil && media == "application/x-www-form-urlencoded":
		return []byte(r.form(string(data)))
	case err == nil && strings.HasPrefix(media, "multipart/") && parameters["boundary"] != "":
		return r.multipart(data, parameters["boundary"])
	}
	return r.json(data)
}

// form hides fields of a form, which has the form of a query.
func (r *Redactor) form(text string) string {
	fields := Redactor{names: map[exchange.Location]map[string]bool{exchange.Query: r.properties}, properties: r.properties}
	return fields.query(text)
}

// multipart hides the content of parts by their names (RFC 7578 section 4.2).
func (r *Redactor) multipart(data []byte, boundary string) []byte {
	parts := bytes.Split(data, []byte("--"+boundary))
	for i, part := range parts {
		head, content, found := bytes.Cut(part, []byte("\r\n\r\n"))
		if !found {
			continue
		}
		if r.hidesProperty(partName(head)) {
			content = []byte(exchange.Redacted + "\r\n")
		} else {
			content = r.json(content)
		}
		parts[i] = bytes.Join([][]byte{head, content}, []byte("\r\n\r\n"))
	}
	return bytes.Join(parts, []byte("--"+boundary))
}

func partName(head []byte) string {
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		name, value, _ := strings.Cut(string(line), ":")
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Disposition") {
			continue
		}
		if _, parameters, err := mime.ParseMediaType(strings.TrimSpace(value)); err == nil {
			return parameters["name"]
		}
	}
	return ""
}

// json hides the values of members in a text that has JSON in it, whole or in part.
// Everything else stays as it is.
func (r *Redactor) json(data []byte) []byte {
	if len(r.properties) == 0 || bytes.IndexByte(data, ':') < 0 {
		return data
	}
	var out []byte
	kept := 0 // up to here data is in out
	for i := 0; i < len(data); {
		if data[i] != '"' {
			i++
			continue
		}
		end := stringEnd(data, i)
		colon := skipSpace(data, end)
		if colon >= len(data) || data[colon] != ':' || !r.hidesProperty(plainName(data[i:end])) {
			i = end
			continue
		}
		value := skipSpace(data, colon+1)
		out = append(append(out, data[kept:value]...), `"`+exchange.Redacted+`"`...)
		i = valueEnd(data, value)
		kept = i
	}
	if kept == 0 {
		return data
	}
	return append(out, data[kept:]...)
}

// stringEnd gives the index behind the string that begins at i.
func stringEnd(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && strings.IndexByte(" \t\r\n", data[i]) >= 0 {
		i++
	}
	return i
}

// valueEnd gives the index behind the value that begins at i.
func valueEnd(data []byte, i int) int {
	depth := 0
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = stringEnd(data, i) - 1
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return i
			}
			if depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(data)
}

// plainName reads a string with its quotes.
func plainName(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		var name string
		if json.Unmarshal(quoted, &name) == nil {
			return name
		}
	}
	return strings.Trim(string(quoted), `"`)
}
