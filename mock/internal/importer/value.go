package importer

import (
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// The values that a scenario is put together from.

func text(s string) source.Node   { return source.New(nil, source.String, "", s) }
func number(s string) source.Node { return source.New(nil, source.Number, "", s) }
func whole(n int) source.Node     { return number(strconv.Itoa(n)) }
func null() source.Node           { return source.New(nil, source.Null, "", "") }
func truth(b bool) source.Node    { return source.New(nil, source.Bool, "", strconv.FormatBool(b)) }
func list(items ...source.Node) source.Node {
	return source.New(nil, source.Array, "", "", items...)
}
func object(members ...source.Node) source.Node {
	return source.New(nil, source.Object, "", "", members...)
}

// member is a value under a key.
func member(key string, value source.Node) source.Node { return value.Renamed(key) }

// matcher is an object of one word.
func matcher(word string, operand source.Node) source.Node { return object(member(word, operand)) }

func duration(d time.Duration) source.Node { return text(d.String()) }

// milliseconds reads a number of milliseconds, which may have a fraction.
func milliseconds(n *source.Node) (time.Duration, bool) {
	ms, err := strconv.ParseFloat(n.Scalar(), 64)
	if err != nil || ms < 0 || ms > 1e12 {
		return 0, false
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

// escaped writes a text so that no expression is read in it.
func escaped(s string) string { return scenario.Literal(s) }

// conditions are members of an object in the order in which they were added.
type conditions []source.Node

// add adds a condition; two about the same thing must both hold.
func (c *conditions) add(name string, value source.Node) {
	for i := range *c {
		if have := &(*c)[i]; have.Key == name {
			*have = member(name, matcher("allOf", list(have.Renamed(""), value)))
			return
		}
	}
	*c = append(*c, member(name, value))
}

// isNumber tells whether a text is a JSON number as it is written most shortly, so
// that reading it as one loses nothing.
func isNumber(s string) bool {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return strconv.FormatInt(n, 10) == s
	}
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && strconv.FormatFloat(f, 'f', -1, 64) == s
}

// scalar writes the text of a parameter with the type that the contract gives it.
func scalar(op *contract.Operation, in exchange.Location, name, value string) source.Node {
	types := schema.TypeString
	if op != nil {
		if p := op.Parameter(in, name); p != nil && p.Schema != nil {
			types = op.Contract().ShapeOf(p.Schema).Types
		}
	}
	switch {
	case types&schema.TypeString != 0:
	case types&(schema.TypeInteger|schema.TypeNumber) != 0 && isNumber(value):
		return number(value)
	case types&schema.TypeBoolean != 0 && (value == "true" || value == "false"):
		return truth(value == "true")
	}
	return text(value)
}

// isList tells whether a parameter is a list by the contract, of which another mock
// compares the elements.
func isList(op *contract.Operation, in exchange.Location, name string) bool {
	if op == nil {
		return false
	}
	p := op.Parameter(in, name)
	return p != nil && p.Schema != nil && op.Contract().ShapeOf(p.Schema).Types == schema.TypeArray
}

// eitherType is a matcher for a value in a body that another mock compares by its
// text: what reads as a number or boolean may be one.
func eitherType(value string) source.Node {
	switch {
	case isNumber(value):
		return matcher("oneOf", list(text(value), number(value)))
	case value == "true" || value == "false":
		return matcher("oneOf", list(text(value), truth(value == "true")))
	}
	return matcher("equalTo", text(value))
}
