package scenario

import (
	"fmt"
	"net/http"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Conditions that hold for no request whatever else a stub says.

// breakable tells whether a request for the operation can break the contract in a
// place. Where that is not certain it can.
func (c *compiler) breakable(in exchange.Location) bool {
	switch in {
	case exchange.Security:
		alternatives := c.op.Security()
		open := slices.ContainsFunc(alternatives, func(names []string) bool { return len(names) == 0 })
		return !c.op.Contract().ChecksSecurity() || len(alternatives) > 0 && !open
	case exchange.Body, exchange.MediaType:
		return len(c.op.RequestBody()) > 0
	case exchange.Path, exchange.Header, exchange.Cookie:
		return len(c.parameterNames(in)) > 0
	}
	return true
}

// violations reports places under violates of which no request breaks any.
func (c *compiler) violations(w *whenSpec) {
	if len(w.places) == 0 || c.everywhere || slices.ContainsFunc(w.places, c.breakable) {
		return
	}
	names := make([]string, len(w.places))
	for i, place := range w.places {
		names[i] = string(place)
	}
	c.fault(CodeNeverHolds, w.violates.At(), fmt.Sprintf("the contract asks nothing of %s that a request to %s could break: the stub never answers", orList(names), c.op.Name()), "name another place, or leave violates out",
		related(c.op.At(), "the operation")...)
}

// neverNamed reports a header or cookie whose name none can have.
func (c *compiler) neverNamed(in exchange.Location, entry *source.Node) bool {
	if in != exchange.Header && in != exchange.Cookie || isToken(entry.Key) {
		return false
	}
	c.fault(CodeNeverHolds, entry.KeyAt(), fmt.Sprintf("no request has a %s named %q: the name is no token", parameterNouns[in], entry.Key), "a name has no spaces, and of other characters only !#$%&'*+-.^_`|~")
	return true
}

// neverNull reports null as the value of a parameter that the contract does not
// declare: such a parameter is text.
func (c *compiler) neverNull(in exchange.Location, entry *source.Node) {
	n := entry
	if isMatcher(n) && n.Has("equalTo") {
		n = n.Get("equalTo")
	}
	if n.Is(source.Null) {
		c.fault(CodeNeverHolds, n.At(), fmt.Sprintf("%s is never null: it is compared as text", where(in, entry.Key)), "write {absent: true} for one that is not there, or the text in quotes")
	}
}

// neverTrue reports an expression that asks for nothing of the request and is false.
func (c *compiler) neverTrue(n *source.Node, e *expression) {
	if len(e.roots) > 0 || e.direct != nil || changing.MatchString(e.code) || strings.Contains(e.code, "now") {
		return
	}
	v, err := e.run(&evaluation{ex: &exchange.Exchange{Request: exchange.Request{Header: http.Header{}}}})
	switch holds, _ := v.(bool); {
	case err != nil:
		c.fault(CodeNeverHolds, n.At(), "the expression always fails: "+err.Error(), "let it ask for something of the request")
	case !holds:
		c.fault(CodeNeverHolds, n.At(), "the expression is always false: the stub never answers", "let it ask for something of the request")
	}
}

// numberText are the characters of which numbers are written.
const numberText = "0123456789+-.eE"

// texts looks for a matcher of text that no number, true or false fulfils, where
// valid requests have nothing else.
func (w *wanted) texts() bool {
	if !w.valid || w.shape == nil || w.shape.Types == 0 || w.shape.Types&^(schema.TypeInteger|schema.TypeNumber|schema.TypeBoolean|schema.TypeNull) != 0 {
		return false
	}
	for _, m := range w.matchers {
		if w.shape.Types.Has(schema.TypeBoolean) && (m.match(valueOf(true, true)) || m.match(valueOf(false, true))) {
			continue
		}
		if w.shape.Types&(schema.TypeInteger|schema.TypeNumber) != 0 && mayMatchNumber(m) || !testsText(m) {
			continue
		}
		return w.refused(m, fmt.Sprintf("no valid request has %s in %s", m, w.place), "it is "+scalarNoun(w.shape.Types), w.shape.Source.At())
	}
	return false
}

func scalarNoun(t schema.Types) string {
	switch {
	case t&(schema.TypeInteger|schema.TypeNumber) == 0:
		return "true or false"
	case t.Has(schema.TypeBoolean):
		return "a number, true or false"
	}
	return "a number"
}

func testsText(m matcher) bool {
	switch m := m.(type) {
	case *textTest, *pattern:
		return true
	case *contains:
		return m.part != nil
	}
	return false
}

// mayMatchNumber tells whether a matcher of text may hold for the text of a number.
func mayMatchNumber(m matcher) bool {
	switch m := m.(type) {
	case *textTest:
		return strings.Trim(m.want, numberText) == ""
	case *contains:
		return m.part != nil && mayMatchNumber(m.part)
	case *pattern:
		return mayMatchOnly(m.re.String(), numberText)
	}
	return true
}

// mayMatchOnly tells whether an expression may match a text that has no characters
// but these. Assertions such as \b are taken to hold.
func mayMatchOnly(expr, characters string) bool {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return true
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return true
	}
	seen := make([]bool, len(prog.Inst))
	next := []uint32{uint32(prog.Start)}
	for len(next) > 0 {
		pc := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch inst := &prog.Inst[pc]; inst.Op {
		case syntax.InstMatch:
			return true
		case syntax.InstFail:
		case syntax.InstAlt, syntax.InstAltMatch:
			next = append(next, inst.Out, inst.Arg)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if strings.ContainsFunc(characters, inst.MatchRune) {
				next = append(next, inst.Out)
			}
		default:
			next = append(next, inst.Out)
		}
	}
	return false
}
