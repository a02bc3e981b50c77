package scenario

import (
	"errors"
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// jsonPathCondition holds where one of the nodes that a query selects in the
// decoded body fulfils the matcher, or where there are none and it wants none.
type jsonPathCondition struct {
	path    *jsonpath.Path
	matcher matcher
	written string
}

func (c *jsonPathCondition) holds(ex *exchange.Exchange, _ Values) bool {
	if !ex.Body.IsDecoded() {
		return false
	}
	none := true
	found, err := c.path.Any(ex.Body.Value(), func(node any) bool {
		none = false
		return c.matcher.match(valueOf(node, false))
	})
	return found || none && err == nil && wantsNothing(c.matcher)
}

func (c *jsonPathCondition) explain(ex *exchange.Exchange, _ Values) string {
	place := "jsonPath " + c.path.String()
	switch {
	case !ex.Body.IsDecoded() && len(ex.Request.Body) == 0:
		return place + " cannot be asked: the request has no body"
	case !ex.Body.IsDecoded():
		return place + " cannot be asked: the body was not decoded"
	}
	count := 0
	var only any
	_, err := c.path.Any(ex.Body.Value(), func(node any) bool {
		only = node
		count++
		return false
	})
	switch {
	case err != nil:
		return fmt.Sprintf("%s cannot be asked: %v", place, err)
	case count == 0:
		return fmt.Sprintf("%s selects nothing, expected %s", place, c.matcher)
	case count == 1:
		return mismatch(c.matcher, place, valueOf(only, false))
	}
	return fmt.Sprintf("none of the %d nodes of %s is %s", count, place, c.matcher)
}

func (c *jsonPathCondition) text() string { return c.written }

// wantsNothing tells whether a matcher is content with no value because it says so.
// One that merely does not mind, such as not, asks for a node that fulfils it.
func wantsNothing(m matcher) bool {
	switch m := m.(type) {
	case presence:
		return !m.want
	case not:
		inner, ok := m.matcher.(presence)
		return ok && inner.want
	case all:
		return !slices.ContainsFunc(m, func(each matcher) bool { return !wantsNothing(each) })
	case anyOf:
		return slices.ContainsFunc(m, wantsNothing)
	}
	return false
}

// jsonPath compiles an entry under jsonPath.
func (c *compiler) jsonPath(entry *source.Node, st *Stub) {
	path, err := jsonpath.Parse(entry.Key)
	var wrong *jsonpath.SyntaxError
	if errors.As(err, &wrong) {
		c.fault(CodeBadJSONPath, inText(entry.KeyAt(), endOfKey(entry), entry.Key, wrong.Offset, wrong.Offset+wrong.Length), wrong.Message, wrong.Hint)
		return
	}
	if len(c.op.RequestBody()) == 0 {
		c.fault(CodeRequestBodyNotDescribed, entry.KeyAt(), fmt.Sprintf("%s describes no request body: nothing is decoded, and the condition never holds", c.op.Name()), "leave the condition out",
			related(c.op.At(), "the operation")...)
		return
	}
	compiled := c.againstBody(true, func(c *compiler, shape *schema.Shape) matcher {
		m := &matching{findings: c.findings, op: c.op, shape: shape, quiet: st.valid != validOnly, where: "jsonPath " + entry.Key}
		m.shape = selectedShape(path, entry, m)
		if st.valid == validOnly {
			m.admits, m.admitsPart = c.admitted, c.admitted
		}
		return m.value(entry)
	})
	if compiled != nil {
		st.conditions = append(st.conditions, &jsonPathCondition{path, compiled, written("jsonPath "+entry.Key, entry)})
	}
}

// selectedShape gives the shape of what a query selects in a body of m's shape, nil
// where that cannot be told, and warns of names that the schema does not have.
func selectedShape(path *jsonpath.Path, entry *source.Node, m *matching) *schema.Shape {
	steps, whole := path.Lead()
	along := *m
	for _, s := range steps {
		switch {
		case along.shape == nil:
			return nil
		case s.Name != "":
			along.declared(s.Name, inText(entry.KeyAt(), endOfKey(entry), entry.Key, s.Offset, s.Offset+s.Length))
			along.shape = along.shape.Member(s.Name)
		case len(along.shape.Prefix) > 0:
			return nil // the elements differ
		case s.Item || !along.shape.Types.Has(schema.TypeObject):
			along.shape = along.shape.Items
		default:
			return nil
		}
	}
	if !whole {
		return nil
	}
	return along.shape
}
