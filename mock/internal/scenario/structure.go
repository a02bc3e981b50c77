package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// subset holds for objects that have the stated members; they may have more.
type subset []member

type member struct {
	name string
	matcher
}

func (m subset) match(o operand) bool {
	object, ok := o.value.(map[string]any)
	if !ok {
		return false
	}
	for i := range m {
		if !m[i].match(memberOf(object, m[i].name, o.lenient)) {
			return false
		}
	}
	return true
}

func memberOf(object map[string]any, name string, lenient bool) operand {
	value, ok := object[name]
	if !ok {
		return operand{}
	}
	return valueOf(value, lenient)
}

func (m subset) String() string {
	names := make([]string, len(m))
	for i := range m {
		names[i] = strconv.Quote(m[i].name)
	}
	if len(names) == 0 {
		return "an object"
	}
	return "an object with " + strings.Join(names, ", ")
}

func (m subset) explain(where string, o operand) string {
	object, ok := o.value.(map[string]any)
	if !ok {
		return fmt.Sprintf("%s is %s, expected %s", where, o, m)
	}
	for i := range m {
		if v := memberOf(object, m[i].name, o.lenient); !m[i].match(v) {
			return mismatch(m[i].matcher, below(where, m[i].name), v)
		}
	}
	return ""
}

// elements holds for lists of the same length whose elements match one by one.
type elements []matcher

func (m elements) match(o operand) bool {
	items, ok := o.items()
	if !ok || len(items) != len(m) {
		return false
	}
	for i, item := range items {
		if !m[i].match(valueOf(item, o.lenient)) {
			return false
		}
	}
	return true
}

func (m elements) String() string { return length(len(m)).String() }

func (m elements) explain(where string, o operand) string {
	items, ok := o.items()
	if !ok || len(items) != len(m) {
		return fmt.Sprintf("%s is %s, expected %s", where, o, m)
	}
	for i, item := range items {
		if v := valueOf(item, o.lenient); !m[i].match(v) {
			return mismatch(m[i], below(where, strconv.Itoa(i)), v)
		}
	}
	return ""
}

// length holds for lists with as many elements.
type length int

func (m length) match(o operand) bool {
	items, ok := o.items()
	return ok && len(items) == int(m)
}

func (m length) String() string { return fmt.Sprintf("a list of %d", int(m)) }

// below names a place inside of a value: body /actor/name.
func below(where, token string) string {
	if !strings.Contains(where, " /") {
		where += " "
	}
	return where + "/" + source.EscapePointer(token)
}

// equalValue compares a decoded value with an expected one as a whole; numbers by
// value, and leniently also with text that says the same.
func equalValue(n *source.Node, value any, lenient bool) bool {
	switch v := value.(type) {
	case nil:
		return n.Is(source.Null)
	case bool:
		return (n.Is(source.Bool) || lenient && n.Is(source.String)) && n.Text == strconv.FormatBool(v)
	case string:
		return (n.Is(source.String) || lenient && isScalar.has(n.Kind)) && n.Text == v
	case json.Number:
		return (n.Is(source.Number) || lenient && n.Is(source.String)) && equalNumber(n.Text, string(v))
	case []any:
		return n.Is(source.Array) && equalList(n, v, lenient)
	case map[string]any:
		return n.Is(source.Object) && equalObject(n, v, lenient)
	}
	return false
}

func equalNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := decimal.Parse(a)
	y, alsoOK := decimal.Parse(b)
	return ok && alsoOK && x.Cmp(y) == 0
}

func equalList(n *source.Node, list []any, lenient bool) bool {
	if len(n.Kids) != len(list) {
		return false
	}
	for i, item := range list {
		if !equalValue(&n.Kids[i], item, lenient) {
			return false
		}
	}
	return true
}

func equalObject(n *source.Node, object map[string]any, lenient bool) bool {
	if len(n.Kids) != len(object) {
		return false
	}
	for name, want := range n.Members() {
		if value, ok := object[name]; !ok || !equalValue(want, value, lenient) {
			return false
		}
	}
	return true
}
