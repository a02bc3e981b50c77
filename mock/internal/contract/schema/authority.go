package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// authority is jsonschema with the objects of one Compiler as its documents. Each
// object that others refer to is a document of its own, written when jsonschema
// first asks for it, so that schemas which share parts share the work.
type authority struct {
	mu       sync.Mutex // guards all below; jsonschema's compiler is not concurrent
	compiler *jsonschema.Compiler
	objects  map[string]*object // the documents that may be asked for, by URI
	places   map[string]place
}

// place is what stands at a location in the data that jsonschema was given.
type place struct {
	*object
	// holder is the keyword that holds the schema, "" for the root of a document.
	holder string
}

// judge is one schema compiled by jsonschema.
type judge struct {
	*jsonschema.Schema
	// place finds what stands at a location, as ValidationError.SchemaURL gives it.
	place func(location string) (place, bool)
}

func newAuthority(assertFormats bool) *authority {
	a := &authority{objects: map[string]*object{}, places: map[string]place{}}
	a.compiler = newCompiler(assertFormats)
	a.compiler.RegisterVocabulary(vocabulary())
	a.compiler.AssertVocabs()
	a.compiler.UseLoader(a)
	return a
}

// newCompiler makes a compiler that has our formats and patterns.
func newCompiler(assertFormats bool) *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseRegexpEngine(func(expr string) (jsonschema.Regexp, error) {
		p, err := pattern.Compile(expr)
		if err != nil {
			return nil, err
		}
		return lenient{p}, nil
	})
	if assertFormats {
		c.AssertFormat()
		for _, name := range format.Names() {
			c.RegisterFormat(&jsonschema.Format{Name: formatName(name), Validate: validateFormat(format.Lookup(name))})
		}
	}
	return c
}

// formatName is the name by which jsonschema knows our formats: its regex cannot
// be replaced.
func formatName(name string) string {
	if name == "regex" {
		return "understudy-regex"
	}
	return name
}

var errFormat = errors.New("does not fit the format")

func validateFormat(f *format.Format) func(any) error {
	return func(value any) error {
		if !fits(f, value) {
			return errFormat
		}
		return nil
	}
}

func fits(f *format.Format, value any) bool {
	switch v := value.(type) {
	case string:
		return standsIn(v) || f.FitsText(v)
	case json.Number:
		d, _ := decimal.Parse(string(v))
		return f.FitsNumber(d)
	}
	return true
}

// judge compiles the schema of o and all that it reaches and is not compiled yet.
func (a *authority) judge(o *object) (j *judge, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			j, err = nil, fmt.Errorf("jsonschema: %v", p)
		}
	}()
	compiled, err := a.compiler.Compile(a.uri(o))
	if err != nil {
		return nil, err
	}
	return &judge{compiled, a.find}, nil
}

// uri gives the URI of the object's document, and notes that it may be asked for.
func (a *authority) uri(o *object) string {
	uri := fmt.Sprintf("understudy:///%d", o.id)
	a.objects[uri] = o
	return uri
}

// Load gives the document at a URI that uri has given. Nothing else is known, and
// nothing is fetched. jsonschema calls it while a.mu is held.
func (a *authority) Load(uri string) (any, error) {
	o, ok := a.objects[uri]
	if !ok {
		return nil, fmt.Errorf("there is no document %s", uri)
	}
	w := writer{authority: a, uri: uri}
	return w.write(o, "", "", []*object{o}), nil
}

func (a *authority) find(location string) (place, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.places[location]
	return p, ok
}

// validate asks jsonschema about a value. It never panics.
func (j *judge) validate(value any) (failed *jsonschema.ValidationError, err error) {
	defer func() {
		if p := recover(); p != nil {
			failed, err = nil, fmt.Errorf("jsonschema: %v", p)
		}
	}()
	err = j.Validate(value)
	if err == nil || errors.As(err, &failed) {
		return failed, nil
	}
	return nil, err
}
