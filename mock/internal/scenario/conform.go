package scenario

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxToldViolations bounds what is told of one body: the first ones mostly
// explain the others.
const maxToldViolations = 5

// conform reports how a body breaks the contract. body is where it is stated;
// tree is its value, nil where it is no data in the file.
func (c *compiler) conform(msg *message, body, tree *source.Node, violations []exchange.Violation) {
	for i := range violations {
		v := &violations[i]
		if i == maxToldViolations {
			c.fault(CodeBodyNotConform, body.KeyAt(), fmt.Sprintf("the body breaks the contract in %d more places", len(violations)-i), "mend the first ones")
			return
		}
		at := c.placeOf(body, tree, v)
		hint := ""
		if v.Fix != "" && at != body.KeyAt() {
			hint = v.Fix
		}
		c.fault(CodeBodyNotConform, at, fmt.Sprintf("%s: %s", msg.subject, v.String()), hint, contractPlace(v, msg.at)...)
	}
}

// placeOf finds the place in the scenario file for a violation: the value itself,
// else the nearest one around it that stands in the file. A member that must not
// be there is shown by its name.
func (c *compiler) placeOf(body, tree *source.Node, v *exchange.Violation) source.Span {
	unwanted := v.Rule == "additionalProperties" || v.Rule == "unevaluatedProperties"
	for pointer := v.Pointer; tree != nil; {
		switch n := tree.Find(pointer); {
		case n == nil || !c.evaluates(n):
		case unwanted && pointer == v.Pointer:
			return n.KeyAt()
		default:
			return n.At()
		}
		end := strings.LastIndexByte(pointer, '/')
		if end < 0 {
			break
		}
		pointer = pointer[:end]
	}
	return body.KeyAt()
}
