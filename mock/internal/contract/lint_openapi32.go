package contract

import (
	"errors"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// newIn32 are fields of OpenAPI 3.2 that kin-openapi, which knows 3.1, takes for mistakes:
// of the description itself, servers, tags, components, media types, examples, flows,
// security schemes, discriminators and xml.
var newIn32 = []string{
	"$self", "name", "kind", "parent", "summary", "mediaTypes", "$ref", "description", "itemSchema", "itemEncoding", "prefixEncoding",
	"dataValue", "serializedValue", "deviceAuthorization", "deviceAuthorizationUrl", "oauth2MetadataUrl", "deprecated", "defaultMapping", "nodeType",
	"query", "additionalOperations",
}

// rightIn32 tells of an error of kin's whether OpenAPI 3.2 allows what it is about. Of
// fields it leaves those in the error that 3.2 does not know either.
func rightIn32(err error) bool {
	var fields *openapi3.ExtraSiblingFieldsError
	var in *openapi3.InvalidParameterInError
	var style *openapi3.InvalidSerializationMethodError
	var description *openapi3.ResponseDescriptionRequired // optional since 3.2
	switch {
	case errors.As(err, &fields):
		fields.Fields = slices.DeleteFunc(fields.Fields, func(name string) bool { return slices.Contains(newIn32, name) })
		return len(fields.Fields) == 0
	case errors.As(err, &in):
		return in.Value == "querystring"
	case errors.As(err, &style):
		return style.Style == "cookie"
	}
	return errors.As(err, &description)
}

// is32 tells whether the description is one of OpenAPI 3.2.
func (c *Contract) is32() bool { return strings.HasPrefix(c.root.Get("openapi").Scalar(), "3.2") }
