package contract

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// CodeInvalidOpenAPI is the code of what kin-openapi finds against the
// specification and Understudy serves all the same.
const CodeInvalidOpenAPI source.Code = "invalid-openapi"

// Lint asks kin-openapi what of the description is against the specification.
// None of it keeps the description from being served, so all are warnings.
// It reads the whole description a second time, which takes seconds for one of
// megabytes: for check, not for serving. Swagger 2.0 is not looked at.
func (c *Contract) Lint(ctx context.Context) source.Diagnostics {
	if c.swagger {
		return nil
	}
	f := &findings{}
	loader := openapi3.NewLoader()
	loader.Context = ctx
	loader.IncludeOrigin = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		name := location.String()
		if location.Scheme == "" || location.Scheme == "file" {
			name = filepath.FromSlash(location.Path)
		}
		if data, ok := c.docs.Text(name); ok {
			return data, nil
		}
		return nil, fmt.Errorf("%s is not part of the description", name)
	}
	main := c.docs.MainLocation()
	data, _ := c.docs.Text(main)
	location, err := url.Parse(main)
	if err != nil || location.Scheme == "" {
		location = &url.URL{Path: filepath.ToSlash(main)}
	}
	doc, err := safely(func() (*openapi3.T, error) { return loader.LoadFromDataWithPath(data, location) })
	if err != nil {
		// Its texts about this name Go types and no place; our own reading has told
		// what cannot be read.
		f.add(CodeInvalidOpenAPI, source.Warning, c.root.Get("openapi").KeyAt(), "kin-openapi cannot read the description, so the specification's rules were not checked one by one", "")
		return f.found
	}
	_, err = safely(func() (*openapi3.T, error) {
		// What is left out here is checked better, and with positions, elsewhere.
		return nil, doc.Validate(ctx, openapi3.EnableMultiError(), openapi3.DisableExamplesValidation(),
			openapi3.DisableSchemaDefaultsValidation(), openapi3.DisableSchemaPatternValidation())
	})
	if more := c.lintFindings(f, err); more > 0 {
		f.add(CodeInvalidOpenAPI, source.Warning, c.root.Get("openapi").KeyAt(), source.Count(more, "more finding")+" against the OpenAPI specification", "mend those that are told, and check again")
	}
	return f.found
}

// safely calls into kin and turns a panic into an error: its mistake on an odd
// description is no reason for ours to fail.
func safely(call func() (*openapi3.T, error)) (doc *openapi3.T, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("kin-openapi cannot read it: %v", e)
		}
	}()
	return call()
}

// maxLintFindings bounds what is told of one description.
const maxLintFindings = 200

// lintFindings tells what kin has found, and gives how many findings there are beyond the
// bound.
func (c *Contract) lintFindings(f *findings, err error) (more int) {
	var many openapi3.MultiError
	switch {
	case err == nil:
	case errors.As(err, &many) && !isCoded(err):
		for _, each := range many {
			more += c.lintFindings(f, each)
		}
	case c.is32() && rightIn32(err):
	case len(f.found) >= maxLintFindings:
		more = 1
	default:
		f.add(CodeInvalidOpenAPI, source.Warning, c.lintPlace(err), "against the OpenAPI specification: "+firstLine(err), "")
	}
	return more
}

func isCoded(err error) bool {
	_, ok := err.(openapi3.CodedError)
	return ok
}

// lintPlace finds where an error of kin's stands: the innermost origin that one of
// the chain has, else the path that it speaks of.
func (c *Contract) lintPlace(err error) source.Span {
	var at source.Span
	for e := err; e != nil; e = errors.Unwrap(e) {
		if origin := originOf(e); origin != nil && origin.Key != nil {
			if span, ok := c.docs.Span(origin.Key.File, origin.Key.Line, origin.Key.Column); ok {
				at = span
			}
		}
		var inPath *openapi3.PathValidationError
		if at == (source.Span{}) && errors.As(e, &inPath) {
			at = c.root.Get("paths").Get(inPath.Path).KeyAt()
		}
	}
	return at
}

// originOf reads the field Origin that kin's forty error types share without an
// interface for it.
func originOf(err error) *openapi3.Origin {
	v := reflect.ValueOf(err)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	field := v.Elem().FieldByName("Origin")
	if !field.IsValid() {
		return nil
	}
	origin, _ := field.Interface().(*openapi3.Origin)
	return origin
}
