package scenario

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// template is a text with expressions in it.
type template struct{ parts []part }

// part is fixed text, or an expression.
type part struct {
	fixed string
	expr  *expression
}

// hasExpressions tells whether a text must be compiled, also because it holds the
// escape $${.
func hasExpressions(text string) bool { return strings.Contains(text, "${") }

// Literal writes a text so that it is sent as it is where expressions are evaluated.
func Literal(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// template compiles the text of n. It gives nil where it has reported what is wrong.
func (c *compiler) template(n *source.Node) *template {
	t, rest := &template{}, n.Text
	for rest != "" {
		i := strings.Index(rest, "${")
		switch {
		case i < 0:
			t.fix(rest)
			return t
		case i > 0 && rest[i-1] == '$':
			t.fix(rest[:i-1] + "${")
			rest = rest[i+2:]
			continue
		}
		t.fix(rest[:i])
		code, end := cutExpression(rest[i+2:])
		if end < 0 {
			c.fault(CodeUnclosedExpression, c.unclosed(n, rest[i:]), "the expression has no closing }", "close it with }, or write $${ for the text ${")
			return nil
		}
		e := c.expression(n, code, false)
		if e == nil {
			return nil
		}
		t.parts = append(t.parts, part{expr: e})
		rest = rest[i+2+end:]
	}
	return t
}

// unclosed points at the ${ itself.
func (c *compiler) unclosed(n *source.Node, text string) source.Span {
	return inText(n.At(), endOf(n), text, 0, len(firstLine(text)))
}

// fix adds fixed text.
func (t *template) fix(text string) {
	if text == "" {
		return
	}
	if n := len(t.parts); n > 0 && t.parts[n-1].expr == nil {
		t.parts[n-1].fixed += text
		return
	}
	t.parts = append(t.parts, part{fixed: text})
}

// cutExpression gives the code up to the brace that closes it, and the length with
// that brace; -1 where it is not closed. Braces inside of the code come in pairs,
// except in its strings.
func cutExpression(s string) (code string, length int) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"', '\'', '`':
			i = skipString(s, i)
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return s[:i], i + 1
			}
			depth--
		}
	}
	return "", -1
}

// skipString gives the index of the quote that ends a string, or of the end.
func skipString(s string, i int) int {
	quote := s[i]
	for i++; i < len(s) && s[i] != quote; i++ {
		if s[i] == '\\' && quote != '`' {
			i++
		}
	}
	return i
}

// lone gives the expression of a text that is nothing but one, nil for other texts.
func (t *template) lone() *expression {
	if len(t.parts) == 1 {
		return t.parts[0].expr
	}
	return nil
}

// constant gives the text of a template without expressions.
func (t *template) constant() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].expr == nil:
		return t.parts[0].fixed, true
	}
	return "", false
}

// text evaluates the template.
func (t *template) text(e *evaluation) (string, error) {
	if fixed, ok := t.constant(); ok {
		return fixed, nil
	}
	dst, err := t.appendText(nil, e)
	return string(dst), err
}

func (t *template) appendText(dst []byte, e *evaluation) ([]byte, error) {
	for _, p := range t.parts {
		if p.expr == nil {
			dst = append(dst, p.fixed...)
			continue
		}
		v, err := p.expr.run(e)
		if err == nil {
			dst, err = appendText(dst, v)
		}
		if err != nil {
			return dst, p.expr.failed(err)
		}
	}
	return dst, nil
}

// failed names the expression that an error is about.
func (e *expression) failed(err error) error { return fmt.Errorf("${%s}: %w", e.code, err) }
