package xmlvalue

import (
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// name lets violations speak of the elements and attributes in which a value is written,
// where those are not called like the value's properties.
func (c *Codec) name(found []exchange.Violation) {
	for i := range found {
		v := &found[i]
		shape, how, last := c.at(v.Pointer)
		if how != nil && v.Name == "" && how.name != last && how.name != "" {
			v.Name = how.written()
		}
		if v.Rule != "required" {
			continue
		}
		known := c.membersOf(shape)
		for name, member := range known.byName {
			if v.Fix == "add the property "+strconv.Quote(name) {
				v.Fix = "add " + member.phrase()
			}
		}
	}
}

// at gives the shape of the value at a pointer, and how it is written; nil where that is
// not described. last is the property by which it is found.
func (c *Codec) at(pointer string) (shape *schema.Shape, how *manner, last string) {
	shape = c.body.Shape()
	if pointer == "" {
		return shape, nil, ""
	}
	how = c.root
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = source.UnescapePointer(token)
		if shape = c.whole(shape); shape == nil || how == nil {
			return nil, nil, ""
		}
		if index, err := strconv.Atoi(token); err == nil && how.list {
			shape, how = shape.Item(index), how.item
			continue
		}
		last = token
		how = c.membersOf(shape).byName[token]
		shape = shape.Member(token)
	}
	return c.whole(shape), how, last
}

// written is the name under which a value is found in a document.
func (m *manner) written() string {
	if m.attribute {
		return "@" + m.name
	}
	return m.elementName()
}

// phrase says what a value is in a document.
func (m *manner) phrase() string {
	switch {
	case m.attribute:
		return "the attribute " + m.name
	case m.text:
		return "text"
	}
	return "the element <" + m.elementName() + ">"
}
