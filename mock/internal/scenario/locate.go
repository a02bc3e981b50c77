package scenario

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// locate finds where a matcher stands in the file, else the condition it is in.
func (w *wanted) locate(m matcher) *source.Node {
	if e, ok := m.(*equalTo); ok {
		return e.node
	}
	n := w.place.root.node()
	for _, s := range w.place.path {
		next := n.Get(s.name)
		if s.item >= 0 && n.Is(source.Array) && s.item < len(n.Kids) {
			next = &n.Kids[s.item]
		}
		if next == nil {
			break
		}
		n = next
	}
	if found := wordOf(n, m); found != nil {
		return found
	}
	return n
}

// wordOf finds the word below n that a matcher was compiled from.
func wordOf(n *source.Node, m matcher) *source.Node {
	for i := range n.Kids {
		kid := &n.Kids[i]
		if isWordOf(kid, m) {
			return kid
		}
		if found := wordOf(kid, m); found != nil {
			return found
		}
	}
	return nil
}

func isWordOf(n *source.Node, m matcher) bool {
	switch m := m.(type) {
	case presence:
		return n.Is(source.Bool) && (n.Key == "present" && n.IsTrue() == m.want || n.Key == "absent" && n.IsTrue() != m.want)
	case *textTest:
		return strings.HasPrefix(n.Key, strings.TrimSuffix(strings.Fields(m.what)[2], "s")) && strings.EqualFold(n.Text, m.want)
	case *magnitude:
		return n.Text == m.written && n.Key == map[bool]string{true: "greaterThan", false: "lessThan"}[m.greater]
	case *moment:
		return n.Text == m.written && n.Key == map[bool]string{true: "after", false: "before"}[m.after]
	case *pattern:
		return n.Key == "matches" && n.Text == m.written
	case not:
		return n.Key == "not"
	case *contains:
		return n.Key == "contains"
	case anyOf:
		if first, ok := m[0].(*equalTo); ok {
			return first.node.Parent() == n
		}
		return n.Key == "anyOf"
	case length:
		return n.Is(source.Array) && len(n.Kids) == int(m) && findMatcher(n.Key) == nil
	case *conforms:
		return n.Key == "matchesSchema"
	}
	return false
}
