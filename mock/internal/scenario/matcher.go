package scenario

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// matcher is a compiled condition on one value.
type matcher interface {
	match(o operand) bool
	// String describes what is expected: `text that contains "x"`.
	String() string
}

// explainer is a matcher that looks inside of a value and can say where it differs.
type explainer interface {
	explain(where string, o operand) string
}

// mismatch says why a value does not match.
func mismatch(m matcher, where string, o operand) string {
	if e, ok := m.(explainer); ok && o.kind != absent {
		return e.explain(where, o)
	}
	return fmt.Sprintf("%s is %s, expected %s", where, o, m)
}

// equalTo compares a scalar, or a list or object as a whole.
type equalTo struct {
	node *source.Node
	fold bool // case does not count
}

func (m *equalTo) match(o operand) bool {
	switch o.kind {
	case absent:
		return false
	case textOperand:
		return (m.node.Kind == source.String || o.lenient && isScalar.has(m.node.Kind)) && m.sameText(o.text)
	}
	return equalValue(m.node, o.value, o.lenient)
}

func (m *equalTo) sameText(text string) bool {
	return m.node.Text == text || m.fold && strings.EqualFold(m.node.Text, text)
}

func (m *equalTo) String() string {
	return shownNode(m.node) + anyCase(m.fold)
}

// shownNode shows an expected value as its JSON.
func shownNode(n *source.Node) string { return shorten(string(n.AppendJSON(nil))) }

// not holds where another matcher does not; also where the value is absent.
type not struct{ matcher }

func (m not) match(o operand) bool { return !m.matcher.match(o) }
func (m not) String() string       { return "anything but " + m.matcher.String() }

// explain keeps the negated matcher from explaining itself.
func (m not) explain(where string, o operand) string {
	return fmt.Sprintf("%s is %s, expected %s", where, o, m)
}

// textTest is a matcher of text: contains, startsWith, endsWith.
type textTest struct {
	what    string // "text that contains"
	want    string // in lower case where case does not count
	written string
	fold    bool
	test    func(s, want string) bool
}

func (m *textTest) match(o operand) bool {
	s, ok := o.asText()
	if ok && m.fold {
		s = strings.ToLower(s)
	}
	return ok && m.test(s, m.want)
}

func (m *textTest) String() string { return m.what + " " + strconv.Quote(m.written) + anyCase(m.fold) }

func anyCase(fold bool) string {
	if fold {
		return " in any case"
	}
	return ""
}

// contains holds for text with a part, and for a list with an element.
type contains struct {
	part    *textTest // nil where the part is no text
	element matcher
}

func (m *contains) match(o operand) bool {
	if items, ok := o.items(); ok {
		for _, item := range items {
			if m.element.match(valueOf(item, o.lenient)) {
				return true
			}
		}
		return false
	}
	return m.part != nil && m.part.match(o)
}

func (m *contains) String() string {
	if m.part != nil {
		return m.part.String()
	}
	return "a list that contains " + m.element.String()
}

// pattern holds where an expression matches the whole text.
type pattern struct {
	re      *regexp.Regexp
	written string
	fold    bool
}

func (m *pattern) match(o operand) bool {
	s, ok := o.asText()
	return ok && m.re.MatchString(s)
}

func (m *pattern) String() string {
	return "text that matches " + strconv.Quote(m.written) + anyCase(m.fold)
}

// presence holds where the value is there, or is not.
type presence struct{ want bool }

func (m presence) match(o operand) bool { return (o.kind != absent) == m.want }

func (m presence) String() string {
	if m.want {
		return "a value"
	}
	return "no value"
}

// magnitude compares numbers.
type magnitude struct {
	limit   decimal.Decimal
	written string
	greater bool
}

func (m *magnitude) match(o operand) bool {
	d, ok := o.asNumber()
	if m.greater {
		return ok && d.Cmp(m.limit) > 0
	}
	return ok && d.Cmp(m.limit) < 0
}

func (m *magnitude) String() string {
	if m.greater {
		return "a number greater than " + m.written
	}
	return "a number less than " + m.written
}

// moment compares dates and times.
type moment struct {
	limit   time.Time
	written string
	after   bool
}

func (m *moment) match(o operand) bool {
	t, ok := parseTime(o.text)
	if m.after {
		return ok && t.After(m.limit)
	}
	return ok && t.Before(m.limit)
}

func (m *moment) String() string {
	if m.after {
		return "a time after " + m.written
	}
	return "a time before " + m.written
}

// parseTime reads a date-time or full-date (RFC 3339); a date is its first moment
// in UTC.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// all holds where each of its matchers does, anyOf where one of them does.
type (
	all   []matcher
	anyOf []matcher
)

func (m all) match(o operand) bool {
	for _, each := range m {
		if !each.match(o) {
			return false
		}
	}
	return true
}

func (m all) String() string { return describeAll(m, " and ") }

func (m all) explain(where string, o operand) string {
	for _, each := range m {
		if !each.match(o) {
			return mismatch(each, where, o)
		}
	}
	return ""
}

func (m anyOf) match(o operand) bool {
	for _, each := range m {
		if each.match(o) {
			return true
		}
	}
	return false
}

func (m anyOf) String() string { return describeAll(m, " or ") }

func describeAll(list []matcher, word string) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, word)
}

// conforms holds where a schema of the contract admits the value.
type conforms struct {
	name   string
	schema *schema.Schema
}

func (m *conforms) match(o operand) bool {
	switch o.kind {
	case absent:
		return false
	case textOperand:
		return m.schema.Valid(o.text)
	}
	return m.schema.Valid(o.value)
}

func (m *conforms) String() string { return "what the schema " + m.name + " admits" }
