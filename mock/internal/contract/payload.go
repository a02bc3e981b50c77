package contract

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/xmlvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// payload is what a description says about the bodies of one media type or range, in
// requests or in responses. What reads and writes them is compiled when it is first
// needed, once.
type payload struct {
	contract *Contract
	dir      schema.Direction
	// node is the schema, nil for anything; item is the itemSchema of OpenAPI 3.2.
	node, item *source.Node
	// media is the media type object, nil for Swagger 2.0.
	media *source.Node
	// encodings says how properties are sent, where no media type object does.
	encodings map[string]param.Encoding

	shapeOnce sync.Once
	shapeOf   *schema.Shape

	once   sync.Once
	schema *schema.Schema
	fault  error

	itemOnce   sync.Once
	itemSchema *schema.Schema
	itemFault  error

	xmlOnce sync.Once
	xml     *xmlvalue.Codec

	formOnce sync.Once
	form     *param.Form

	partsOnce sync.Once
	parts     *parts
}

// shape is that of the schema.
func (p *payload) shape() *schema.Shape {
	p.shapeOnce.Do(func() { p.shapeOf = p.contract.schemas.ShapeOf(p.node) })
	return p.shapeOf
}

// admitsText tells whether a string may fit the schema.
func (p *payload) admitsText() bool {
	return p.node == nil || p.shape().Types.Has(schema.TypeString)
}

// compiled is the schema, nil where none is described; the error says why it cannot be
// compiled, and then nothing is enforced.
func (p *payload) compiled() (*schema.Schema, error) {
	p.once.Do(func() {
		if p.node != nil {
			p.schema, p.fault = p.contract.schemas.Compile(p.node, p.dir)
		}
	})
	return p.schema, p.fault
}

// compiledItem is the itemSchema, as compiled.
func (p *payload) compiledItem() (*schema.Schema, error) {
	p.itemOnce.Do(func() {
		if node := p.itemNode(); node != nil {
			p.itemSchema, p.itemFault = p.contract.schemas.Compile(node, p.dir)
		}
	})
	return p.itemSchema, p.itemFault
}

// itemNode is the schema of the items of a sequence: itemSchema, or a schema that
// describes no array, as descriptions before OpenAPI 3.2 have it.
func (p *payload) itemNode() *source.Node {
	if p.item != nil || p.node == nil || p.shape().Types.Has(schema.TypeArray) {
		return p.item
	}
	return p.node
}

// as is the syntax in which bodies of a type are read, as far as the schema goes along:
// one of strings describes the text of a form, of XML or of a sequence, and one of
// objects says nothing about text.
func (p *payload) as(t MediaType) Syntax {
	s := t.Syntax()
	if s == JSON || p.node == nil {
		return s
	}
	shape := p.shape()
	text := shape.Types.Has(schema.TypeString)
	switch {
	case s == Text && !text:
		return Opaque
	case s.IsSequence() && p.item != nil:
		return s
	case s == EventStream && !shape.Types.Has(schema.TypeArray) && !text:
		return Opaque // what a schema of objects says about events was left open before itemSchema
	case (s == XML && shape.XML == nil || s == Form || s == Multipart || s.IsSequence()) && shape.Types&^schema.TypeNull == schema.TypeString:
		return Text
	}
	return s
}

// enforces tells whether bodies of a type are held to the schema.
func (p *payload) enforces(t MediaType) bool {
	switch s := p.as(t); s {
	case Opaque:
		return t.Syntax() == Opaque && p.admitsText()
	case Form, Multipart:
		return p.node == nil && p.item == nil || p.item != nil || p.shape().Types&(schema.TypeObject|schema.TypeArray) != 0
	}
	return true
}

// decode reads a body of t, the media type or one below it, and gives its violations.
// Nothing is decoded of bytes that nobody takes apart, and of what cannot be read. The
// value is what conditions look at; it may differ from what the schema judges, see files.
// The body must not change any more.
func (p *payload) decode(t MediaType, body []byte) (exchange.Content, []exchange.Violation) {
	s := p.as(t)
	if s == JSON {
		return p.decodeJSON(body)
	}
	return said(p.decodeAs(s, t, body))
}

// said is what was decoded, if anything was.
func said(value any, decoded bool, found []exchange.Violation) (exchange.Content, []exchange.Violation) {
	if !decoded {
		return exchange.Content{}, found
	}
	return exchange.Decoded(value), found
}

// decodeJSON makes no tree of a valid body.
func (p *payload) decodeJSON(body []byte) (exchange.Content, []exchange.Violation) {
	f := jsonvalue.NewFlat()
	defer f.Release()
	if !f.Read(body) {
		_, err := jsonvalue.Decode(body)
		return exchange.Content{}, []exchange.Violation{badJSON(err)}
	}
	compiled, err := p.compiled()
	if err != nil || compiled == nil || compiled.Fits(f) {
		return exchange.Unread(body, jsonvalue.Again), nil
	}
	value := f.Tree(0)
	return exchange.DecodedFrom(body, value, jsonvalue.Again), inBody(compiled.Validate(value))
}

// decodeAs is decode for bodies of another syntax than JSON.
func (p *payload) decodeAs(s Syntax, t MediaType, body []byte) (value any, decoded bool, found []exchange.Violation) {
	switch s {
	case Text:
		return string(body), true, p.check(string(body))
	case XML:
		value, decoded, found = p.xmlCodec().Decode(body)
		if !decoded && p.node == nil {
			found = nil // nothing is said about it: a document type may be all that is wrong
		}
		return value, decoded, found
	case Form:
		return p.decodeForm(body)
	case Multipart:
		return p.decodeMultipart(t, bytes.NewReader(body))
	case JSONLines, JSONRecords, EventStream:
		return p.decodeSequence(s, body)
	}
	if p.enforces(t) {
		found = p.check(bytesText(body))
		countBytes(found, "", int64(len(body)))
	}
	if t.Syntax() == Text || p.node != nil && utf8.Valid(body) {
		return string(body), true, found
	}
	return nil, false, found
}

// check gives the violations of a decoded body.
func (p *payload) check(value any) []exchange.Violation {
	compiled, err := p.compiled()
	if err != nil || compiled == nil || compiled.Valid(value) {
		return nil
	}
	return inBody(compiled.Validate(value))
}

func inBody(found []exchange.Violation) []exchange.Violation {
	for i := range found {
		found[i].In = exchange.Body
	}
	return found
}

// bytesText gives bytes as a string of one character each, so that the lengths in schemas
// count bytes (OpenAPI 3.1 section 4.8.14.3).
func bytesText(b []byte) string {
	if !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return string(b)
	}
	var text strings.Builder
	text.Grow(len(b) + len(b)/2)
	for _, c := range b {
		text.WriteRune(rune(c))
	}
	return text.String()
}

// countBytes lets violations of the value at pointer speak of bytes.
func countBytes(found []exchange.Violation, pointer string, size int64) {
	for i := range found {
		if v := &found[i]; v.Pointer == pointer && (v.Rule == "minLength" || v.Rule == "maxLength") {
			v.Expected = strings.NewReplacer("a string of", "", "characters", "bytes", "character", "byte").Replace(v.Expected)
			v.Expected, v.Got = strings.TrimSpace(v.Expected), source.Count(size, "byte")
			v.Fix = "send " + v.Expected
		}
	}
}

// xmlCodec reads and writes XML by the schema.
func (p *payload) xmlCodec() *xmlvalue.Codec {
	p.xmlOnce.Do(func() {
		body, _ := param.CompileBody(p.node, p.contract.schemas, p.dir) // told by compiled
		p.xml = xmlvalue.New(body, p.rootName(), p.contract.schemas.ShapeOf)
	})
	return p.xml
}

// rootName is the name of a component's schema.
func (p *payload) rootName() string {
	n := p.contract.follow(p.node)
	if n == nil || n.Parent() == nil || n.Parent().Key != "schemas" && n.Parent().Key != "definitions" {
		return ""
	}
	return n.Key
}

// EncodeValue writes a value as a media type of which no contract says anything.
func EncodeValue(t MediaType, n *source.Node) ([]byte, error) {
	p := &payload{contract: &Contract{}}
	return p.encode(t, n, nil)
}

// encode writes a value as t, the media type or one below it. The error says what cannot
// be written; ErrNotData where t holds bytes that are no data.
func (p *payload) encode(t MediaType, n *source.Node, header HeaderText) ([]byte, error) {
	compound := n.Is(source.Object) || n.Is(source.Array)
	switch s := p.as(t); s {
	case JSON:
		return n.AppendJSON(nil), nil
	case XML:
		return p.xmlCodec().Encode(n)
	case Form:
		if n.Is(source.Object) {
			return p.encodeForm(n), nil
		}
	case Multipart:
		if compound {
			return p.encodeMultipart(t, n, header)
		}
	case JSONLines, JSONRecords, EventStream:
		return encodeSequence(s, n), nil
	}
	if compound {
		return nil, fmt.Errorf("%s: %w", t, ErrNotData)
	}
	return []byte(n.Scalar()), nil
}

// findings tells what of the schemas and the encodings is not enforced. Asking compiles
// them.
func (p *payload) findings() source.Diagnostics {
	f := &findings{}
	for _, n := range []*source.Node{p.node, p.item} {
		if n == nil {
			continue
		}
		compile := p.compiled
		if n == p.item {
			compile = p.compiledItem
		}
		if _, err := compile(); err != nil {
			f.compileError(err, n)
			continue
		}
		f.found = append(f.found, p.contract.schemas.Unenforced(n)...)
	}
	for _, key := range []string{"encoding", "prefixEncoding", "itemEncoding"} {
		if p.media.Has(key) {
			f.found = append(f.found, p.multipartReader().found...)
			break
		}
	}
	if p.node == nil || len(p.encodingsOf()) == 0 {
		return f.found
	}
	_, found, _ := param.CompileForm(p.node, p.encodingsOf(), true, p.contract.schemas, p.dir) // the error was told
	return append(f.found, found...)
}
