package contract

import (
	"maps"
	"mime"
	"strings"
)

// MediaType is a media type or range (RFC 9110 section 8.3.1 and 12.5.1), with
// names in lower case.
type MediaType struct {
	Type, Subtype string
	// Params are read-only: others have the same.
	Params map[string]string
}

// ParseMediaType reads a media type or range; ok is false for text that is none. It is
// safe for concurrent use.
func ParseMediaType(text string) (m MediaType, ok bool) {
	known := mediaTypes.of(text, func(text string) parsedMediaType {
		m, ok := parseMediaType(text)
		return parsedMediaType{m, ok}
	})
	return known.MediaType, known.ok
}

type parsedMediaType struct {
	MediaType
	ok bool
}

// Clients say what they send and accept in few words, again and again.
var (
	mediaTypes   remembered[parsedMediaType]
	acceptHeader remembered[[]acceptRange]
)

func parseMediaType(text string) (m MediaType, ok bool) {
	full, params, err := mime.ParseMediaType(text)
	if err != nil && full == "" {
		return m, false
	}
	m.Type, m.Subtype, ok = strings.Cut(full, "/")
	m.Params = params
	return m, ok && m.Type != "" && m.Subtype != ""
}

// String writes the type with its parameters.
func (m MediaType) String() string {
	return mime.FormatMediaType(m.Type+"/"+m.Subtype, m.Params)
}

// IsJSON tells whether values of the type are JSON texts (RFC 8259, RFC 6839).
func (m MediaType) IsJSON() bool {
	return m.Type == "application" && m.Subtype == "json" || strings.HasSuffix(m.Subtype, "+json") || m.Type == "text" && m.Subtype == "json"
}

// IsText tells whether values of the type are plain text, which a string schema may
// describe.
func (m MediaType) IsText() bool {
	return m.Type == "text" && !m.IsJSON() && !m.IsXML() && m.Subtype != "event-stream"
}

// IsXML tells whether values of the type are XML documents (RFC 7303).
func (m MediaType) IsXML() bool { return m.Subtype == "xml" || strings.HasSuffix(m.Subtype, "+xml") }

// Concrete tells whether the type has no wildcard.
func (m MediaType) Concrete() bool {
	return m.Type != "*" && m.Subtype != "*" && !strings.HasPrefix(m.Subtype, "*")
}

// Nearest gives the type itself, or for a range one that can be sent: JSON where the
// range admits it, else the best known type below it. A multipart type gets the boundary
// without which it cannot be sent.
func (m MediaType) Nearest() MediaType {
	if m = m.nearest(); m.Syntax() == Multipart && m.Params["boundary"] == "" {
		m.Params = maps.Clone(m.Params)
		if m.Params == nil {
			m.Params = map[string]string{}
		}
		m.Params["boundary"] = Boundary
	}
	return m
}

func (m MediaType) nearest() MediaType {
	switch {
	case m.Concrete():
		return m
	case strings.HasPrefix(m.Subtype, "*+"):
		return MediaType{Type: m.Type, Subtype: "x-sample" + m.Subtype[1:], Params: m.Params}
	case m.Type == "*":
		m.Type = "application"
	}
	m.Subtype = bestKnown[m.Type]
	if m.Subtype == "" {
		m.Subtype = "x-sample"
	}
	if m.Type == "text" && len(m.Params) == 0 {
		m.Params = map[string]string{"charset": "utf-8"}
	}
	return m
}

// bestKnown are the subtypes that stand for the ranges of a type.
var bestKnown = map[string]string{
	"application": "json", "text": "plain", "image": "png", "audio": "mpeg", "video": "mp4", "font": "woff2", "multipart": "mixed",
}

// Admits tells whether a concrete type falls under m, and how exactly: parameters
// that m has must be there, a wildcard is less exact than a name. charset and boundary
// never tell types apart.
func (m MediaType) Admits(other MediaType) (exactness int, ok bool) {
	switch {
	case m.Type == "*" && m.Subtype == "*":
		exactness = 1
	case m.Type != other.Type:
		return 0, false
	case m.Subtype == "*":
		exactness = 2
	case strings.HasPrefix(m.Subtype, "*+"):
		if !strings.HasSuffix(other.Subtype, m.Subtype[1:]) {
			return 0, false
		}
		exactness = 3
	case m.Subtype != other.Subtype:
		return 0, false
	default:
		exactness = 4
	}
	for name, value := range m.Params {
		if name == "charset" || name == "boundary" || name == "q" {
			continue
		}
		if !strings.EqualFold(other.Params[name], value) {
			return 0, false
		}
		exactness += 4
	}
	return exactness, true
}

// MostExact finds among media types and ranges the one that a Content-Type falls
// under, the most exact one of several; -1 where none does.
func MostExact(list []MediaType, contentType string) int {
	t, ok := ParseMediaType(contentType)
	if !ok {
		return -1
	}
	return mostExact(list, func(m MediaType) MediaType { return m }, t)
}

func mostExact[M any](list []M, typeOf func(M) MediaType, t MediaType) int {
	best, exactness := -1, 0
	for i, m := range list {
		if e, ok := typeOf(m).Admits(t); ok && e > exactness {
			best, exactness = i, e
		}
	}
	return best
}
