package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// conditions compiles what stands under when, cheap conditions first.
func (c *compiler) conditions(w *whenSpec, st *Stub) {
	st.valid, st.violates = w.validity(c.findings), w.places
	c.violations(w)
	for _, place := range w.parameters {
		for _, entry := range place.Members() {
			c.parameter(parameterPlaces[place.Key], entry, st)
		}
	}
	// The order in which places are written must not matter for the cost.
	order := func(cond condition) int {
		if p, ok := cond.(*parameterCondition); ok && p.in == exchange.Path {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(st.conditions, func(a, b condition) int { return order(a) - order(b) })
	for _, entry := range w.state.Members() {
		c.stateIs(entry, st)
	}
	if w.body != nil {
		c.body(w.body, st)
	}
	for _, entry := range w.jsonPath.Members() {
		c.jsonPath(entry, st)
	}
	if w.expression != nil {
		c.expr(w.expression, st)
	}
	c.contradictions(st)
}

// written identifies a condition by its place and its own text.
func written(place string, n *source.Node) string {
	return place + " " + string(n.AppendJSON(nil))
}

// parameter compiles one entry under path, query, headers or cookies.
func (c *compiler) parameter(in exchange.Location, entry *source.Node, st *Stub) {
	declared := c.op.Parameter(in, entry.Key)
	m := &matching{findings: c.findings, op: c.op, quiet: true, shape: &schema.Shape{Types: schema.TypeString}}
	name := entry.Key
	if in == exchange.Header {
		name = http.CanonicalHeaderKey(name)
	}
	if declared == nil {
		if c.neverNamed(in, entry) || !c.knows(in, entry) {
			return
		}
		c.neverNull(in, entry)
		if compiled := m.value(entry); compiled != nil {
			st.conditions = append(st.conditions, &undeclaredCondition{stated{entry}, in, name, compiled, written(where(in, name), entry)})
		}
		return
	}
	m.shape, m.where = c.shapeOf(declared.Schema), where(in, declared.Name)
	if st.valid == validOnly {
		m.admits, m.admitsPart = c.admittedAsText, c.admittedAsText
	}
	if compiled := m.value(entry); compiled != nil {
		index := slices.Index(c.op.Parameters(), declared)
		st.conditions = append(st.conditions, &parameterCondition{stated{entry}, in, declared.Name, index, compiled, written(where(in, name), entry)})
	}
}

// knows reports a parameter that is not declared: an error in the path, which has
// no others, and else a warning.
func (c *compiler) knows(in exchange.Location, entry *source.Node) bool {
	known := c.parameterNames(in)
	if in == exchange.Path {
		if c.everywhere {
			return false // such operations are left out before
		}
		c.fault(CodeUnknownPathParameter, entry.KeyAt(), fmt.Sprintf("the path of %s has no parameter %q", c.op.Name(), entry.Key), source.DidYouMean(entry.Key, known),
			related(c.op.At(), "the path is "+c.op.Template)...)
		return false
	}
	if c.alwaysKnown(in, entry.Key) || c.everywhere {
		return true
	}
	c.warn(CodeUndeclaredParameter, entry.KeyAt(), fmt.Sprintf("%s declares no %s %q: it is compared as text", c.op.Name(), parameterNouns[in], entry.Key), source.DidYouMean(entry.Key, known),
		related(c.op.At(), "the operation")...)
	return true
}

// parameterNouns name the parameters of a place for people.
var parameterNouns = map[exchange.Location]string{
	exchange.Path: "path parameter", exchange.Query: "query parameter", exchange.Header: "header", exchange.Cookie: "cookie",
}

func (c *compiler) parameterNames(in exchange.Location) []string {
	var known []string
	for _, p := range c.op.Parameters() {
		if p.In == in {
			known = append(known, p.Name)
		}
	}
	return known
}

// commonHeaders are those that descriptions must not or need not declare.
var commonHeaders = []string{"Authorization", "Cookie", "Accept", "Content-Type", "Origin", "Referer", "User-Agent", "Host"}

func (c *compiler) alwaysKnown(in exchange.Location, name string) bool {
	same := func(known string) bool {
		return known == name || in == exchange.Header && strings.EqualFold(known, name)
	}
	return in == exchange.Header && slices.ContainsFunc(commonHeaders, same) || slices.ContainsFunc(c.op.Contract().KeyNames(in), same)
}

// admitted reports an expected value that no valid request has in a place of a shape.
func (c *compiler) admitted(where string, shape *schema.Shape, n *source.Node) {
	c.admittedAs(where, shape, n, n.Value())
}

// admittedAsText is admitted for a parameter: what is written as a number may be text, and
// the other way round.
func (c *compiler) admittedAsText(where string, shape *schema.Shape, n *source.Node) {
	c.admittedAs(where, shape, n, readings(n, shape)...)
}

// admittedAs reports an expected value of which the contract admits no reading. Where no
// one schema speaks of the place, its types are asked.
func (c *compiler) admittedAs(where string, shape *schema.Shape, n *source.Node, readings ...any) {
	if shape == nil {
		return
	}
	if shape.Source == nil {
		if shape.Types != 0 && !slices.ContainsFunc(readings, func(v any) bool { return shape.Types&jsonTypes(v) != 0 }) {
			c.neverAdmitted(where, n, &exchange.Violation{Expected: expectedOf(shape)}, c.op.At())
		}
		return
	}
	compiled := c.requestSchema(shape.Source)
	if compiled == nil {
		return
	}
	var violations []exchange.Violation
	for _, value := range readings {
		if violations = compiled.Validate(value); len(violations) == 0 {
			return
		}
	}
	c.neverAdmitted(where, n, &violations[0], shape.Source.At())
}

// neverAdmitted reports an expected value that no valid request has. at is where
// the contract speaks of the value, if the violation does not know it better.
func (c *compiler) neverAdmitted(where string, n *source.Node, v *exchange.Violation, at source.Span) {
	hint := ""
	if v.Expected != "" {
		hint = "it must be " + v.Expected
	}
	if v.Expected == "an array" && isScalar.has(n.Kind) {
		hint = "it is a list: write {contains: " + n.Text + "} for one of its elements"
	}
	if span, ok := v.Contract.(source.Span); ok && span.File != nil {
		at = span
	}
	c.fault(CodeNeverAdmitted, n.At(), fmt.Sprintf("no valid request has %s in %s: the condition never holds", shownNode(n), where), hint,
		related(at, "the contract says so here")...)
}

// readings are the values that a parameter may have for an expected one.
func readings(n *source.Node, shape *schema.Shape) []any {
	list := []any{readAs(n, shape, n.Kind)}
	for _, as := range scalarKinds {
		list = append(list, readAs(n, shape, as))
	}
	return list
}

var scalarKinds = []source.Kind{source.String, source.Number, source.Bool}

// readAs gives a value as a shape wants it, of what it can be read as a kind first.
func readAs(n *source.Node, shape *schema.Shape, first source.Kind) any {
	switch n.Kind {
	case source.Array:
		list := make([]any, 0, len(n.Kids))
		for i, item := range n.Items() {
			list = append(list, readAs(item, shape.Item(i), first))
		}
		return list
	case source.Object:
		object := make(map[string]any, len(n.Kids))
		for name, member := range n.Members() {
			object[name] = readAs(member, shape.Member(name), first)
		}
		return object
	}
	for _, as := range append([]source.Kind{first, n.Kind}, scalarKinds...) {
		if !isScalar.has(as) {
			continue
		}
		if value, ok := reread(n, as); ok && (shape == nil || shape.Types&jsonTypes(value) != 0) {
			return value
		}
	}
	return n.Value()
}

// expectedOf says what a value of a shape is, with the members of an object that has no
// others, such as a file.
func expectedOf(s *schema.Shape) string {
	text := param.TypeNames(s.Types)
	if s.Types == schema.TypeObject && s.Closed && len(s.Properties) > 0 {
		text += " with " + strings.Join(slices.Sorted(maps.Keys(s.Properties)), ", ")
	}
	return text
}

// jsonTypes gives the types that a value has.
func jsonTypes(value any) schema.Types {
	switch value.(type) {
	case nil:
		return schema.TypeNull
	case bool:
		return schema.TypeBoolean
	case json.Number:
		return schema.TypeInteger | schema.TypeNumber
	case string:
		return schema.TypeString
	case []any:
		return schema.TypeArray
	}
	return schema.TypeObject
}

// reread gives a scalar, or a list of scalars, as if it were written as another kind.
func reread(n *source.Node, as source.Kind) (any, bool) {
	if n.Is(source.Array) {
		list := make([]any, 0, len(n.Kids))
		for _, item := range n.Items() {
			value, ok := reread(item, as)
			if !ok {
				return nil, false
			}
			list = append(list, value)
		}
		return list, true
	}
	_, number := decimal.Parse(n.Text)
	switch {
	case !isScalar.has(n.Kind):
		return nil, false
	case as == source.Number && !number, as == source.Bool && n.Text != "true" && n.Text != "false":
		return nil, false
	}
	other := source.New(nil, as, "", n.Text)
	return other.Value(), true
}

// requestSchema compiles a schema for values of requests, nil for none and for one
// that cannot be compiled.
func (c *compiler) requestSchema(n *source.Node) *schema.Schema {
	if n == nil {
		return nil
	}
	if known, ok := c.schemas[n]; ok {
		return known
	}
	compiled, err := c.op.Contract().RequestSchema(n)
	if err != nil {
		compiled = nil // told when the contract is checked
	}
	c.schemas[n] = compiled
	return compiled
}

// body compiles the condition on the body.
func (c *compiler) body(n *source.Node, st *Stub) {
	media := c.op.RequestBody()
	if len(media) == 0 && !isMatcher(n) && !isScalar.has(n.Kind) {
		c.fault(CodeRequestBodyNotDescribed, n.KeyAt(), fmt.Sprintf("%s describes no request body: nothing is decoded, and the condition never holds", c.op.Name()), "leave the condition out, or compare the text with a matcher such as contains",
			related(c.op.At(), "the operation")...)
		return
	}
	structured := !isMatcher(n) && (n.Is(source.Object) || n.Is(source.Array))
	compiled := c.againstBody(structured, func(c *compiler, shape *schema.Shape) matcher {
		m := &matching{findings: c.findings, op: c.op, shape: shape, quiet: st.valid != validOnly, where: "body"}
		if st.valid == validOnly {
			m.admitsPart = c.admitted // the whole may be text that is not decoded
		}
		return m.value(n)
	})
	if compiled != nil {
		st.conditions = append(st.conditions, &bodyCondition{stated{n}, compiled, written("body", n)})
	}
}

// shapeOf gives the shape of a schema, which is made once.
func (c *compiler) shapeOf(n *source.Node) *schema.Shape {
	shape, ok := c.loader.shapes[n]
	if !ok {
		shape = c.op.Contract().ShapeOf(n)
		c.loader.shapes[n] = shape
	}
	return shape
}

// stateIs compiles an entry under state.
func (c *compiler) stateIs(entry *source.Node, st *Stub) {
	machine := c.stateNamed(entry)
	if machine == nil || !c.stateValue(machine, entry) {
		return
	}
	if ref := c.stateRef(machine, st); ref != nil {
		st.conditions = append(st.conditions, &stateCondition{ref, entry.Text, written("state "+machine.name, entry)})
	}
}

// expr compiles when.expr.
func (c *compiler) expr(n *source.Node, st *Stub) {
	code := strings.TrimSpace(n.Text)
	if inner, ok := strings.CutPrefix(code, "${"); ok && strings.HasSuffix(inner, "}") {
		code = strings.TrimSuffix(inner, "}") // ${…} around the whole is tolerated
	}
	if e := c.expression(n, code, true); e != nil {
		c.neverTrue(n, e)
		st.conditions = append(st.conditions, &expressionCondition{e, c.stateRefs(e, st)})
	}
}
