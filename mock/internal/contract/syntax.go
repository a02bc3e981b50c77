package contract

// Syntax is how the values of a media type are written.
type Syntax uint8

// The syntaxes. Opaque stands for all that nobody takes apart.
const (
	Opaque      Syntax = iota
	JSON               // RFC 8259
	Text               // plain text
	XML                // XML 1.0
	Form               // application/x-www-form-urlencoded
	Multipart          // RFC 2046 section 5.1
	JSONLines          // application/jsonl and application/x-ndjson
	JSONRecords        // application/json-seq, RFC 7464
	EventStream        // text/event-stream
	syntaxes
)

// Syntax tells how values of the type are written; Opaque for a range.
func (m MediaType) Syntax() Syntax {
	switch {
	case m.IsJSON():
		return JSON
	case m.IsText():
		return Text
	case m.IsXML():
		return XML
	case m.Type == "multipart":
		return Multipart
	case m.Type == "text" && m.Subtype == "event-stream":
		return EventStream
	case m.Type != "application":
		return Opaque
	}
	switch m.Subtype {
	case "x-www-form-urlencoded":
		return Form
	case "jsonl", "x-ndjson", "ndjson", "x-jsonlines", "jsonlines":
		return JSONLines
	case "json-seq":
		return JSONRecords
	}
	return Opaque
}

// IsSequence tells whether bodies are values one after the other.
func (s Syntax) IsSequence() bool { return s == JSONLines || s == JSONRecords || s == EventStream }

// IsData tells whether values other than text can be written.
func (s Syntax) IsData() bool { return s != Opaque && s != Text }
