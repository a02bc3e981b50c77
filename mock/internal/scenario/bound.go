package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/parser"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// An expression runs on what a client sends. It is bounded in four ways: what can
// be seen in the code is refused at load; each collection that is walked through,
// and each value that is put together, counts against the evaluation's steps (a
// list that holds itself twice, ten times over, is a list of a thousand); text is
// bounded by its length; and a loop ends when the evaluation has taken too long.

const (
	// maxCollection bounds the elements of one collection that is walked through.
	maxCollection = 10_000
	// maxSteps bounds the elements that one evaluation walks through or puts
	// together in all.
	maxSteps = 500_000
	// maxTime bounds one evaluation.
	maxTime = time.Second
)

// Names that bound puts into a program. They cannot be written in an expression.
const (
	boundFunction = "·bounded"
	tickFunction  = "·tick"
	weighFunction = "·weighed"
	plusFunction  = "·plus"
	stepsName     = "·steps"
)

// loops are the builtin functions that call a closure for each element.
var loops = []string{"all", "none", "any", "one", "filter", "map", "find", "findIndex", "findLast", "findLastIndex", "count", "sum", "groupBy", "sortBy", "reduce"}

// walks are the builtin functions that walk through their first argument.
var walks = []string{"uniq", "sort", "concat", "flatten", "reverse", "keys", "values", "toPairs", "fromPairs", "join", "min", "max", "mean", "median"}

// bound refuses nested loops over ranges and makes the program count its steps.
func (c *compiler) bound(n *source.Node, code string, tree *parser.Tree) bool {
	if inner := nestedRange(tree.Node); inner != nil {
		c.fault(CodeUnboundedExpression, c.inCode(n, code, inner.Location()), "a loop over a range inside of another one may run for too long", "loop over a list of the request, or write the result out")
		return false
	}
	b := &bounder{}
	ast.Walk(&tree.Node, b)
	if b.long != nil {
		c.fault(CodeUnboundedExpression, c.inCode(n, code, b.long.Location()), fmt.Sprintf("a range has more than %d elements", maxCollection), "write a shorter range")
		return false
	}
	return true
}

// nestedRange finds a loop over a range inside of a loop over a range.
func nestedRange(node ast.Node) ast.Node {
	var found ast.Node
	v := visitor(func(at *ast.Node) {
		b, ok := (*at).(*ast.BuiltinNode)
		if !ok || found != nil || !overRange(b) {
			return
		}
		for _, arg := range b.Arguments[1:] {
			inner := visitor(func(at *ast.Node) {
				if b, ok := (*at).(*ast.BuiltinNode); ok && overRange(b) {
					found = b
				}
			})
			ast.Walk(&arg, inner)
		}
	})
	ast.Walk(&node, v)
	return found
}

// overRange tells whether a loop's collection is made of a range.
func overRange(b *ast.BuiltinNode) bool {
	if !slices.Contains(loops, b.Name) || len(b.Arguments) == 0 {
		return false
	}
	isRange := false
	ast.Walk(&b.Arguments[0], visitor(func(at *ast.Node) {
		if r, ok := (*at).(*ast.BinaryNode); ok && r.Operator == ".." {
			isRange = true
		}
	}))
	return isRange
}

type visitor func(node *ast.Node)

// Visit calls the function.
func (v visitor) Visit(node *ast.Node) { v(node) }

// bounder wraps what is walked through into calls that count the steps, and
// additions of text into calls that bound the text.
type bounder struct{ long ast.Node }

// Visit is called for the parts of a node before the node itself.
func (b *bounder) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BuiltinNode:
		if len(n.Arguments) > 0 && (slices.Contains(loops, n.Name) || slices.Contains(walks, n.Name)) {
			weight := 1
			if n.Name == "uniq" {
				weight = 0 // the square
			}
			wrap(&n.Arguments[0], weight)
		}
		if n.Name == "map" || n.Name == "concat" {
			weigh(node)
		}
	case *ast.ArrayNode:
		if !literal(n) {
			weigh(node)
		}
	case *ast.MapNode:
		weigh(node)
	case *ast.PredicateNode:
		replace(&n.Node, &ast.CallNode{
			Callee:    &ast.IdentifierNode{Value: tickFunction},
			Arguments: []ast.Node{n.Node, &ast.IdentifierNode{Value: stepsName}},
		})
	case *ast.BinaryNode:
		b.binary(node, n)
	}
}

func (b *bounder) binary(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "in":
		if n.Right.Nature().Kind != reflect.Map && !literal(n.Right) {
			wrap(&n.Right, 1)
		}
	case "+":
		if nt := n.Nature(); !nt.IsInteger && !nt.IsFloat {
			replace(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: plusFunction}, Arguments: []ast.Node{n.Left, n.Right}})
		}
	case "==", "!=":
		forgetType(n.Left)
		forgetType(n.Right)
	case "..":
		from, fromOK := n.Left.(*ast.IntegerNode)
		to, toOK := n.Right.(*ast.IntegerNode)
		if fromOK && toOK && to.Value-from.Value >= maxCollection {
			b.long = n
		}
	}
}

// forgetType makes a comparison look at the value. The compiler takes a parameter
// of type string for text without looking, and one that is absent is nil; and the
// larger of 3 and of an int64 for an int.
func forgetType(node ast.Node) {
	switch node.(type) {
	case *ast.MemberNode, *ast.IdentifierNode, *ast.PointerNode, *ast.ChainNode, *ast.ConditionalNode, *ast.BuiltinNode, *ast.CallNode:
		node.SetNature(nature.Nature{})
	}
}

// wrap puts the counting call around a collection.
func wrap(node *ast.Node, weight int) {
	number := &ast.IntegerNode{Value: weight}
	number.SetType(reflect.TypeOf(weight))
	replace(node, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: boundFunction},
		Arguments: []ast.Node{*node, &ast.IdentifierNode{Value: stepsName}, number},
	})
}

// weigh puts the call around a node that counts what was put together.
func weigh(node *ast.Node) {
	replace(node, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: weighFunction},
		Arguments: []ast.Node{*node, &ast.IdentifierNode{Value: stepsName}},
	})
}

// literal tells whether a node is a list of nothing but literals.
func literal(node ast.Node) bool {
	list, ok := node.(*ast.ArrayNode)
	return ok && !slices.ContainsFunc(list.Nodes, func(item ast.Node) bool {
		switch item.(type) {
		case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NilNode:
			return false
		}
		return true
	})
}

// replace puts a node in place of another and keeps what is known of its type.
func replace(node *ast.Node, with ast.Node) {
	with.SetNature(*(*node).Nature())
	ast.Patch(node, with)
}

// steps counts down what an evaluation may still walk through.
type steps struct {
	left  int
	ticks uint
	start time.Time // of the first loop
}

func newSteps() *steps { return &steps{left: maxSteps} }

// tick is the function behind tickFunction: it gives the result of a closure back.
// The clock is read now and then only.
func tick(args ...any) (any, error) {
	s := args[1].(*steps)
	if s.ticks++; s.ticks%16 == 0 && time.Since(s.start) > maxTime {
		return nil, fmt.Errorf("the expression takes longer than %s", maxTime)
	}
	return args[0], nil
}

// weighed is the function behind weighFunction: it gives its first argument back.
func weighed(args ...any) (any, error) {
	s := args[1].(*steps)
	if s.left -= sizeOf(args[0], s.left); s.left < 0 {
		return nil, fmt.Errorf("the expression puts more than %d elements together", maxSteps)
	}
	return args[0], nil
}

// sizeOf counts the values in a value, up to a little above limit.
func sizeOf(v any, limit int) int {
	size := 1
	switch v := v.(type) {
	case []any:
		for i := 0; i < len(v) && size <= limit; i++ {
			size += sizeOf(v[i], limit-size)
		}
	case map[string]any:
		for _, member := range v {
			if size > limit {
				break
			}
			size += sizeOf(member, limit-size)
		}
	default:
		size += lengthOf(v)
	}
	return size
}

// bounded is the function behind boundFunction: it gives its first argument back.
func bounded(args ...any) (any, error) {
	collection, s, weight := args[0], args[1].(*steps), args[2].(int)
	if s.start.IsZero() {
		s.start = time.Now()
	}
	size := lengthOf(collection)
	if size > maxCollection {
		return nil, fmt.Errorf("a list of %d elements is too long: at most %d are walked through", size, maxCollection)
	}
	cost := size
	if weight == 0 {
		cost = size * size
	}
	if s.left -= cost; s.left < 0 {
		return nil, fmt.Errorf("the expression walks through more than %d elements", maxSteps)
	}
	return collection, nil
}

func lengthOf(v any) int {
	switch v := v.(type) {
	case nil, string:
		return 0
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return rv.Len()
	}
	return 0
}
