package schema

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// interim holds whole files as plain data for jsonschema: correct and slow. The
// engine that replaces it gives jsonschema only what a schema reaches.
type interim struct {
	mu    sync.Mutex
	files map[*source.Node]any
}

func (c *Compiler) compileWhole(n *source.Node) (_ *jsonschema.Schema, err error) {
	c.interim.mu.Lock()
	defer c.interim.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	js := jsonschema.NewCompiler()
	js.AssertFormat()
	js.UseLoader(wholeFiles{c, n})
	u := *c.docs.Base(n.Root())
	u.Fragment = ""
	escaped := strings.ReplaceAll(url.PathEscape(n.Pointer()), "%2F", "/")
	return js.Compile(u.String() + "#" + escaped)
}

type wholeFiles struct {
	c    *Compiler
	from *source.Node
}

func (w wholeFiles) Load(uri string) (any, error) {
	root := w.from.Root()
	if uri != w.c.docs.Base(root).String() {
		var err error
		if root, err = w.c.docs.Resolve(w.from, uri); err != nil {
			return nil, err
		}
	}
	if v, ok := w.c.interim.files[root]; ok {
		return v, nil
	}
	v := root.Value()
	if w.c.dialect == OpenAPI30 {
		rewriteWhole(v)
	}
	if w.c.interim.files == nil {
		w.c.interim.files = map[*source.Node]any{}
	}
	w.c.interim.files[root] = v
	return v, nil
}

func rewriteWhole(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			rewriteWhole(item)
		}
	case map[string]any:
		if t, ok := v["type"].(string); ok && v["nullable"] == true {
			v["type"] = []any{t, "null"}
		}
		for bound, exclusive := range map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"} {
			if is, ok := v[exclusive].(bool); ok {
				delete(v, exclusive)
				if is {
					v[exclusive] = v[bound]
				}
			}
		}
		for _, member := range v {
			rewriteWhole(member)
		}
	}
}

func (s *Schema) explain(value any) []exchange.Violation {
	err := s.whole.Validate(value)
	var failed *jsonschema.ValidationError
	if !errors.As(err, &failed) {
		return nil
	}
	var all []exchange.Violation
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		for _, cause := range e.Causes {
			walk(cause)
		}
		if len(e.Causes) > 0 {
			return
		}
		v := exchange.Violation{Rule: strings.Join(e.ErrorKind.KeywordPath(), "/"), Expected: "what the schema says", Got: "something else", Contract: s.node.At()}
		for _, token := range e.InstanceLocation {
			v.Pointer += "/" + source.EscapePointer(token)
		}
		all = append(all, v)
	}
	walk(failed)
	return all
}

func refused(n *source.Node, err error) error {
	return source.Diagnostics{{Code: document.CodeRefUnresolved, Message: err.Error(), At: n.At()}}
}
