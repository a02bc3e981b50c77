package contract_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestByOperation finds the value of each operation, and none for operations of other
// descriptions.
func TestByOperation(t *testing.T) {
	t.Parallel()
	const text = `
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /a: {get: {responses: {"200": {description: ok}}}, post: {responses: {"200": {description: ok}}}}
  /b: {get: {responses: {"200": {description: ok}}}}
`
	first, second, other := load(t, text, contract.Options{}), load(t, text, contract.Options{}), load(t, text, contract.Options{})
	b := contract.NewByOperation[string]([]*contract.Contract{first, second})
	for _, c := range []*contract.Contract{first, second} {
		for i, op := range c.Operations {
			*b.Of(op) = c.Location + op.Name() + string(rune('0'+i))
		}
	}
	n := 0
	for op, value := range b.All() {
		if n++; b.Of(op) != value || *value == "" {
			t.Errorf("%s: %q", op.Name(), *value)
		}
	}
	if n != 6 {
		t.Errorf("%d operations", n)
	}
	for what, op := range map[string]*contract.Operation{"none": nil, "another description's": other.Operations[0]} {
		if b.Of(op) != nil {
			t.Errorf("there is a value for %s", what)
		}
	}
}
