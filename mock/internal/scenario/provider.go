package scenario

import (
	"fmt"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Provider is what a test of the API itself needs to know of a stub or a scenario.
type Provider struct {
	// Setup are the calls that bring the situation about, Teardown those that clear it
	// away.
	Setup, Teardown []ProviderCall
	// Skip says why it is not tested, "" where it is.
	Skip string
	// Exact tells that the API must answer what the stub states, and not only what
	// conforms.
	Exact bool
}

// ProviderCall is a request that is no test by itself.
type ProviderCall struct {
	// Operation gives method and path, nil where they are stated.
	Operation *contract.Operation
	// Method and Path are stated, the path with its query.
	Method, Path string
	Header       http.Header
	// Body is the data of the body, nil for none.
	Body *source.Node
	// At is where it stands.
	At source.Span
}

// String names the call for people.
func (c *ProviderCall) String() string {
	if c.Operation != nil {
		return c.Operation.Name()
	}
	return c.Method + " " + c.Path
}

// inherit takes what the scenario says where the stub says nothing.
func (p Provider) inherit(of *Provider) Provider {
	if p.Skip == "" {
		p.Skip = of.Skip
	}
	p.Exact = p.Exact || of.Exact
	return p
}

// provider compiles what stands under provider; nil gives the zero value.
func (l *loader) provider(s *providerSpec) Provider {
	if s == nil {
		return Provider{}
	}
	return Provider{Setup: l.providerCalls(s.setup), Teardown: l.providerCalls(s.teardown), Skip: s.skip, Exact: s.exact}
}

func (l *loader) providerCalls(specs []*providerCallSpec) []ProviderCall {
	var list []ProviderCall
	for _, s := range specs {
		call := ProviderCall{Method: http.MethodGet, Path: s.path.Scalar(), Header: http.Header{}, Body: s.body, At: s.node.At()}
		if s.method != nil {
			call.Method = s.method.Text
		}
		for name, entry := range s.headers.Members() {
			if entry.Is(source.Array) {
				for _, line := range entry.Items() {
					call.Header.Add(name, line.Text)
				}
				continue
			}
			call.Header.Set(name, entry.Text)
		}
		if s.operation != nil && !l.providerOperation(s, &call) {
			continue
		}
		list = append(list, call)
	}
	return list
}

// providerOperation finds the operation of a call.
func (l *loader) providerOperation(s *providerCallSpec, call *ProviderCall) bool {
	if s.operation.Text == everyOperation {
		l.fault(CodeUnknownOperation, s.operation.At(), `a call cannot be for "*"`, "name one operation")
		return false
	}
	ops := l.resolve(s.operation.Text, s.operation.At())
	if len(ops) == 1 {
		call.Operation = ops[0]
	}
	return call.Operation != nil
}

// ReadProvider reads a file that has the keys of provider at its top. The error is a
// source.Diagnostics with all that is wrong with it.
func ReadProvider(file *source.File, apis []*contract.Contract) (*Provider, error) {
	l := newLoader(apis)
	root, found := source.Parse(file, source.Options{})
	l.list = found
	switch {
	case root == nil:
	case !root.Is(source.Object):
		l.fault(CodeWrongType, root.At(), fmt.Sprintf("this must be a mapping, not %s", kindNames[root.Kind]), "write setup: [{method: POST, path: /orders, body: {…}}]")
	default:
		var spec providerSpec
		providerObject.decode(&decoder{&l.findings}, root, &spec)
		for _, key := range []string{"skip", "exact"} {
			if n := root.Get(key); n != nil {
				l.fault(CodeMisplacedKey, n.KeyAt(), fmt.Sprintf("%q says nothing here: it is about stubs", key), "write it under provider in a scenario file")
			}
		}
		p := l.provider(&spec)
		if err := l.list.Sort().Err(); err == nil {
			return &p, nil
		}
	}
	return nil, l.list.Sort().Err()
}
