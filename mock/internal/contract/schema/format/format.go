// Package format checks values against the keyword format of JSON Schema
// (validation section 7.3) and the formats that OpenAPI adds (format registry).
//
// Every check is a plain function that allocates nothing for usual values. The
// checks are as strict as the documents they cite, with one exception that is
// told where it is made: duration.
package format

import (
	"maps"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// Format is one value of the keyword. It is immutable.
type Format struct {
	Name string
	// Noun names a value of the format in a sentence: "a date".
	Noun string
	// Example is a value that fits, as it is written in text; empty for formats
	// that every value fits.
	Example string

	text   func(string) bool
	number func(decimal.Decimal) bool
}

// FitsText tells whether a string fits. Formats for numbers do not speak about
// strings: every string fits them.
func (f *Format) FitsText(s string) bool { return f.text == nil || f.text(s) }

// FitsNumber tells whether a number fits. Formats for strings do not speak about
// numbers: every number fits them.
func (f *Format) FitsNumber(d decimal.Decimal) bool { return f.number == nil || f.number(d) }

// Phrase says what is expected: the noun, with the example where a text is.
func (f *Format) Phrase() string {
	if f.text == nil {
		return f.Noun
	}
	return f.Noun + " such as " + f.Example
}

// Lookup gives the format of that name, nil for an unknown one.
func Lookup(name string) *Format { return formats[name] }

// Names gives all known names, sorted.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }

var formats = map[string]*Format{}

func init() {
	for _, f := range []Format{
		{Name: "date", Noun: "a date", Example: "2024-05-17", text: isDate},
		{Name: "date-time", Noun: "a date and time with offset", Example: "2024-05-17T10:30:00Z", text: isDateTime},
		{Name: "time", Noun: "a time with offset", Example: "10:30:00Z", text: isTime},
		{Name: "duration", Noun: "an ISO 8601 duration", Example: "P1DT12H", text: isDuration},
		{Name: "uuid", Noun: "a UUID", Example: "7d444840-9dc0-11d1-b245-5ffdce74fad2", text: isUUID},
		{Name: "email", Noun: "an e-mail address", Example: "jane@example.com", text: isEmail},
		{Name: "idn-email", Noun: "an e-mail address", Example: "jane@bücher.example", text: isIDNEmail},
		{Name: "hostname", Noun: "a host name", Example: "www.example.com", text: isHostname},
		{Name: "idn-hostname", Noun: "a host name", Example: "www.bücher.example", text: isIDNHostname},
		{Name: "ipv4", Noun: "an IPv4 address", Example: "192.0.2.1", text: isIPv4},
		{Name: "ipv6", Noun: "an IPv6 address", Example: "2001:db8::1", text: isIPv6},
		{Name: "uri", Noun: "a URI", Example: "https://example.com/a?b#c", text: isURI},
		{Name: "uri-reference", Noun: "a URI reference", Example: "/a?b#c", text: isURIReference},
		{Name: "iri", Noun: "an IRI", Example: "https://bücher.example/ä", text: isIRI},
		{Name: "iri-reference", Noun: "an IRI reference", Example: "/ä?b#c", text: isIRIReference},
		{Name: "uri-template", Noun: "a URI template", Example: "/users/{id}", text: isURITemplate},
		{Name: "json-pointer", Noun: "a JSON pointer", Example: "/a/0", text: isJSONPointer},
		{Name: "relative-json-pointer", Noun: "a relative JSON pointer", Example: "1/a", text: isRelativeJSONPointer},
		{Name: "regex", Noun: "a regular expression", Example: "^[a-z]+$", text: func(s string) bool { return pattern.Check(s) == nil }},
		{Name: "byte", Noun: "base64 with padding", Example: "SGVsbG8=", text: isBase64},
		{Name: "binary", Noun: "anything"},
		{Name: "password", Noun: "anything"},
		integer("int8", "-128", "127"),
		integer("int16", "-32768", "32767"),
		integer("int32", "-2147483648", "2147483647"),
		integer("int64", "-9223372036854775808", "9223372036854775807"),
		integer("uint8", "0", "255"),
		integer("uint16", "0", "65535"),
		integer("uint32", "0", "4294967295"),
		integer("uint64", "0", "18446744073709551615"),
		// The bounds are the last numbers that are not rounded to infinity.
		float("float", "a number that fits into single precision", "3.4028235677973366e38"),
		float("double", "a number that fits into double precision", "1.7976931348623158079e308"),
	} {
		formats[f.Name] = &f
	}
}

func integer(name, least, greatest string) Format {
	lo, hi := decimal.MustParse(least), decimal.MustParse(greatest)
	return Format{Name: name, Noun: "an integer from " + least + " to " + greatest, Example: "42", number: func(d decimal.Decimal) bool {
		return d.IsInteger() && d.Cmp(lo) >= 0 && d.Cmp(hi) <= 0
	}}
}

func float(name, noun, limit string) Format {
	lo, hi := decimal.MustParse("-"+limit), decimal.MustParse(limit)
	return Format{Name: name, Noun: noun, Example: "1.5", number: func(d decimal.Decimal) bool {
		return d.Cmp(lo) > 0 && d.Cmp(hi) < 0
	}}
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isUUID checks the text form of RFC 9562 section 4, any version and variant.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isBase64 checks RFC 4648 section 4: the standard alphabet, padded.
func isBase64(s string) bool {
	if len(s)%4 != 0 {
		return false
	}
	end := len(s)
	for padding := 0; padding < 2 && end > 0 && s[end-1] == '='; padding++ {
		end--
	}
	for i := range end {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '/' {
			return false
		}
	}
	return true
}

// isJSONPointer checks RFC 6901 section 3.
func isJSONPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// isRelativeJSONPointer checks draft-bhutton-relative-json-pointer section 3.
func isRelativeJSONPointer(s string) bool {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	return s[n:] == "#" || isJSONPointer(s[n:])
}
