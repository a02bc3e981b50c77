package importer

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// rule adds what a rule asks to a stub. said is false where it cannot be said, which
// has been told; may is false for a rule that never holds for the operation.
func (r *mockoonRoute) rule(s *stub, n *source.Node) (said, may bool) {
	value := n.Get("value").Scalar()
	if strings.Contains(value, "{{") {
		r.leftOut(n.Get("value").At(), "", "a rule with a value that is filled in cannot be carried over")
		return false, false
	}
	switch operator := n.Get("operator").Str(); operator {
	case "regex", "regex_i":
		if _, err := compile(value); err != nil {
			r.leftOut(n.Get("value").At(), err.Error(), "the regular expression cannot be carried over")
			return false, false
		}
	case "equals", "", "null", "empty_array", "array_includes":
	default:
		r.leftOut(n.Get("operator").At(), "", "the operator %s cannot be carried over", operator)
		return false, false
	}
	switch place := n.Get("target").Str(); place {
	case "query":
		return r.parameterRule(&s.query, exchange.Query, n), true
	case "header":
		return r.parameterRule(&s.headers, exchange.Header, n), true
	case "cookie":
		return r.parameterRule(&s.cookies, exchange.Cookie, n), true
	case "params":
		return r.routeParameter(s, n), true
	case "body":
		return r.bodyRule(s, n), true
	case "path":
		return r.pathRule(s, n, value), true
	case "method":
		return r.methodRule(n, value)
	case "request_number":
		r.leftOut(n.At(), "write the answers as a list under respond: [{status: 500, times: 2}, {status: 200}]", "a rule on the number of the request cannot be carried over")
	case "global_var", "data_bucket":
		r.leftOut(n.At(), "use states: docs/conditions.md", "a rule on %s cannot be carried over", place)
	default:
		r.leftOut(n.At(), "", "a rule on %s cannot be carried over", place)
	}
	return false, false
}

// matcherOf is what a rule asks of one value. typed writes an expected text as a value.
func matcherOf(n *source.Node, typed func(string) source.Node) source.Node {
	value := n.Get("value").Scalar()
	var m source.Node
	switch n.Get("operator").Str() {
	case "regex":
		m = matcher("matches", text(anywhere(value)))
	case "regex_i":
		m = object(member("matches", text(anywhere(value))), member("caseInsensitive", truth(true)))
	case "null":
		return matcher("absent", truth(!n.Get("invert").IsTrue()))
	case "empty_array":
		m = matcher("equalTo", list())
	case "array_includes":
		m = matcher("contains", typed(value))
	default:
		m = typed(value)
	}
	if n.Get("invert").IsTrue() {
		m = matcher("not", m)
	}
	return m
}

func (r *mockoonRoute) parameterRule(to *conditions, in exchange.Location, n *source.Node) bool {
	name := n.Get("modifier").Str()
	if name == "" || in == exchange.Query && strings.ContainsAny(name, ".$[") {
		r.leftOut(n.At(), "name the parameter as the contract does", "the property %q of a rule cannot be carried over", name)
		return false
	}
	typed := func(s string) source.Node { return scalar(r.t.op, in, name, s) }
	operator := n.Get("operator").Str()
	if isList(r.t.op, in, name) && (operator == "equals" || operator == "" || strings.HasPrefix(operator, "regex")) {
		inner := matcherOf(&[]source.Node{*n}[0], typed)
		if not := inner.Get("not"); not != nil {
			to.add(name, matcher("not", matcher("contains", not.Renamed(""))))
		} else {
			to.add(name, matcher("contains", inner))
		}
		return true
	}
	to.add(name, matcherOf(n, typed))
	return true
}

func (r *mockoonRoute) routeParameter(s *stub, n *source.Node) bool {
	name := n.Get("modifier").Str()
	b, ok := r.t.names[name]
	if !ok || b.name == "" {
		r.leftOut(n.At(), "", "the path has no variable %s in the contract", name)
		return false
	}
	s.path.add(b.name, matcherOf(n, func(v string) source.Node { return scalar(r.t.op, exchange.Path, b.name, v) }))
	return true
}

func (r *mockoonRoute) pathRule(s *stub, n *source.Node, value string) bool {
	code := `split(request.url, "?")[0]`
	switch n.Get("operator").Str() {
	case "equals", "":
		code += " == " + quote(value)
	case "regex":
		code += " matches " + quote(value)
	case "regex_i":
		code += " matches " + quote("(?i)"+value)
	default:
		r.leftOut(n.Get("operator").At(), "", "this operator cannot be carried over for the path")
		return false
	}
	if n.Get("invert").IsTrue() {
		code = "not (" + code + ")"
	}
	s.exprs = append(s.exprs, code)
	return true
}

// methodRule is settled here: an operation has one method.
func (r *mockoonRoute) methodRule(n *source.Node, value string) (said, may bool) {
	if r.t.op == nil || n.Get("operator").Str() != "equals" {
		r.leftOut(n.At(), "", "this rule on the method cannot be carried over")
		return false, false
	}
	return true, strings.EqualFold(r.t.op.Method, value) != n.Get("invert").IsTrue()
}

// bodyRule asks for a part of the body, or for its text.
func (r *mockoonRoute) bodyRule(s *stub, n *source.Node) bool {
	if !hasBody(r.t.op) {
		r.leftOut(n.At(), "describe the request body in the contract", "the operation describes no request body that a rule could look at")
		return false
	}
	path := n.Get("modifier").Str()
	if path == "" {
		return r.wholeBodyRule(s, n)
	}
	query := path
	if steps, ok := cutPath(path); ok && !strings.Contains(path, `\`) {
		query = jsonPathOf(steps)
		if r.isListInBody(steps) && n.Get("operator").Str() == "equals" {
			s.jsonPath.add(query, inverted(n, matcher("contains", eitherType(n.Get("value").Scalar()))))
			return true
		}
	}
	if _, err := jsonpath.Parse(query); err != nil {
		r.leftOut(n.Get("modifier").At(), "queries are those of RFC 9535", "the property %s cannot be carried over: %v", path, err)
		return false
	}
	if n.Get("operator").Str() == "null" {
		nothing := matcher("anyOf", list(matcher("absent", truth(true)), null()))
		if n.Get("invert").IsTrue() {
			nothing = matcher("not", null())
		}
		s.jsonPath.add(query, nothing)
		return true
	}
	plain := object(member("operator", text(n.Get("operator").Str())), member("value", text(n.Get("value").Scalar())))
	s.jsonPath.add(query, inverted(n, matcherOf(&plain, eitherType)))
	return true
}

// inverted holds also where there is nothing that the matcher could look at, as
// Mockoon has it.
func inverted(n *source.Node, m source.Node) source.Node {
	if n.Get("invert").IsTrue() {
		return matcher("anyOf", list(matcher("absent", truth(true)), matcher("not", m)))
	}
	return m
}

// wholeBodyRule asks for the text of the body.
func (r *mockoonRoute) wholeBodyRule(s *stub, n *source.Node) bool {
	code, ok := wholeBody(r.t.op)
	operator, value := n.Get("operator").Str(), n.Get("value").Scalar()
	switch {
	case !ok || operator != "equals" && !strings.HasPrefix(operator, "regex"):
		r.leftOut(n.At(), "name a property of the body", "a rule on the text of this body cannot be carried over")
		return false
	case code == "body":
		s.matchBody(matcherOf(n, text))
		return true
	case operator == "equals":
		expected := dataOf([]byte(value))
		if expected == nil {
			r.leftOut(n.Get("value").At(), "", "the body is compared as data, and this is no JSON")
			return false
		}
		m := matcher("equalTo", expected.Clone().Renamed(""))
		if n.Get("invert").IsTrue() {
			m = matcher("not", m)
		}
		s.matchBody(m)
		return true
	}
	if operator == "regex_i" {
		value = "(?i)" + value
	}
	code += " matches " + quote(compactPart(value))
	if n.Get("invert").IsTrue() {
		code = "not (" + code + ")"
	}
	s.exprs = append(s.exprs, code)
	r.changed(n.At(), "better on a property of the body", "the rule looks at the body as JSON in one line without blanks")
	return true
}

// isListInBody tells whether the contract describes a list in a place of the body.
func (r *mockoonRoute) isListInBody(steps []string) bool {
	for _, media := range r.t.op.RequestBody() {
		shape := media.Shape()
		for _, step := range steps {
			if shape == nil {
				return false
			}
			if shape.Types == schema.TypeArray {
				shape = shape.Item(0)
				continue
			}
			shape = shape.Member(step)
		}
		if shape == nil || shape.Types&^schema.TypeNull != schema.TypeArray {
			return false
		}
	}
	return true
}
