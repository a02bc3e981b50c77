package importer

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// textMatcher maps a matcher of one text. typed writes an expected text as the value
// that the contract has in that place.
func (w *wireRule) textMatcher(n *source.Node, typed func(string) source.Node) (source.Node, bool) {
	none := source.Node{}
	if n.Is(source.String) || n.Is(source.Number) || n.Is(source.Bool) {
		return matcher("equalTo", typed(n.Scalar())), true
	}
	word := wireWord(n)
	if word == nil {
		w.leftOut(n.At(), "", "the matcher has no word that is known")
		return none, false
	}
	fold := n.Get("caseInsensitive").IsTrue()
	for key, other := range n.Members() {
		if other == word || key == "caseInsensitive" || key == "expression" {
			continue
		}
		w.leftOut(other.KeyAt(), "", "%s beside %s cannot be carried over", key, word.Key)
		return none, false
	}
	value, ok := w.word(word, typed)
	if ok && fold {
		if value.Has("equalTo") { // numbers have no case
			value = matcher("equalTo", text(word.Scalar()))
		}
		value.Kids = append(value.Kids, member("caseInsensitive", truth(true)))
	}
	return value, ok
}

// wireWords are the words that a matcher of text may have.
var wireWords = []string{
	"equalTo", "contains", "doesNotContain", "matches", "doesNotMatch", "absent", "and", "or", "not", "includes", "hasExactly",
	"before", "after", "equalToDateTime", "equalToJson", "matchesJsonPath", "matchesJsonSchema", "equalToXml", "matchesXPath", "binaryEqualTo", "equalToIgnoreCase",
	"equalToNumber", "greaterThanNumber", "lessThanNumber", "anything",
}

// wireWord gives the member that says what a matcher does, nil for none.
func wireWord(n *source.Node) *source.Node {
	for key, each := range n.Members() {
		if slices.Contains(wireWords, key) {
			return each
		}
	}
	return nil
}

func (w *wireRule) word(n *source.Node, typed func(string) source.Node) (source.Node, bool) {
	switch n.Key {
	case "equalTo":
		return matcher("equalTo", typed(n.Scalar())), true
	case "equalToIgnoreCase":
		return object(member("equalTo", text(n.Scalar())), member("caseInsensitive", truth(true))), true
	case "contains":
		return matcher("contains", text(n.Scalar())), true
	case "doesNotContain":
		return matcher("not", matcher("contains", text(n.Scalar()))), true
	case "matches", "doesNotMatch":
		if _, err := compile(n.Scalar()); err != nil {
			w.leftOut(n.At(), err.Error(), "the regular expression cannot be carried over")
			return source.Node{}, false
		}
		value := matcher("matches", text(n.Scalar()))
		if n.Key == "doesNotMatch" {
			value = matcher("not", value)
		}
		return value, true
	case "absent":
		return matcher("absent", truth(n.IsTrue() || n.Scalar() != "false")), true
	case "anything":
		return matcher("anyOf", list(matcher("present", truth(true)), matcher("absent", truth(true)))), true
	case "before", "after":
		if !isTime(n.Str()) {
			w.leftOut(n.At(), "times that do not depend on the moment can be carried over: 2026-01-31T12:00:00Z", "the time %q cannot be carried over", n.Str())
			return source.Node{}, false
		}
		return matcher(n.Key, text(n.Str())), true
	case "equalToNumber":
		return matcher("equalTo", number(n.Scalar())), isNumber(n.Scalar())
	case "greaterThanNumber":
		return matcher("greaterThan", number(n.Scalar())), isNumber(n.Scalar())
	case "lessThanNumber":
		return matcher("lessThan", number(n.Scalar())), isNumber(n.Scalar())
	case "and", "includes": // of the values, each is asked for where there are several
		return w.several(n, "allOf", typed)
	case "or":
		return w.several(n, "anyOf", typed)
	case "not":
		value, ok := w.textMatcher(n, typed)
		return matcher("not", value), ok
	}
	w.leftOut(n.KeyAt(), "", "the matcher %s cannot be carried over here", n.Key)
	return source.Node{}, false
}

// several maps a list of matchers of one value.
func (w *wireRule) several(n *source.Node, word string, typed func(string) source.Node) (source.Node, bool) {
	var values []source.Node
	for _, item := range n.Items() {
		value, ok := w.textMatcher(item, typed)
		if !ok {
			return source.Node{}, false
		}
		values = append(values, value)
	}
	if len(values) == 0 {
		w.leftOut(n.KeyAt(), "", "%s has no matchers", n.Key)
		return source.Node{}, false
	}
	return matcher(word, list(values...)), true
}
