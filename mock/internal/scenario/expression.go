package scenario

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	exprcompiler "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	exprfile "github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// expression is a compiled expression. It is immutable and safe for concurrent use.
type expression struct {
	code    string
	program *vm.Program
	// roots are the names of the environment that it asks for.
	roots []string
	// states are the states that it asks for; "" stands for all.
	states []string
	// direct is set for an expression that is nothing but a parameter.
	direct *directParameter
}

// directParameter is a declared parameter that is read without running a program.
type directParameter struct {
	in    exchange.Location
	name  string
	index int
}

// Limits of expressions. An expression is written by people; what it does on a
// request must stay far below what a request may cost.
const (
	maxCodeLength = 10_000
	maxCodeNodes  = 1_000
	memoryBudget  = 1_000_000
)

// expression compiles code that stands in n. It gives nil where it has reported
// what is wrong.
func (c *compiler) expression(n *source.Node, code string, isCondition bool) *expression {
	if strings.TrimSpace(code) == "" {
		c.fault(CodeBadExpression, n.At(), "the expression is empty", "write one such as ${path.id}")
		return nil
	}
	if len(code) > maxCodeLength {
		c.fault(CodeUnboundedExpression, n.At(), fmt.Sprintf("the expression is longer than %d bytes", maxCodeLength), "write a shorter one: conditions under path, query, headers and body need no expression")
		return nil
	}
	tree, cfg, err := c.parse(code, isCondition)
	if err != nil {
		c.badExpression(n, code, err, tree)
		return nil
	}
	e := &expression{code: code}
	if !c.analyse(n, e, tree) || !c.bound(n, code, tree) {
		return nil
	}
	if err := optimizer.Optimize(&tree.Node, cfg); err != nil {
		c.badExpression(n, code, err, tree)
		return nil
	}
	if e.program, err = exprcompiler.Compile(tree, cfg); err != nil {
		c.fault(CodeBadExpression, n.At(), "the expression cannot be compiled: "+plainMessage(err.Error()), "")
		return nil
	}
	return e
}

// parse reads code and checks its types, in the first of the environments in which
// they are right; the error is that of the first of all.
func (c *compiler) parse(code string, isCondition bool) (*parser.Tree, *conf.Config, error) {
	var first *parser.Tree
	var firstError error
	envs := c.environments()
	if len(envs) > 1 && strings.Contains(code, "type(") {
		envs = append(slices.Clip(envs), c.environment(types.Any)) // it tells the bodies apart by itself
	}
	for _, env := range envs {
		cfg := *env.config
		if isCondition {
			cfg.Expect, cfg.ExpectAny = reflect.Bool, true
		}
		tree, err := checker.ParseCheck(code, &cfg)
		if err == nil {
			return tree, &cfg, nil
		}
		if firstError == nil {
			first, firstError = tree, err
		}
	}
	return first, nil, firstError
}

// analyse notes what the expression asks for.
func (c *compiler) analyse(n *source.Node, e *expression, tree *parser.Tree) bool {
	e.direct = c.directParameter(tree.Node)
	a := &analysis{c: c, n: n, e: e, ok: true}
	ast.Walk(&tree.Node, a)
	return a.ok
}

type analysis struct {
	c  *compiler
	n  *source.Node
	e  *expression
	ok bool
}

// Visit is called for the parts of a node before the node itself.
func (a *analysis) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		a.root(n)
	case *ast.MemberNode:
		a.state(n)
	case *ast.BuiltinNode:
		a.zone(n)
	}
}

// zone refuses what looks a time zone up by its name: that reads files of the
// machine, so that the answer would depend on them.
func (a *analysis) zone(n *ast.BuiltinNode) {
	if n.Name != zoneFunction && (n.Name != "date" || len(n.Arguments) < 3) {
		return
	}
	a.c.fault(CodeBadExpression, a.c.inCode(a.n, a.e.code, n.Location()), "an expression cannot look a time zone up: it reads no files", `write the offset into the time, such as date("2026-01-31T12:00:00+01:00")`)
	a.ok = false
}

// zoneFunction is the builtin function that is refused.
const zoneFunction = "timezone"

func (a *analysis) root(n *ast.IdentifierNode) {
	switch {
	case n.Value == "$env":
		a.c.fault(CodeBadExpression, a.c.inCode(a.n, a.e.code, n.Location()), "$env cannot be used: its names are not checked", "write the name itself, such as path or body")
		a.ok = false
	case slices.Contains(rootNames, n.Value) && !slices.Contains(a.e.roots, n.Value):
		a.e.roots = append(a.e.roots, n.Value)
	}
	if n.Value == "state" {
		a.e.states = append(a.e.states, "")
	}
}

// state narrows what root has noted to the state that is named.
func (a *analysis) state(n *ast.MemberNode) {
	root, ok := n.Node.(*ast.IdentifierNode)
	name, constant := n.Property.(*ast.StringNode)
	if !ok || root.Value != "state" || !constant {
		return
	}
	a.e.states = a.e.states[:len(a.e.states)-1]
	if !slices.Contains(a.e.states, name.Value) {
		a.e.states = append(a.e.states, name.Value)
	}
	var known []string
	for _, m := range a.c.machines {
		known = append(known, m.name)
	}
	if a.c.stateless {
		return // told for the whole expression
	}
	if !slices.Contains(known, name.Value) {
		a.c.fault(CodeUnknownState, a.c.inCode(a.n, a.e.code, name.Location()), fmt.Sprintf("the scenario has no state %q", name.Value), source.DidYouMean(name.Value, known))
		a.ok = false
	}
}

// directParameter recognizes path.name, query.name and headers["name"].
func (c *compiler) directParameter(node ast.Node) *directParameter {
	m, ok := node.(*ast.MemberNode)
	if !ok {
		return nil
	}
	root, ok := m.Node.(*ast.IdentifierNode)
	name, constant := m.Property.(*ast.StringNode)
	if !ok || !constant {
		return nil
	}
	in, ok := parameterPlaces[root.Value]
	if !ok {
		return nil
	}
	p := c.op.Parameter(in, name.Value)
	if p == nil {
		return nil
	}
	return &directParameter{in, p.Name, slices.Index(c.op.Parameters(), p)}
}

// run evaluates the expression.
func (e *expression) run(ev *evaluation) (any, error) {
	if e.direct != nil {
		p := declaredParameter(ev.ex, e.direct.in, e.direct.name, e.direct.index)
		if p == nil || !p.Present {
			return nil, nil
		}
		return p.Value, nil
	}
	env, err := ev.environment(e.roots)
	if err != nil {
		return nil, err
	}
	machine := vm.VM{MemoryBudget: memoryBudget}
	v, err := machine.Run(e.program, env)
	if err != nil {
		return nil, errors.New(runMessage(err))
	}
	return v, nil
}

// runMessage drops the code and the caret from an error: the code is shown beside it.
func runMessage(err error) string {
	var located *exprfile.Error
	if errors.As(err, &located) {
		return plainMessage(located.Message)
	}
	return plainMessage(err.Error())
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
