package importer

import (
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func isTime(s string) bool {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// bodyPatterns maps the conditions on the body, all of which must hold.
func (w *wireRule) bodyPatterns(n *source.Node) bool {
	ok := n.Is(source.Array)
	if !ok {
		w.leftOut(n.At(), "", "bodyPatterns is no list")
	}
	for _, pattern := range n.Items() {
		ok = w.bodyPattern(pattern) && ok
	}
	return ok
}

func (w *wireRule) bodyPattern(n *source.Node) bool {
	word := wireWord(n)
	if word == nil {
		w.leftOut(n.At(), "", "the body pattern has no word that is known")
		return false
	}
	if w.t.op != nil && len(w.t.op.RequestBody()) == 0 && word.Key != "absent" {
		w.leftOut(word.KeyAt(), "describe the request body in the contract", "%s describes no request body that a condition could look at", w.t.op.Name())
		return false
	}
	switch word.Key {
	case "equalToJson":
		value, ok := w.equalToJSON(n)
		if ok {
			w.s.matchBody(value)
		}
		return ok
	case "matchesJsonPath":
		return w.matchesJSONPath(word, false)
	case "and":
		ok := true
		for _, each := range word.Items() {
			ok = w.bodyPattern(each) && ok
		}
		return ok
	case "not":
		if inner := wireWord(word); inner != nil && inner.Key == "matchesJsonPath" {
			return w.matchesJSONPath(inner, true)
		}
		value, ok := w.bodyValue(word)
		if ok {
			w.s.matchBody(matcher("not", value))
		}
		return ok
	case "or":
		var values []source.Node
		for _, each := range word.Items() {
			value, ok := w.bodyValue(each)
			if !ok {
				return false
			}
			values = append(values, value)
		}
		w.s.matchBody(matcher("anyOf", list(values...)))
		return len(values) > 0
	case "equalToXml", "matchesXPath":
		w.leftOut(word.KeyAt(), "XML is compared as data: write its elements under when.body", "the matcher %s cannot be carried over", word.Key)
		return false
	case "matchesJsonSchema":
		w.leftOut(word.KeyAt(), "name a schema of the contract: matchesSchema", "the matcher matchesJsonSchema cannot be carried over")
		return false
	case "binaryEqualTo":
		w.leftOut(word.KeyAt(), "", "a body cannot be compared byte by byte")
		return false
	}
	return w.bodyText(n, word)
}

// bodyValue maps a body pattern to a matcher of the whole body.
func (w *wireRule) bodyValue(n *source.Node) (source.Node, bool) {
	switch word := wireWord(n); {
	case word != nil && word.Key == "equalToJson":
		return w.equalToJSON(n)
	case word != nil && word.Key == "equalTo" && w.jsonBody():
		if value := dataOf([]byte(word.Scalar())); value != nil {
			return matcher("equalTo", value.Clone().Renamed("")), true
		}
	case word != nil && !w.jsonBody():
		return w.textMatcher(n, text)
	}
	w.leftOut(n.At(), "write one mapping for each of them", "this pattern cannot be carried over inside of another")
	return source.Node{}, false
}

func (w *wireRule) jsonBody() bool {
	code, ok := wholeBody(w.t.op)
	return ok && code != "body"
}

// bodyText maps a matcher of the body's text. Of JSON, data is what conditions see.
func (w *wireRule) bodyText(n, word *source.Node) bool {
	code, known := wholeBody(w.t.op)
	switch {
	case word.Key == "absent":
		w.s.matchBody(matcher("absent", truth(true)))
		return true
	case w.t.op == nil || !known:
		w.leftOut(word.KeyAt(), "write what it asks under when.body", "the text of this body cannot be compared: conditions see its data")
		return false
	case code == "body":
		value, ok := w.textMatcher(n, text)
		if ok {
			w.s.matchBody(value)
		}
		return ok
	}
	if n.Has("caseInsensitive") {
		w.leftOut(n.Get("caseInsensitive").KeyAt(), "write what it asks under when.body", "the text of a JSON body cannot be compared without case")
		return false
	}
	switch word.Key {
	case "equalTo":
		if value := dataOf([]byte(word.Scalar())); value != nil {
			w.s.matchBody(matcher("equalTo", value.Clone().Renamed("")))
			w.changed(word.KeyAt(), "", "the body is compared as data: blanks and the order of members do not count")
			return true
		}
	case "contains", "doesNotContain":
		w.bodyExpression(word, code+" contains "+quote(compactPart(word.Scalar())), word.Key == "doesNotContain")
		return true
	case "matches", "doesNotMatch":
		if _, err := compile(word.Scalar()); err == nil {
			w.bodyExpression(word, code+" matches "+quote("^(?:"+compactPart(word.Scalar())+")$"), word.Key == "doesNotMatch")
			return true
		}
	}
	w.leftOut(word.KeyAt(), "write what it asks under when.body or when.jsonPath", "the matcher %s cannot be carried over for a body of JSON", word.Key)
	return false
}

func (w *wireRule) bodyExpression(word *source.Node, code string, negated bool) {
	if negated {
		code = "not (" + code + ")"
	}
	w.s.exprs = append(w.s.exprs, code)
	w.changed(word.KeyAt(), "better under when.body or when.jsonPath", "the matcher %s looks at the body as JSON in one line without blanks", word.Key)
}

// compactPart takes the blanks out of a part of JSON that stand behind its signs.
func compactPart(s string) string {
	return strings.NewReplacer(`": `, `":`, `", "`, `","`, `, "`, `,"`).Replace(s)
}

// formParameters maps conditions on the fields of a form.
func (w *wireRule) formParameters(n *source.Node) bool {
	var fields []source.Node
	for name, value := range n.Members() {
		m, ok := w.textMatcher(value, text)
		if !ok {
			return false
		}
		if expected := m.Get("equalTo"); expected != nil && len(m.Kids) == 1 {
			m = eitherType(expected.Text)
		}
		fields = append(fields, member(name, m))
	}
	if len(fields) == 0 {
		return true
	}
	if w.t.op == nil || len(w.t.op.RequestBody()) == 0 {
		w.leftOut(n.KeyAt(), "", "there is no form in the contract that a condition could look at")
		return false
	}
	w.s.matchBody(object(fields...))
	return true
}

// multipart maps conditions on parts with a name and one matcher.
func (w *wireRule) multipart(n *source.Node) bool {
	var parts []source.Node
	for _, part := range n.Items() {
		name, patterns := part.Get("name").Str(), part.Get("bodyPatterns")
		if name == "" || !patterns.Is(source.Array) || len(patterns.Kids) != 1 || part.Has("headers") || part.Get("matchingType").Str() == "ALL" {
			w.leftOut(part.At(), "a part with a name and one matcher of text can be", "this multipart pattern cannot be carried over")
			return false
		}
		word := wireWord(&patterns.Kids[0])
		if word == nil || strings.Contains(strings.ToLower(word.Key), "json") || strings.Contains(word.Key, "X") || word.Key == "binaryEqualTo" {
			w.leftOut(patterns.At(), "write what it asks under when.body", "this matcher of a part cannot be carried over")
			return false
		}
		value, ok := w.textMatcher(&patterns.Kids[0], text)
		if !ok {
			return false
		}
		parts = append(parts, member(name, value))
	}
	if len(parts) > 0 {
		w.s.matchBody(object(parts...))
	}
	return true
}

// atLeast reads a whole number.
func atLeast(n *source.Node, least int) (int, bool) {
	value, err := strconv.Atoi(n.Scalar())
	return value, err == nil && value >= least
}
