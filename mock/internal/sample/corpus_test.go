package sample_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

func loadContract(t testing.TB, file string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: filepath.Dir(filepath.Dir(file))}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCorpusBodies makes a body for every response of JSON or text. There is none only
// for media types of text whose schema admits no string: descriptions that list what
// they produce once, for all responses, have many of them.
func TestCorpusBodies(t *testing.T) {
	t.Parallel()
	for _, file := range testenv.Descriptions(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c := loadContract(t, file)
			var n counts
			start := time.Now()
			for _, op := range c.Operations {
				for _, r := range op.Responses {
					for _, m := range r.Content() {
						checkBody(t, c, m, &n)
					}
					checkHeaders(t, op, r)
				}
			}
			t.Logf("%d bodies of %d bytes; %d of text without strings; %v", n.made, n.bytes, n.notText, time.Since(start))
		})
	}
}

type counts struct{ made, notText, bytes int }

func checkBody(t *testing.T, c *contract.Contract, m *contract.Media, n *counts) {
	t.Helper()
	for _, o := range []sample.Options{{}, {Seed: 3, Dynamic: true}} {
		body, err := sample.Body(m, o)
		name := fmt.Sprintf("%s %s %s", m.Response().Operation().Name(), m.Response().Status, m.Name)
		switch {
		case errors.Is(err, sample.ErrMediaType):
			return
		case err != nil && m.Type.IsText() && !c.ShapeOf(m.SchemaNode).Types.Has(schema.TypeString):
			n.notText++
			return
		case err != nil:
			t.Errorf("%s: %v", name, err)
			continue
		}
		n.made++
		n.bytes += len(body)
		for _, v := range m.CheckBytes(body) {
			t.Errorf("%s: %s\n%.500s", name, v, body)
		}
	}
}

func checkHeaders(t *testing.T, op *contract.Operation, r *contract.Response) {
	t.Helper()
	h, err := sample.Headers(r, sample.Options{})
	if err != nil {
		t.Errorf("%s %s: %v", op.Name(), r.Status, err)
	}
	for _, v := range r.CheckHeaders(h) {
		t.Errorf("%s %s: %s", op.Name(), r.Status, v)
	}
}

// TestCorpusRequests makes a request for every operation. The contract must find no
// violation in it.
func TestCorpusRequests(t *testing.T) {
	t.Parallel()
	for _, file := range testenv.Descriptions(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			for _, op := range loadContract(t, file).Operations {
				for _, o := range []sample.Options{{}, {Seed: 3, Dynamic: true}} {
					call, err := sample.Request(op, o)
					if err != nil {
						t.Error(err)
						continue
					}
					checkCall(t, op, call)
				}
			}
		})
	}
}

func checkCall(t *testing.T, op *contract.Operation, call *sample.Call) {
	t.Helper()
	m := op.Contract().Route(call.Method, call.Path, false)
	if m.Op != op {
		t.Errorf("%s: %s leads elsewhere", op.Name(), call.Path)
		return
	}
	ex := &exchange.Exchange{Request: exchange.Request{Method: call.Method, Path: call.Path, RawQuery: call.RawQuery, Header: call.Header, Body: call.Body, HasBody: call.Body != nil, ClientCertificate: call.ClientCertificate}}
	op.Validate(ex, &m)
	for _, v := range ex.Violations {
		t.Errorf("%s: %s\n%s %s?%s\n%.500s", op.Name(), v, call.Method, call.Path, call.RawQuery, call.Body)
	}
}
