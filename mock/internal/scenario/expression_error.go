package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	exprfile "github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// badExpression reports why code does not compile, at the place in the file.
func (c *compiler) badExpression(n *source.Node, code string, err error, tree *parser.Tree) {
	message := firstLine(err.Error())
	var located *exprfile.Error
	if !errors.As(err, &located) {
		if got, ok := strings.CutPrefix(message, "expected bool, but got "); ok {
			c.fault(CodeBadExpression, n.At(), "the condition must be true or false, and this gives "+plainTypes(got), "compare it with something")
			return
		}
		c.fault(CodeBadExpression, n.At(), "the expression does not compile: "+plainMessage(message), "")
		return
	}
	message = firstLine(located.Message)
	at, hint := c.inCode(n, code, located.Location), ""
	switch name, field := strings.CutPrefix(message, "unknown field "); {
	case strings.HasPrefix(message, "unknown name "):
		name = strings.TrimPrefix(message, "unknown name ")
		message, hint = fmt.Sprintf("an expression has no name %q", name), nameHint(name)
	case field && tree != nil:
		message, hint = c.unknownField(name, located.Location, tree)
	case message == `unexpected token Operator("=")`:
		message, hint = "an expression has no operator =", "write == to compare"
	case message == "unexpected token EOF":
		message = "the expression ends too early"
	default:
		message = "the expression does not compile: " + plainMessage(message)
	}
	c.fault(CodeBadExpression, at, message, hint)
}

// nameHint says what an unknown name was probably meant to be.
func nameHint(name string) string {
	if best := source.Closest(name, slices.Concat(rootNames, functionNames())); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "expected one of " + strings.Join(rootNames, ", ") + ", or a function"
}

// unknownField says what has no such member, and which it has.
func (c *compiler) unknownField(name string, at exprfile.Location, tree *parser.Tree) (message, hint string) {
	f := &fieldFinder{at: at}
	ast.Walk(&tree.Node, f)
	hint = source.DidYouMean(name, f.known)
	if hint == "" {
		hint = "the contract declares none of that name"
	}
	in, ok := parameterPlaces[f.root]
	if !ok {
		return fmt.Sprintf("there is no %q here, as the contract describes %s", name, c.op.Name()), hint
	}
	if source.Closest(name, f.known) == "" && f.root != "path" {
		hint = fmt.Sprintf("for one that is not declared write get(%s, %q)", f.root, name)
	}
	return fmt.Sprintf("%s declares no %s %q", c.op.Name(), parameterNouns[in], name), hint
}

// fieldFinder finds the names that were possible where a field is unknown.
type fieldFinder struct {
	at    exprfile.Location
	root  string // the name whose member it is, "" for members of members
	known []string
}

// Visit is called for every node.
func (f *fieldFinder) Visit(node *ast.Node) {
	m, ok := (*node).(*ast.MemberNode)
	if !ok || m.Property.Location() != f.at {
		return
	}
	if root, ok := m.Node.(*ast.IdentifierNode); ok {
		f.root = root.Value
	}
	if nt := m.Node.Nature(); nt.TypeData != nil {
		for name := range nt.Fields {
			f.known = append(f.known, name)
		}
	}
	slices.Sort(f.known)
}
