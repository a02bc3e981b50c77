package xmlvalue

import (
	"cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// manner is how a value is written in XML (OpenAPI 3.1 section 4.8.26, and nodeType of
// 3.2 section 4.8.26.1).
type manner struct {
	name, space, prefix string
	attribute, text     bool
	// wrapped tells that an array has an element around its items; item is how one is
	// written.
	wrapped, list bool
	item          *manner
	shape         *schema.Shape
}

// mannerOf gives how a value of the shape is written that is called name where its xml
// object does not say otherwise.
func mannerOf(name string, s *schema.Shape) *manner {
	m := &manner{name: name, shape: s}
	if s != nil && s.XML != nil {
		x := s.XML
		m.name = cmp.Or(x.Get("name").Scalar(), name)
		m.space, m.prefix = x.Get("namespace").Str(), x.Get("prefix").Str()
		node := x.Get("nodeType").Str()
		m.attribute = x.Get("attribute").IsTrue() || node == "attribute"
		m.text = node == "text" || node == "cdata"
		m.wrapped = x.Get("wrapped").IsTrue() || node == "element"
	}
	if m.list = param.Meant(s).Has(schema.TypeArray) && param.Meant(s) != schema.AnyType; !m.list {
		m.wrapped = false
		return m
	}
	// Where only the array has a name, its items have it too.
	m.item = mannerOf(m.name, s.Item(0))
	return m
}

// elementName is the name of the elements in which the value is found.
func (m *manner) elementName() string {
	if m.list && !m.wrapped {
		return m.item.name
	}
	return m.name
}
