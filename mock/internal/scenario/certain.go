package scenario

import (
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// A body with expressions is checked before it is sent. Some of what is wrong
// with it is certain at load: a member that is missing, a fixed value that does
// not fit. That is told where the schema judges each part by itself; elsewhere a
// value that is not known yet may decide about the others.

// certain gives the violations that a body has whatever its expressions give.
func (w *dataWriter) certain(n *source.Node, media *contract.Media) []exchange.Violation {
	if !media.JudgesByPart() {
		return nil
	}
	s := &stand{w: w}
	violations := media.CheckValue(s.value(n, ""))
	return slices.DeleteFunc(violations, s.depends)
}

// stand makes a value in which a text stands for each expression.
type stand struct {
	w        *dataWriter
	pointers []string // of the expressions
}

func (s *stand) value(n *source.Node, pointer string) any {
	switch n.Kind {
	case source.Object:
		object := make(map[string]any, len(n.Kids))
		for name, member := range n.Members() {
			object[name] = s.value(member, pointer+"/"+source.EscapePointer(name))
		}
		return object
	case source.Array:
		list := make([]any, len(n.Kids))
		for i, item := range n.Items() {
			list[i] = s.value(item, pointer+"/"+strconv.Itoa(i))
		}
		return list
	}
	if s.w.dynamic[n] {
		s.pointers = append(s.pointers, pointer)
	}
	return n.Value()
}

// wholeRules are the keywords that judge an array or object by all it holds.
var wholeRules = []string{"const", "enum", "uniqueItems"}

// depends tells whether a violation may be due to what stands for an expression.
func (s *stand) depends(v exchange.Violation) bool {
	for _, pointer := range s.pointers {
		if v.Pointer == pointer && v.Rule != "additionalProperties" || slices.Contains(wholeRules, v.Rule) && strings.HasPrefix(pointer, v.Pointer+"/") {
			return true
		}
	}
	return false
}
