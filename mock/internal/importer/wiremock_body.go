package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
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
		if _, ok := compile(word.Scalar()); ok {
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
		if _, ok := compile(pattern); ok {
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

var (
	// regexFilter is Jayway's comparison with a regular expression.
	regexFilter = regexp.MustCompile(`(@[A-Za-z0-9_.'\[\]]*)\s*=~\s*/((?:[^/\\]|\\.)*)/(i?)`)
	// rootFilter asks the object that is the body, which in RFC 9535 its members are
	// asked for.
	rootFilter = regexp.MustCompile(`^\$\[\?\(\s*@\.([A-Za-z0-9_.]+)\s*==\s*('[^'\\]*'|-?[0-9.]+|true|false)\s*\)\]$`)
)

// matchesJSONPath maps a query, with a matcher for what it selects or without.
func (w *wireRule) matchesJSONPath(n *source.Node, negated bool) bool {
	query, value := n.Str(), source.Node{}
	simple := n.Is(source.String)
	if !simple {
		query = n.Get("expression").Str()
		var ok bool
		if value, ok = w.selected(n); !ok {
			return false
		}
	}
	if found := rootFilter.FindStringSubmatch(query); found != nil && simple && !w.listBody() {
		literal := matcher("equalTo", number(found[2]))
		switch {
		case found[2][0] == '\'':
			literal = matcher("equalTo", text(strings.Trim(found[2], "'")))
		case found[2] == "true" || found[2] == "false":
			literal = matcher("equalTo", truth(found[2] == "true"))
		}
		query, value, simple = "$."+found[1], literal, false
	}
	if strings.HasPrefix(query, "$[?") && !w.listBody() {
		w.leftOut(n.At(), "ask for the members by name: $.name", "this query filters the body itself, and in RFC 9535 a filter looks at members")
		return false
	}
	query = regexFilter.ReplaceAllStringFunc(query, func(found string) string {
		parts := regexFilter.FindStringSubmatch(found)
		flags := ""
		if parts[3] != "" {
			flags = "(?i)"
		}
		return "match(" + parts[1] + ", '" + flags + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(parts[2]) + "')"
	})
	if _, err := jsonpath.Parse(query); err != nil {
		w.leftOut(n.At(), "queries are those of RFC 9535", "the query %s cannot be carried over: %v", query, err)
		return false
	}
	if simple {
		value = something(query)
	}
	if negated {
		value = matcher("anyOf", list(matcher("absent", truth(true)), matcher("not", value)))
		if strings.ContainsAny(query, "*?:,") || strings.Contains(query, "..") {
			value = matcher("absent", truth(true))
			if !simple {
				w.leftOut(n.At(), "", "a matcher that must hold for none of several nodes cannot be carried over")
				return false
			}
		}
	}
	w.s.jsonPath.add(query, value)
	return true
}

// something is what a query without a matcher asks for: a node, and where it leads to
// one alone, neither null nor empty.
func something(query string) source.Node {
	if strings.ContainsAny(query, "*?:,") || strings.Contains(query, "..") {
		return matcher("present", truth(true))
	}
	return matcher("not", matcher("oneOf", list(null(), list(), object())))
}

// selected maps the matcher for what a query selects: there, values are compared as
// texts.
func (w *wireRule) selected(n *source.Node) (source.Node, bool) {
	word := wireWord(n)
	if word == nil {
		w.leftOut(n.At(), "", "matchesJsonPath has no matcher that is known")
		return source.Node{}, false
	}
	if word.Key == "equalToJson" {
		return w.equalToJSON(n)
	}
	if word.Key == "equalTo" && !n.Has("caseInsensitive") {
		return eitherType(word.Scalar()), true
	}
	return w.textMatcher(n, text)
}

// listBody tells whether bodies of the operation are lists by the contract.
func (w *wireRule) listBody() bool {
	if w.t.op == nil {
		return false
	}
	return slices.ContainsFunc(w.t.op.RequestBody(), func(r contract.RequestMedia) bool {
		return r.SchemaNode.Get("type").Str() == "array" || r.SchemaNode.Has("items")
	})
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
