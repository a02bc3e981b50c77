// Package param decodes parameters from the text of a request by the styles of
// the OpenAPI specification (3.1 section 4.8.12, "Style Values") and checks them.
package param

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
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
	// Node is the parameter object, for positions.
	Node *source.Node
}

// Input is where parameters are read from. A request has one, shared by all its
// decoders; response headers are read with Header alone.
type Input struct {
	// PathValue is the escaped text of the template's variable.
	PathValue func(name string) string
	// Query holds the pairs of the query as sent.
	Query []Pair
	// Header is the request's header; names are canonical.
	Header http.Header
	// Host is the request's host, which net/http takes out of the header.
	Host string
	// Cookies are the request's cookies as sent.
	Cookies []Pair
}

// Pair is a name and a value. Name is decoded, RawValue is as sent.
type Pair struct {
	Name     string
	RawValue string
}

// Decoder reads one parameter. It is immutable and safe for concurrent use.
type Decoder struct {
	Spec
}

// Compile prepares the decoder of a parameter, with the schemas of one
// direction. The findings are warnings about what is described but not enforced.
func Compile(spec Spec, c *schema.Compiler, dir schema.Direction) (*Decoder, source.Diagnostics) {
	panic("not written yet")
}

// Decode reads the parameter, fills in out and gives the violations, complete
// with In and Name.
func (d *Decoder) Decode(in *Input, out *exchange.Parameter) []exchange.Violation {
	panic("not written yet")
}
