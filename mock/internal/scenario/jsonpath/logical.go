package jsonpath

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

func (p *parser) logicalOr() logical {
	list := or{p.logicalAnd()}
	for p.takeAfterBlanks("||") {
		p.blanks()
		list = append(list, p.logicalAnd())
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (p *parser) logicalAnd() logical {
	list := and{p.basic()}
	for p.takeAfterBlanks("&&") {
		p.blanks()
		list = append(list, p.basic())
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// basic reads a part in parentheses, a comparison or a test.
func (p *parser) basic() logical {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	negated := p.take("!")
	if negated {
		p.blanks()
	}
	if p.take("(") {
		p.blanks()
		inner := p.logicalOr()
		if !p.takeAfterBlanks(")") {
			p.blanks()
			p.unexpected(")")
		}
		return p.negated(negated, inner)
	}
	left := p.operand()
	if op := p.operator(); op != "" && !negated {
		p.blanks()
		right := p.operand()
		return comparison{p.comparable(left), p.comparable(right), op}
	} else if op != "" {
		p.fail(left.offset-1, 1, "! cannot stand before a comparison", "put the comparison into parentheses")
	}
	return p.negated(negated, p.test(left))
}

func (p *parser) negated(negated bool, x logical) logical {
	if negated {
		return not{x}
	}
	return x
}

// operator reads a comparison operator, "" where none is next.
func (p *parser) operator() string {
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.takeAfterBlanks(op) {
			return op
		}
	}
	before := p.pos
	p.blanks()
	if p.peek() == '=' {
		p.fail(p.pos, 1, "there is no operator =", "write ==")
	}
	p.pos = before
	return ""
}

// operand is a literal, a query or the call of a function: one of its fields.
type operand struct {
	offset, length int
	literal        *literal
	query          *query
	gives          comparable // a function that gives a value
	judges         logical    // a function that is true or false
}

func (p *parser) operand() operand {
	o := operand{offset: p.pos}
	switch c := p.peek(); {
	case p.take("@"):
		o.query = &query{true, p.segments()}
	case p.take("$"):
		o.query = &query{false, p.segments()}
	case c == '"' || c == '\'':
		o.literal = &literal{p.quoted()}
	case c == '-' || isDigit(c):
		o.literal = &literal{p.number()}
	case c >= 'a' && c <= 'z':
		p.word(&o)
	default:
		p.unexpected("@, $, a literal or a function")
	}
	o.length = p.pos - o.offset
	return o
}

// number reads a number; it ends where no character of numbers is next.
func (p *parser) number() json.Number {
	start := p.pos
	for p.pos < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.pos]) >= 0 {
		p.pos++
	}
	text := p.text[start:p.pos]
	if _, ok := decimal.Parse(text); !ok {
		p.fail(start, len(text), fmt.Sprintf("%s is no number", text), "write it as JSON does")
	}
	return json.Number(text)
}

// word reads true, false, null or the call of a function.
func (p *parser) word(o *operand) {
	for c := p.peek(); c >= 'a' && c <= 'z' || c == '_' || isDigit(c); c = p.peek() {
		p.pos++
	}
	name := p.text[o.offset:p.pos]
	if p.take("(") {
		p.call(name, o)
		return
	}
	switch name {
	case "true":
		o.literal = &literal{true}
	case "false":
		o.literal = &literal{false}
	case "null":
		o.literal = &literal{nil}
	default:
		p.fail(o.offset, len(name), fmt.Sprintf("%s means nothing here", name), fmt.Sprintf("write @.%s for a member, or quotes around a text", name))
	}
}

// call reads the arguments of a function and checks their types (section 2.4.3).
func (p *parser) call(name string, o *operand) {
	arity, known := map[string]int{"length": 1, "count": 1, "value": 1, "match": 2, "search": 2}[name]
	if !known {
		p.fail(o.offset, len(name), fmt.Sprintf("there is no function %s", name), "the functions are length, count, match, search and value")
	}
	args := p.arguments()
	if p.err == nil && len(args) != arity {
		p.fail(o.offset, p.pos-o.offset, fmt.Sprintf("%s takes %d arguments, not %d", name, arity, len(args)), "")
	}
	if p.err != nil {
		return
	}
	switch name {
	case "length":
		o.gives = lengthOf{p.comparable(args[0])}
	case "count":
		o.gives = countOf{p.nodes(args[0])}
	case "value":
		o.gives = valueOf{p.nodes(args[0])}
	default:
		o.judges = p.matches(name == "match", args)
	}
}

func (p *parser) arguments() []operand {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	p.blanks()
	if p.take(")") {
		return nil
	}
	var args []operand
	for p.err == nil {
		p.blanks()
		args = append(args, p.operand())
		switch {
		case p.takeAfterBlanks(","):
		case p.takeAfterBlanks(")"):
			return args
		default:
			p.blanks()
			p.unexpected(", or )")
		}
	}
	return nil
}

// matches makes match or search.
func (p *parser) matches(whole bool, args []operand) logical {
	m := matches{text: p.comparable(args[0]), pattern: p.comparable(args[1]), whole: whole}
	if args[1].literal == nil {
		return m
	}
	pattern, ok := args[1].literal.v.(string)
	if !ok {
		return m // never matches
	}
	var err error
	if m.re, err = compilePattern(pattern, whole); err != nil {
		p.fail(args[1].offset, args[1].length, "this is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "the syntax is RE2: no look-around and no back-references")
	}
	return m
}

// comparable takes an operand for a value.
func (p *parser) comparable(o operand) comparable {
	switch {
	case p.err != nil:
	case o.literal != nil:
		return *o.literal
	case o.gives != nil:
		return o.gives
	case o.judges != nil:
		p.fail(o.offset, o.length, "the function is true or false and gives no value", "write it alone, without a comparison")
	case o.query.isSingle():
		return single{*o.query}
	default:
		p.fail(o.offset, o.length, "the query may select several nodes and is no value", "name one node, or write value(…) or count(…) around it")
	}
	return literal{}
}

// test takes an operand for a condition.
func (p *parser) test(o operand) logical {
	switch {
	case p.err != nil:
	case o.query != nil:
		return exists{*o.query}
	case o.judges != nil:
		return o.judges
	case o.literal != nil:
		p.fail(o.offset, o.length, "a literal is no condition", "compare it with something, as in @.name == 1")
	default:
		p.fail(o.offset, o.length, "the function gives a value, which is no condition", "compare it with something, as in length(@) > 1")
	}
	return exists{}
}

// nodes takes an operand for the nodes that a query selects.
func (p *parser) nodes(o operand) query {
	if p.err != nil || o.query == nil {
		p.fail(o.offset, o.length, "the function takes a query, such as @.items[*]", "")
		return query{}
	}
	return *o.query
}

// isSingle tells whether the query selects one node at most (section 2.3.5.1).
func (q *query) isSingle() bool {
	for _, s := range q.segments {
		if s.descendant || len(s.selectors) != 1 {
			return false
		}
		switch s.selectors[0].(type) {
		case nameSelector, indexSelector:
		default:
			return false
		}
	}
	return true
}
