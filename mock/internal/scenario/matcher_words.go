package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/scenario/fullmatch"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// matcherWord is one word that an object used as a matcher may have.
type matcherWord struct {
	name  string
	kinds kinds
	doc   string
	// folds tells that caseInsensitive may stand beside it.
	folds bool
	// schema says more of the operand in the JSON Schema than kinds do, nil where
	// they say it all.
	schema  func(*jsonSchema)
	compile func(c *matching, n *source.Node) matcher
}

// caseInsensitive modifies the text matchers beside it.
const caseInsensitive = "caseInsensitive"

// matcherWords are all matchers. It is filled by init because matchers hold matchers.
var matcherWords []matcherWord

func init() {
	matcherWords = []matcherWord{
		{"equalTo", isAny, "The value as a whole.", true, nil, (*matching).equalTo},
		{"not", isAny, "Anything but this value or matcher.", false, is("condition"), func(c *matching, n *source.Node) matcher {
			inner := *c
			inner.negated = true
			if m := inner.value(n); m != nil {
				return not{m}
			}
			return nil
		}},
		{"contains", isAny, "A part of a text, or an element of a list.", true, is("condition"), (*matching).contains},
		{"startsWith", isScalar, "The beginning of a text.", true, nil, func(c *matching, n *source.Node) matcher {
			return c.text(textStartsWith, n, strings.HasPrefix)
		}},
		{"endsWith", isScalar, "The end of a text.", true, nil, func(c *matching, n *source.Node) matcher {
			return c.text(textEndsWith, n, strings.HasSuffix)
		}},
		{"matches", isText, "A regular expression (RE2) for the whole text.", true, nil, (*matching).pattern},
		{"oneOf", isList, "One of several values.", true, atLeastOne(nil), (*matching).oneOf},
		{"absent", isBool, "Whether there is no value.", false, nil, func(_ *matching, n *source.Node) matcher { return presence{!n.IsTrue()} }},
		{"present", isBool, "Whether there is a value.", false, nil, func(_ *matching, n *source.Node) matcher { return presence{n.IsTrue()} }},
		{"greaterThan", isNumber | isText, "A number above this one.", false, nil, (*matching).magnitude},
		{"lessThan", isNumber | isText, "A number below this one.", false, nil, (*matching).magnitude},
		{"before", isText, "A time before this one (RFC 3339).", false, nil, (*matching).moment},
		{"after", isText, "A time after this one (RFC 3339).", false, nil, (*matching).moment},
		{"allOf", isList, "All of several matchers.", false, atLeastOne(holds("condition")), (*matching).allOf},
		{"anyOf", isList, "One of several matchers.", false, atLeastOne(holds("condition")), (*matching).anyOf},
		{"matchesSchema", isText, "What a named schema of the contract admits.", false, nil, (*matching).schema},
	}
}

func matcherNames() []string {
	names := make([]string, 0, len(matcherWords)+1)
	for i := range matcherWords {
		names = append(names, matcherWords[i].name)
	}
	return append(names, caseInsensitive)
}

func findMatcher(name string) *matcherWord {
	for i := range matcherWords {
		if matcherWords[i].name == name {
			return &matcherWords[i]
		}
	}
	return nil
}

// IsMatcherWord tells whether a name is a word of matchers, so that an object with it
// reads as a matcher.
func IsMatcherWord(name string) bool { return name == caseInsensitive || findMatcher(name) != nil }

// isMatcher tells whether an object reads as a matcher: all its keys are matcher
// words, and there is one.
func isMatcher(n *source.Node) bool {
	if !n.Is(source.Object) || len(n.Kids) == 0 {
		return false
	}
	for key := range n.Members() {
		if !IsMatcherWord(key) {
			return false
		}
	}
	return true
}

// words compiles an object that is a matcher: all of its words must hold. It gives
// nil where it has reported why one cannot.
func (c *matching) words(n *source.Node) matcher {
	inner := *c
	inner.fold = inner.folds(n)
	var list all
	complete := true
	for key, operand := range n.Members() {
		word := findMatcher(key)
		if word == nil {
			continue // caseInsensitive
		}
		d := decoder{c.findings}
		hint := ""
		if operand.Is(source.Object) && (c.shape == nil || c.shape.Types.Has(schema.TypeObject)) {
			hint = propertyHint(key, operand)
		}
		if !d.expectOr(operand, word.kinds, fmt.Sprintf("the matcher %q", key), hint) {
			complete = false
			continue
		}
		if inner.fold && !word.folds {
			c.fault(CodeBadMatcher, operand.KeyAt(), fmt.Sprintf("%q cannot stand beside %s: it is no matcher of text", key, caseInsensitive), "put them into allOf")
		}
		m := word.compile(&inner, operand)
		if m == nil {
			complete = false
		}
		list = append(list, m)
	}
	switch {
	case !complete || len(list) == 0:
		return nil
	case len(list) == 1:
		return list[0]
	}
	return list
}

// folds reads caseInsensitive.
func (c *matching) folds(n *source.Node) bool {
	flag := n.Get(caseInsensitive)
	if flag == nil {
		return false
	}
	d := decoder{c.findings}
	if d.expect(flag, isBool, fmt.Sprintf("%q", caseInsensitive)) && len(n.Kids) == 1 {
		c.fault(CodeBadMatcher, flag.KeyAt(), caseInsensitive+" says nothing alone", "write a matcher of text beside it, such as equalTo")
	}
	return flag.IsTrue()
}

func (c *matching) equalTo(n *source.Node) matcher {
	c.admit(n)
	return &equalTo{n, c.fold}
}

// What a textTest asks for.
const (
	textContains   = "text that contains"
	textStartsWith = "text that starts with"
	textEndsWith   = "text that ends with"
)

func (c *matching) text(what string, n *source.Node, test func(s, want string) bool) matcher {
	m := &textTest{what: what, want: n.Text, written: n.Text, fold: c.fold, test: test}
	if m.fold {
		m.want = strings.ToLower(m.want)
	}
	return m
}

func (c *matching) contains(n *source.Node) matcher {
	m := &contains{element: c.part("…", c.shape.Item(0)).value(n)}
	if m.element == nil {
		return nil
	}
	if isScalar.has(n.Kind) {
		m.part = c.text(textContains, n, strings.Contains).(*textTest)
	}
	return m
}

func (c *matching) pattern(n *source.Node) matcher {
	re, err := fullmatch.Compile(n.Text, c.fold)
	if err != nil {
		c.fault(CodeBadMatcher, n.At(), "this is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "the syntax is RE2: no look-around and no back-references")
		return nil
	}
	return &pattern{re, n.Text, c.fold}
}

func (c *matching) oneOf(n *source.Node) matcher {
	if len(n.Kids) == 0 {
		c.fault(CodeBadMatcher, n.KeyAt(), "oneOf needs at least one value", "write the values that it may have, such as [a, b]")
		return nil
	}
	var list anyOf
	for _, item := range n.Items() {
		otherType := func(other source.Node) bool {
			return isScalar.has(item.Kind) && isScalar.has(other.Kind) && other.Kind != item.Kind && other.Text == item.Text
		}
		if slices.ContainsFunc(n.Kids, otherType) { // it may be of either type, so one of them is enough
			list = append(list, &equalTo{item, c.fold})
			continue
		}
		list = append(list, c.equalTo(item))
	}
	return list
}

func (c *matching) allOf(n *source.Node) matcher {
	if list, ok := c.list(n); ok {
		return all(list)
	}
	return nil
}

func (c *matching) anyOf(n *source.Node) matcher {
	if list, ok := c.list(n); ok {
		return anyOf(list)
	}
	return nil
}

// list compiles a list of matchers; ok is false where one of them is wrong.
func (c *matching) list(n *source.Node) (list []matcher, ok bool) {
	if len(n.Kids) == 0 {
		c.fault(CodeBadMatcher, n.KeyAt(), n.Key+" needs at least one matcher", "write a list such as [{contains: a}, {contains: b}]")
		return nil, false
	}
	ok = true
	for _, item := range n.Items() {
		m := c.value(item)
		list, ok = append(list, m), ok && m != nil
	}
	return list, ok
}

func (c *matching) magnitude(n *source.Node) matcher {
	limit, ok := decimal.Parse(n.Text)
	if !ok {
		c.fault(CodeBadMatcher, n.At(), fmt.Sprintf("%s needs a number, not %q", n.Key, n.Text), "for times write before or after")
		return nil
	}
	return &magnitude{limit, n.Text, n.Key == "greaterThan"}
}

func (c *matching) moment(n *source.Node) matcher {
	limit, ok := parseTime(n.Text)
	if !ok {
		c.fault(CodeBadMatcher, n.At(), fmt.Sprintf("%s needs a time, not %q", n.Key, n.Text), "write a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z")
		return nil
	}
	return &moment{limit, n.Text, n.Key == "after"}
}

func (c *matching) schema(n *source.Node) matcher {
	name := n.Text
	for _, prefix := range []string{"#/components/schemas/", "#/definitions/"} {
		name = strings.TrimPrefix(name, prefix)
	}
	node := c.op.Contract().NamedSchema(name)
	if node == nil {
		c.fault(CodeUnknownSchema, n.At(), fmt.Sprintf("the contract has no schema %q", name), source.DidYouMean(name, c.op.Contract().SchemaNames()))
		return nil
	}
	compiled, err := c.op.Contract().RequestSchema(node)
	if err != nil {
		c.fault(CodeUnknownSchema, n.At(), fmt.Sprintf("the schema %q cannot be compiled", name), "", related(node.At(), "it stands here")...)
		return nil
	}
	return &conforms{name, compiled}
}
