package scenario

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// expression takes an expression apart that compares parts of the request with literals,
// and asks for what it wants. It gives false for one that does more; the request may
// fulfil it all the same.
func (a *asking) expression(code string) bool {
	tree, err := parser.Parse(code)
	return err == nil && a.wants(tree.Node, false)
}

// wants asks for what makes a node true, or false where it is negated.
func (a *asking) wants(node ast.Node, negated bool) bool {
	switch n := node.(type) {
	case *ast.UnaryNode:
		return (n.Operator == "not" || n.Operator == "!") && a.wants(n.Node, !negated)
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			if negated {
				return a.wants(n.Left, true)
			}
			return a.wants(n.Left, false) && a.wants(n.Right, false)
		case "or", "||":
			if negated {
				return a.wants(n.Left, true) && a.wants(n.Right, true)
			}
			return a.wants(n.Left, false)
		}
		return a.compared(n, negated)
	}
	return a.ask(node, &equalTo{node: literalNode("true", source.Bool)}, negated)
}

// mirrored are the comparisons as they read from right to left.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

// compared asks for what makes a comparison true.
func (a *asking) compared(n *ast.BinaryNode, negated bool) bool {
	if m := comparison(n.Operator, n.Right); m != nil && a.ask(n.Left, m, negated) {
		return true
	}
	if left := literalOf(n.Left); left != nil && n.Operator == "in" {
		return a.ask(n.Right, &contains{element: &equalTo{node: left}}, negated)
	}
	operator, ok := mirrored[n.Operator]
	if !ok {
		return false
	}
	m := comparison(operator, n.Left)
	return m != nil && a.ask(n.Right, m, negated)
}

// comparison is the matcher for an operator and the literal on its right, nil for none.
func comparison(operator string, right ast.Node) matcher {
	if operator == "in" {
		list, ok := right.(*ast.ArrayNode)
		if !ok {
			return nil
		}
		var of anyOf
		for _, item := range list.Nodes {
			n := literalOf(item)
			if n == nil {
				return nil
			}
			of = append(of, &equalTo{node: n})
		}
		return of
	}
	n := literalOf(right)
	if n == nil {
		return nil
	}
	limit, isNumber := decimal.Parse(n.Text)
	isNumber = isNumber && n.Is(source.Number)
	switch {
	case n.Is(source.Null) && operator == "==":
		return presence{false}
	case n.Is(source.Null) && operator == "!=":
		return presence{true}
	case operator == "==":
		return &equalTo{node: n}
	case operator == "!=":
		return not{&equalTo{node: n}}
	case (operator == ">" || operator == "<") && isNumber:
		return &magnitude{limit, n.Text, operator == ">"}
	case (operator == ">=" || operator == "<=") && isNumber:
		return anyOf{&equalTo{node: n}, &magnitude{limit, n.Text, operator == ">="}}
	case operator == "contains":
		return &textTest{what: textContains, want: n.Text, written: n.Text, test: strings.Contains}
	case operator == "startsWith":
		return &textTest{what: textStartsWith, want: n.Text, written: n.Text, test: strings.HasPrefix}
	case operator == "endsWith":
		return &textTest{what: textEndsWith, want: n.Text, written: n.Text, test: strings.HasSuffix}
	case operator == "matches":
		// An expression looks for a match, and a matcher wants it to be the whole.
		if re, err := regexp.Compile(n.Text); err == nil {
			return &pattern{re: re, written: n.Text}
		}
	}
	return nil
}

// literalOf gives the value of a literal, nil for what is none.
func literalOf(node ast.Node) *source.Node {
	switch n := node.(type) {
	case *ast.StringNode:
		return literalNode(n.Value, source.String)
	case *ast.IntegerNode:
		return literalNode(strconv.Itoa(n.Value), source.Number)
	case *ast.FloatNode:
		return literalNode(string(appendFloat(nil, n.Value)), source.Number)
	case *ast.BoolNode:
		return literalNode(strconv.FormatBool(n.Value), source.Bool)
	case *ast.NilNode:
		return literalNode("", source.Null)
	case *ast.UnaryNode:
		if inner := literalOf(n.Node); n.Operator == "-" && inner.Is(source.Number) {
			return literalNode("-"+inner.Text, source.Number)
		}
	}
	return nil
}

func literalNode(text string, kind source.Kind) *source.Node {
	n := source.New(nil, kind, "", text)
	return &n
}

// ask asks that a part of the request is as a matcher wants it; false where the node is
// no such part.
func (a *asking) ask(node ast.Node, m matcher, negated bool) bool {
	names, ok := chain(node)
	if ok && len(names) > 0 && names[0] == "request" {
		names = names[1:]
	}
	if !ok || len(names) == 0 {
		return false
	}
	if negated {
		m = not{m}
	}
	if names[0] == "body" {
		a.body = append(a.body, partOf(names[1:], m))
		return true
	}
	in, ok := parameterPlaces[names[0]]
	if !ok || len(names) < 2 {
		return false
	}
	m = partOf(names[2:], m)
	if in == exchange.Header {
		return a.parameter(in, http.CanonicalHeaderKey(names[1]), m)
	}
	return a.parameter(in, names[1], m)
}

// partOf asks for a part of a value; "" stands for an item.
func partOf(names []string, m matcher) matcher {
	for _, name := range slices.Backward(names) {
		if name == "" {
			m = &contains{element: m}
		} else {
			m = subset{{name, m}}
		}
	}
	return m
}

// chain gives the names of a chain such as body.customer.name.
func chain(node ast.Node) (names []string, ok bool) {
	switch n := node.(type) {
	case *ast.ChainNode:
		return chain(n.Node)
	case *ast.IdentifierNode:
		return []string{n.Value}, true
	case *ast.BuiltinNode:
		if n.Name != "get" || len(n.Arguments) != 2 {
			return nil, false
		}
		name, isText := n.Arguments[1].(*ast.StringNode)
		if names, ok = chain(n.Arguments[0]); !ok || !isText {
			return nil, false
		}
		return append(names, name.Value), true
	case *ast.MemberNode:
		names, ok = chain(n.Node)
		switch p := n.Property.(type) {
		case *ast.StringNode:
			return append(names, p.Value), ok
		case *ast.IntegerNode:
			return append(names, ""), ok
		}
	}
	return nil, false
}
