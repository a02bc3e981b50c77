package contract

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/xmlvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// MaxFileText bounds the text of a file that conditions can look at, in bytes.
const MaxFileText = 64 << 10

// The members of what conditions see of a file.
const (
	fileName    = "filename"
	fileType    = "contentType"
	fileSize    = "size"
	fileSum     = "sha256"
	fileContent = "content"
)

// partKind is how the content of a part is read.
type partKind uint8

const (
	textPart partKind = iota
	jsonPart
	xmlPart
	filePart
	// textFile is a file where the schema describes a text: it is one if its bytes are, and
	// if it is not too long to be held.
	textFile
)

func (k partKind) isFile() bool { return k == filePart || k == textFile }

// kindOf tells how a part is read, by its header and what is described for it.
func kindOf(s *part, shape *schema.Shape, e *partEncoding) partKind {
	types := param.Meant(shape)
	t, said := ParseMediaType(s.contentType)
	if !said {
		t = e.assumed(shape)
	}
	onlyText := types&^schema.TypeNull == schema.TypeString
	switch {
	case t.IsJSON() && !onlyText:
		return jsonPart
	case t.IsXML() && !onlyText && types != schema.AnyType && shape.Source != nil:
		return xmlPart
	case shape != nil && shape.Binary:
		return filePart
	case !types.Has(schema.TypeString):
		return textPart
	case onlyText && s.isFile:
		return textFile
	case !onlyText && (s.isFile || said && !t.IsText() && !t.IsJSON() && !t.IsXML()):
		return filePart
	}
	return textPart
}

// read gives what a part holds, as field. Files are judged as strings of bytes; what
// conditions see of them is given apart, nil for no file.
func (p *payload) read(s *part, shape *schema.Shape, e *partEncoding, pointer string, field *param.Field) (file map[string]any, found []exchange.Violation) {
	switch kind := kindOf(s, shape, e); {
	case kind == jsonPart:
		value, err := jsonvalue.Decode(s.data)
		if field.Decoded, field.Value = true, value; err != nil {
			reason, inside, _ := jsonvalue.Reason(err)
			field.Value = string(s.data)
			v := badJSON(err)
			v.Pointer, v.Got = pointer+inside, reason
			return nil, []exchange.Violation{v}
		}
	case kind == xmlPart:
		body, _ := param.CompileBody(shape.Source, p.contract.schemas, p.dir) // told with the whole schema
		value, ok, found := xmlvalue.New(body, "", p.contract.schemas.ShapeOf).Decode(s.data)
		if field.Decoded, field.Value = true, value; !ok {
			field.Value = string(s.data)
		}
		for i := range found {
			found[i].Pointer = pointer + found[i].Pointer
		}
		if !ok {
			return nil, found
		}
	case kind == filePart, kind == textFile && (s.measured || !utf8.Valid(s.data)):
		field.Decoded, field.Value = true, s.text()
		file = s.shown(s.contentType)
		file[fileName] = s.filename
		return file, nil
	default:
		field.Raw = string(s.data)
	}
	return nil, nil
}

func sizeOf(file map[string]any) int64 {
	number, _ := file[fileSize].(json.Number)
	size, _ := number.Int64() // it is ours
	return size
}

// assumed is the media type of a part that does not say its own: that of the encoding
// object, else by the type of the property (OpenAPI 3.1 section 4.8.15.1.1). Where the
// specification says application/octet-stream, a part without a type is taken as the
// text that RFC 7578 section 4.4 makes of it.
func (e *partEncoding) assumed(shape *schema.Shape) MediaType {
	if len(e.types) > 0 && e.types[0].Concrete() {
		return e.types[0]
	}
	types := param.Meant(shape)
	scalars := types &^ (schema.TypeObject | schema.TypeArray | schema.TypeNull)
	if scalars == 0 && types.Has(schema.TypeObject) {
		return MediaType{Type: "application", Subtype: "json"}
	}
	return MediaType{Type: "text", Subtype: "plain"}
}

// fileShape is the shape of what conditions see of a file.
var fileShape = &schema.Shape{
	Types: schema.TypeObject, Likely: schema.TypeObject, Closed: true,
	Properties: map[string]*schema.Shape{
		fileName:    {Types: schema.TypeString, Likely: schema.TypeString},
		fileType:    {Types: schema.TypeString, Likely: schema.TypeString},
		fileSize:    {Types: schema.TypeInteger, Likely: schema.TypeInteger},
		fileSum:     {Types: schema.TypeString, Likely: schema.TypeString},
		fileContent: {Types: schema.TypeString | schema.TypeNull, Likely: schema.TypeString},
	},
}

// shownShape is the shape of a body of parts as conditions see it: files have members.
func shownShape(s *schema.Shape) *schema.Shape {
	if s == nil {
		return nil
	}
	shown := *s
	shown.Source = nil // the schema does not speak of files as conditions see them
	shown.Items = shownFileShape(s.Items)
	shown.Prefix = nil
	for _, item := range s.Prefix {
		shown.Prefix = append(shown.Prefix, shownFileShape(item))
	}
	if s.Properties != nil {
		shown.Properties = make(map[string]*schema.Shape, len(s.Properties))
		for name, property := range s.Properties {
			shown.Properties[name] = shownFileShape(property)
		}
	}
	return &shown
}

func shownFileShape(s *schema.Shape) *schema.Shape {
	switch {
	case s == nil:
		return nil
	case s.Binary && s.Types&^schema.TypeNull == schema.TypeString || s.Binary && s.Types == schema.AnyType:
		return fileShape
	case s.Types.Has(schema.TypeArray) && s.Items != nil && s.Types != schema.AnyType:
		list := *s
		list.Source, list.Items = nil, shownFileShape(s.Items)
		return &list
	}
	return s
}
