// Package param decodes parameters from the text of a request by the styles of
// the OpenAPI specification (3.1 section 4.8.12, "Style Values") and checks them.
//
// Compile chooses, once, how a parameter is found, split and read; a request only
// runs what was chosen.
//
// # Reading
//
// Text is split as it was sent and decoded afterwards, so that an encoded
// delimiter is data. A piece of text becomes a value by the types that the schema
// admits ([schema.Shape]): null is the text "null" or no text, booleans are true
// and false, numbers follow the JSON grammar and keep their text as json.Number.
// Where several types are possible the candidates are tried in the order null,
// boolean, number, string; several members make an array or object before they
// make a string; a schema that admits everything means a string first. The first
// candidate that the schema accepts is the value, and the first of all is what
// violations speak of when it accepts none. Items and members are read by their own
// schemas in the same way.
//
// # Where the specification is silent
//
//   - A repeated name is an array where the schema admits arrays, also when the
//     style is not exploded: the items are joined. Otherwise the first value counts
//     and RuleRepeated is broken. The lines of a header are one text, with commas
//     between them, where it is a list by its schema or its name (see oneLine).
//   - No text is the array [] or the object {}; an array of one empty text is tried
//     when the schema refuses that.
//   - deepObject takes a[b][c]=1 to any depth up to MaxDepth, and arrays as a[]=1,
//     a[0]=1 or a repeated name; gaps between indices are closed.
//   - An exploded object of form style takes the query's (or the cookies') pairs of
//     its declared properties. Others it takes only where the schema speaks of
//     additional properties, or declares none at all, and no other parameter claims
//     the name.
//   - allowEmptyValue accepts an empty value, also for a required parameter.
package param

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// RuleRepeated is broken by a parameter or member that was sent several times
// where the schema does not admit an array.
const RuleRepeated = "repeated"

// Limits on one parameter; text beyond them breaks exchange.RuleDecode.
const (
	// MaxMembers bounds the items of an array and the members of an object.
	MaxMembers = 10_000
	// MaxDepth bounds the brackets of a deepObject name.
	MaxDepth = 32
)

// Spec describes one parameter or response header, defaults filled in.
type Spec struct {
	In   exchange.Location
	Name string
	// Style is one of the specification's names, or "tsv" for the collectionFormat
	// of Swagger 2.0 that has none.
	Style           string
	Explode         bool
	Required        bool
	AllowReserved   bool
	AllowEmptyValue bool
	// Schema is the raw schema, nil for anything. With MediaType it describes the
	// decoded content.
	Schema *source.Node
	// MediaType is set for parameters described by content.
	MediaType string
	// Whole makes the parameter the whole query ("in: querystring" of OpenAPI 3.2,
	// section 4.12.1): an object whose members are the query's pairs, or content with
	// MediaType. In is exchange.Query then.
	Whole bool
	// Node is the parameter object, for positions.
	Node *source.Node
}

// Input is where parameters are read from. A request has one, shared by all its
// decoders; response headers are read with Header alone.
type Input struct {
	// Path has the variables of the template.
	Path PathValues
	// Query holds the pairs of the query as sent.
	Query []Pair
	// RawQuery is the whole query as sent, for parameters that are the whole of it.
	RawQuery string
	// Header is the request's header; names are canonical.
	Header http.Header
	// Host is the request's host, which net/http takes out of the header.
	Host string
	// Cookies are the request's cookies as sent.
	Cookies []Pair
}

// PathValues gives the escaped text of a variable of the matched template.
type PathValues interface{ PathValue(name string) string }

// PathText is the escaped text of every variable, for one that is read by itself.
type PathText string

// PathValue implements PathValues.
func (t PathText) PathValue(string) string { return string(t) }

// Pair is a name and a value. Name is decoded, RawValue is as sent.
type Pair struct {
	Name     string
	RawValue string
}

// Decoder reads one parameter. It is immutable and safe for concurrent use.
type Decoder struct {
	// Most requests look at the first fields and at no others.

	*form
	schema *schema.Schema // nil accepts everything
	// missing is told where the parameter is absent; nil for one that may be left out.
	missing *[1]exchange.Violation
	// key is the canonical name of a header, and the beginning of the names of a
	// deepObject ("filter[").
	key string
	Spec
	// Default is the schema's default, nil for none or null. It stands for an
	// optional parameter that was left out; Decode does not put it in. Read-only.
	Default any

	shape *schema.Shape
	// types are the types that text is read as: those of shape, or array or object
	// where an untyped schema describes one.
	types schema.Types
	// parts judge the items and members whose text has several readings.
	parts map[*schema.Shape]*schema.Schema
	// neighbours are the parameters of the same place, itself among them, where it matters.
	neighbours []*Decoder
}

// Compile prepares the decoder of a parameter, with the schemas of one
// direction. The findings are warnings about what is described but not enforced,
// and the errors of a schema that cannot be compiled, whose parameter is then
// decoded by its types and not checked further.
func Compile(spec Spec, c *schema.Compiler, dir schema.Direction) (*Decoder, source.Diagnostics) {
	return compile(spec, c.ShapeOf(spec.Schema), c, dir)
}

// compile is Compile for a schema whose shape is known.
func compile(spec Spec, shape *schema.Shape, c *schema.Compiler, dir schema.Direction) (*Decoder, source.Diagnostics) {
	d := &Decoder{form: &form{}, Spec: spec, shape: shape}
	d.types, _ = meant(d.shape)
	found := d.compileSchema(c, dir)
	d.Default, _ = c.DefaultOf(spec.Schema)
	found = append(found, d.choose(dir)...)
	d.missing = d.missed()
	return d, found
}

func (d *Decoder) compileSchema(c *schema.Compiler, dir schema.Direction) source.Diagnostics {
	if d.Schema == nil {
		return nil
	}
	compiled, err := c.Compile(d.Schema, dir)
	if err == nil {
		d.schema = compiled
		d.parts = compileParts(d.shape, c, dir)
		return nil
	}
	if found, ok := err.(source.Diagnostics); ok {
		return found
	}
	return source.Diagnostics{{Code: CodeStyleNotEnforced, Severity: source.Warning, Message: err.Error(), At: d.Schema.At()}}
}

// meant gives the types that text is read as, the likely ones apart. Schemas that
// describe items or members often leave out the type that goes without saying:
// every text is a string, so that items and properties would otherwise say nothing.
func meant(s *schema.Shape) (types, likely schema.Types) {
	switch {
	case s == nil:
		return schema.AnyType, schema.AnyType
	case s.Types != schema.AnyType || s.Likely != schema.AnyType:
		return s.Types, s.Likely
	case s.Properties != nil:
		return schema.TypeObject, schema.TypeObject
	case s.Prefix != nil || s.Items != nil:
		return schema.TypeArray, schema.TypeArray
	}
	return s.Types, s.Likely
}

// Bind tells the decoders of one operation's parameters of each other, so that an
// object which is open to additional members leaves alone what another parameter
// claims. It is to be called before they are used; a decoder that was not bound
// knows no others.
func Bind(decoders []*Decoder) {
	at := map[exchange.Location][]*Decoder{} // one list for all that are bound, of which there may be thousands
	for _, d := range decoders {
		at[d.In] = append(at[d.In], d)
	}
	for _, d := range decoders {
		if d.Bound() {
			d.neighbours = at[d.In]
		}
	}
}

// Bound tells whether the parameter depends on others of its operation, see Bind. One that
// does not may be of several operations.
func (d *Decoder) Bound() bool { return d.open || d.Style == styleDeep }

// taken tells whether another parameter claims pairs of that name.
func (d *Decoder) taken(name string) bool {
	for _, other := range d.neighbours {
		if other != d && other.claims(other, name) {
			return true
		}
	}
	return false
}

// Decode reads the parameter, fills in all of out and gives the violations,
// complete with In and Name; nil when the parameter keeps to the contract. They are
// read-only: some are the same for all requests.
func (d *Decoder) Decode(in *Input, out *exchange.Parameter) []exchange.Violation {
	*out = exchange.Parameter{In: d.In, Name: d.Name}
	violations := d.decode(d, in, out)
	if d.ignored {
		violations = nil
	}
	out.Valid = len(violations) == 0
	return violations
}

// Claims tells whether pairs of the query with that name belong to the
// parameter: its own name, name[…] of a deepObject, the declared properties of an
// exploded object. It is false for parameters elsewhere.
func (d *Decoder) Claims(name string) bool {
	return d.In == exchange.Query && d.claims(d, name)
}

// Open tells whether the parameter takes every pair of the query that nobody
// claims, so that no name is unknown.
func (d *Decoder) Open() bool { return d.In == exchange.Query && d.open }

func (d *Decoder) valid(value any) bool { return d.schema == nil || d.schema.Valid(value) }
