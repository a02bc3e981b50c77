package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// maxNamedInSchema bounds the operations that a JSON Schema names.
const maxNamedInSchema = 5000

// nameOperations adds the operations of contracts to those that editors complete.
func nameOperations(root *jsonSchema, apis []*contract.Contract) {
	i := slices.IndexFunc(root.Properties, func(m namedSchema) bool { return m.name == "operations" })
	operations := root.Properties[i].schema
	for _, api := range apis {
		for _, op := range api.Operations {
			if len(operations.Properties) == maxNamedInSchema {
				return
			}
			name := op.Name()
			if len(apis) > 1 {
				name = api.Name + "." + name
			}
			s := refTo("operation")
			s.Description = aboutOperation(op)
			operations.Properties = append(operations.Properties, namedSchema{name, s})
		}
	}
}

// aboutOperation says what an operation is and which statuses it can answer.
func aboutOperation(op *contract.Operation) string {
	text := op.Method + " " + op.Template
	if summary := strings.Join(strings.Fields(op.Summary), " "); summary != "" {
		text += ": " + strings.TrimSuffix(summary, ".")
	}
	if statuses := op.Statuses(); len(statuses) > 0 {
		text += fmt.Sprintf(". It describes %s.", strings.Join(statuses, ", "))
	}
	return text
}
