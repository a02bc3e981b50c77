package mock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// judge gives a second opinion on answers, from a library that reads the description by
// itself: kin-openapi for OpenAPI 3.0, jsonschema for 3.1 and later.
type judge struct {
	doc      *openapi3.T          // nil for none
	compiler *jsonschema.Compiler // nil for none
}

// newJudge reads the description again. There is no judge for Swagger 2.0, and none where
// kin-openapi cannot read what Understudy serves.
func newJudge(t *testing.T, file string, c *contract.Contract) judge {
	t.Helper()
	switch version := c.Root().Get("openapi").Scalar(); {
	case strings.HasPrefix(version, "3.0"):
		loader := openapi3.NewLoader()
		loader.IsExternalRefsAllowed = true
		doc, err := loader.LoadFromFile(file)
		if err != nil {
			t.Logf("no second opinion: %.200v", err)
			return judge{}
		}
		return judge{doc: doc}
	case version != "":
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		compiler.UseLoader(rawFiles{})
		return judge{compiler: compiler}
	}
	return judge{}
}

// body gives what is wrong with a body of JSON, "" for nothing; judged tells whether there
// is an opinion.
func (j judge) body(m *contract.Media, body []byte) (verdict string, judged bool) {
	switch {
	case m.SchemaNode == nil:
		return "", false
	case j.doc != nil:
		return j.kin(m, body)
	case j.compiler != nil:
		return j.jsonschema(m, body)
	}
	return "", false
}

func (j judge) kin(m *contract.Media, body []byte) (verdict string, judged bool) {
	op := m.Response().Operation()
	item := j.doc.Paths.Value(op.Template)
	if item == nil || item.GetOperation(op.Method) == nil {
		return "", false
	}
	for status, r := range item.GetOperation(op.Method).Responses.Map() {
		if !strings.EqualFold(status, m.Response().Status) || r.Value == nil || r.Value.Content[m.Name] == nil {
			continue
		}
		var value any
		if err := json.Unmarshal(body, &value); err != nil {
			return err.Error(), true
		}
		err := r.Value.Content[m.Name].Schema.Value.VisitJSON(value, openapi3.VisitAsResponse())
		if unreadable := new(syntax.Error); err == nil || errors.As(err, &unreadable) {
			return "", err == nil // it knows only the patterns of Go
		}
		return fmt.Sprintf("kin-openapi says: %v", err), true
	}
	return "", false
}

func (j judge) jsonschema(m *contract.Media, body []byte) (verdict string, judged bool) {
	name, err := filepath.Abs(m.SchemaNode.File().Name)
	if err != nil {
		return err.Error(), true
	}
	s, err := j.compiler.Compile("file://" + filepath.ToSlash(name) + "#" + m.SchemaNode.Pointer())
	if err != nil {
		return "", false // what cannot be compiled has no meaning to hold an answer to
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err.Error(), true
	}
	if err := s.Validate(value); err != nil {
		return fmt.Sprintf("jsonschema says: %v", err), true
	}
	return "", true
}

// rawFiles reads descriptions as they are.
type rawFiles struct{}

func (rawFiles) Load(location string) (any, error) {
	name := strings.TrimPrefix(location, "file://")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	root, found := source.Parse(&source.File{Name: name, Data: data}, source.Options{Lenient: true})
	if found.Errors() > 0 {
		return nil, found
	}
	return root.Value(), nil
}
