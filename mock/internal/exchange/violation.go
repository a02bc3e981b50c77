package exchange

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Location says which part of a request or response something is about. The
// values are those of "in" in OpenAPI, and the words of when.violates.
type Location string

// The locations of a Violation.
const (
	Path      Location = "path"
	Query     Location = "query"
	Header    Location = "header"
	Cookie    Location = "cookie"
	Body      Location = "body"
	Security  Location = "security"
	MediaType Location = "mediaType"
	Accept    Location = "accept"
	Status    Location = "status" // responses only
)

// Rules that are no JSON Schema keywords. A schema's violations carry the keyword.
const (
	RuleRequired    = "required"
	RuleDecode      = "decode"      // the text cannot be read as what it should be
	RuleUnknown     = "unknown"     // not declared, where that is not allowed
	RuleNotAllowed  = "notAllowed"  // sent where the contract says nothing of the kind
	RuleCredentials = "credentials" // no security requirement is met
	RuleMediaType   = "mediaType"
	RuleAccept      = "accept"
	RuleReadOnly    = "readOnly"
	RuleWriteOnly   = "writeOnly"
	RuleStatus      = "status"
)

// Violation is one breach of the contract. Text is made from it in one place,
// by String; everything else carries the parts.
type Violation struct {
	In Location `json:"in"`
	// Name is the parameter's, header's or security scheme's name. Of a body it is that of
	// a part's header, or of an XML element or @attribute that is not called like the
	// property; else empty.
	Name string `json:"name,omitempty"`
	// Pointer is the JSON pointer to the offending value inside the decoded value.
	Pointer string `json:"pointer,omitempty"`
	// Rule is a JSON Schema keyword or one of the Rule constants.
	Rule     string `json:"rule"`
	Expected string `json:"expected,omitempty"`
	Got      string `json:"got,omitempty"`
	// Fix says what to change in the request, as an instruction.
	Fix string `json:"fix,omitempty"`
	// Contract is where the broken rule stands. Its text (file:line:col) is found
	// when it is first shown; nil for nowhere.
	Contract Position `json:"-"`
}

// MaxText bounds each text of a violation, in bytes: names of members, of which pointers are
// made, are as long as who sends them likes.
const MaxText = 4 << 10

// Shorten cuts the texts of violations that are longer than MaxText.
func Shorten(list []Violation) {
	for i := range list {
		v := &list[i]
		for _, text := range []*string{&v.Name, &v.Pointer, &v.Expected, &v.Got, &v.Fix} {
			*text = Shortened(*text)
		}
	}
}

// Shortened gives a text that is cut where it is longer than MaxText, between two characters
// and with an ellipsis.
func Shortened(text string) string {
	if len(text) <= MaxText {
		return text
	}
	return source.Cut(text, MaxText-len("…"))
}

// IsShortened tells whether Shortened may have cut a text.
func IsShortened(text string) bool {
	return len(text) > MaxText-utf8.UTFMax && strings.HasSuffix(text, "…")
}

// Position is a place in the contract: source.Span is one.
type Position interface{ String() string }

// ContractLine gives the contract's position as text, "" for none.
func (v Violation) ContractLine() string {
	if v.Contract == nil {
		return ""
	}
	return v.Contract.String()
}

// appendContract appends what ContractLine gives.
func (v *Violation) appendContract(b []byte) []byte {
	if at, ok := v.Contract.(source.Span); ok { // most are, and need no text of their own then
		return at.Append(b)
	}
	return append(b, v.ContractLine()...)
}

// Where names the offending place for people: header "x-fingerprint", or
// body /actor/name.
func (v Violation) Where() string { return string(v.appendWhere(nil)) }

func (v *Violation) appendWhere(b []byte) []byte {
	switch v.In {
	case MediaType:
		b = append(b, `header "Content-Type"`...)
	case Accept:
		b = append(b, `header "Accept"`...)
	default:
		b = append(b, v.In...)
		if v.Name != "" {
			b = appendQuoted(append(b, ' '), v.Name)
		}
	}
	if v.Pointer != "" {
		b = append(append(b, ' '), v.Pointer...)
	}
	return b
}

// appendQuoted is strconv.AppendQuote, which takes five times as long for most names.
func appendQuoted(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return strconv.AppendQuote(b, text)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

// String is the one line that headers, logs and diagnostics show.
func (v Violation) String() string { return string(v.appendLine(make([]byte, 0, 128))) }

func (v *Violation) appendLine(b []byte) []byte {
	b = v.appendWhere(b)
	switch {
	case v.Rule == RuleRequired && v.Got == "":
		b = append(b, " is required"...)
	case v.Expected != "":
		b = append(append(b, " must be "...), v.Expected...)
	default:
		b = append(append(b, " breaks "...), v.Rule...)
	}
	if v.Got != "" {
		b = append(append(b, ", got "...), v.Got...)
	}
	return b
}

// ViolationsHeader lists violations for the header Understudy-Violations.
func ViolationsHeader(violations []Violation) string {
	var room [256]byte
	line, l := room[:0], newHeaderList(len(violations))
	for i := range violations {
		if line = violations[i].appendLine(line[:0]); !addEntry(l, line) {
			break
		}
	}
	return l.text.String()
}
