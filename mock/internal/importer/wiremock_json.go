package importer

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// equalToJSON maps a comparison with JSON.
func (w *wireRule) equalToJSON(n *source.Node) (source.Node, bool) {
	word := n.Get("equalToJson")
	expected := word
	if word.Is(source.String) {
		if expected = dataOf([]byte(word.Text)); expected == nil {
			w.leftOut(word.At(), "", "equalToJson has a text that is no JSON")
			return source.Node{}, false
		}
	}
	c := &jsonComparison{wireRule: w, at: word.KeyAt(), anyOrder: n.Get("ignoreArrayOrder").IsTrue(), more: n.Get("ignoreExtraElements").IsTrue()}
	return c.of(expected)
}

// jsonComparison is an equalToJson with its options.
type jsonComparison struct {
	*wireRule
	at             source.Span
	anyOrder, more bool
}

func (c *jsonComparison) of(n *source.Node) (source.Node, bool) {
	placeholders := hasPlaceholder(n)
	switch {
	case placeholders && !c.more:
		c.leftOut(c.at, "with ignoreExtraElements they can be", "placeholders in a body that is compared as a whole cannot be carried over")
		return source.Node{}, false
	case c.more:
		return c.subset(n)
	case c.anyOrder && hasLongList(n):
		c.leftOut(c.at, "with ignoreExtraElements it can be", "a body with lists in any order and nothing else cannot be carried over")
		return source.Node{}, false
	}
	return matcher("equalTo", n.Clone().Renamed("")), true
}

// subset compares with what the body must have at least.
func (c *jsonComparison) subset(n *source.Node) (source.Node, bool) {
	switch n.Kind {
	case source.Object:
		var members []source.Node
		for key, each := range n.Members() {
			value, ok := c.subset(each)
			if !ok {
				return value, false
			}
			members = append(members, member(key, value))
		}
		value := object(members...)
		if len(members) == 0 {
			return matcher("present", truth(true)), true
		}
		if isMatcherObject(&value) {
			return matcher("equalTo", n.Clone().Renamed("")), true
		}
		return value, true
	case source.Array:
		return c.subsetOfList(n)
	case source.String:
		if strings.HasPrefix(n.Text, "${json-unit.") {
			return c.placeholder(n)
		}
	}
	return n.Clone().Renamed(""), true
}

func (c *jsonComparison) subsetOfList(n *source.Node) (source.Node, bool) {
	if len(n.Kids) == 0 {
		return matcher("present", truth(true)), true
	}
	var items []source.Node
	for _, each := range n.Items() {
		value, ok := c.subset(each)
		if !ok {
			return value, false
		}
		items = append(items, value)
	}
	if !c.anyOrder {
		c.changed(c.at, "", "a list must have as many elements as are stated")
		return list(items...), true
	}
	for i := range items {
		items[i] = matcher("contains", items[i])
	}
	if len(items) == 1 {
		return items[0], true
	}
	return matcher("allOf", list(items...)), true
}

// placeholder maps those of JsonUnit.
func (c *jsonComparison) placeholder(n *source.Node) (source.Node, bool) {
	switch pattern, isPattern := strings.CutPrefix(n.Text, "${json-unit.regex}"); {
	case isPattern:
		if _, err := compile(pattern); err == nil {
			return matcher("matches", text(pattern)), true
		}
	case n.Text == "${json-unit.ignore}", n.Text == "${json-unit.ignore-element}":
		return matcher("anyOf", list(matcher("present", truth(true)), matcher("absent", truth(true)))), true
	case n.Text == "${json-unit.any-string}":
		return matcher("matches", text("(?s:.*)")), true
	case n.Text == "${json-unit.any-number}":
		return matcher("anyOf", list(matcher("greaterThan", number("0")), matcher("lessThan", number("1")))), true
	case n.Text == "${json-unit.any-boolean}":
		return matcher("oneOf", list(truth(true), truth(false))), true
	}
	c.leftOut(c.at, "", "the placeholder %s cannot be carried over", n.Text)
	return source.Node{}, false
}

func hasPlaceholder(n *source.Node) bool {
	if n.Is(source.String) && strings.Contains(n.Text, "${json-unit.") {
		return true
	}
	for i := range n.Kids {
		if hasPlaceholder(&n.Kids[i]) {
			return true
		}
	}
	return false
}

// hasLongList tells whether order could matter.
func hasLongList(n *source.Node) bool {
	if n.Is(source.Array) && len(n.Kids) > 1 {
		return true
	}
	for i := range n.Kids {
		if hasLongList(&n.Kids[i]) {
			return true
		}
	}
	return false
}

// ownWords are the words of our matchers: an object of nothing else reads as one.
var ownWords = []string{"equalTo", "not", "contains", "startsWith", "endsWith", "matches", "oneOf", "absent", "present", "greaterThan", "lessThan",
	"before", "after", "allOf", "anyOf", "matchesSchema", "caseInsensitive"}

func isMatcherObject(n *source.Node) bool {
	for key := range n.Members() {
		if !slices.Contains(ownWords, key) {
			return false
		}
	}
	return len(n.Kids) > 0
}
