package mock

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codes of what a new version of a contract does not have any more.
const (
	// codeOperationGone: the new version has no such operation.
	codeOperationGone source.Code = "operation-gone"
	// codeOperationRenamed: the new version has another operationId, method or path
	// for the operation.
	codeOperationRenamed source.Code = "operation-renamed"
	// codeStatusGone: the new version describes the status neither exactly nor by a
	// range nor by default.
	codeStatusGone source.Code = "status-gone"
)

// changed tells what the new versions do not have or name otherwise.
func (c *comparison) changed() {
	gone := report.Section{Title: "What is gone from the contract or has another name:"}
	for i, old := range c.before {
		if old.Location == c.after[i].Location {
			continue
		}
		m := matchOperations(old, c.after[i])
		c.matches = append(c.matches, m)
		for _, op := range old.Operations {
			for _, d := range m.changesOf(op) {
				line := d.Message
				if d.Hint != "" {
					line += ": " + d.Hint
				}
				gone.Lines = append(gone.Lines, line)
				c.changes = append(c.changes, report.Finding{Diagnostic: d})
				c.Changes = append(c.Changes, findingOf(&c.changes[len(c.changes)-1]))
			}
		}
	}
	if len(gone.Lines) > 0 {
		c.sections = append(c.sections, gone)
	}
}

// explain says of operations that scenarios name and the new version does not have
// what has become of them.
func (c *comparison) explain(found source.Diagnostics) {
	for i := range found {
		if found[i].Code != scenario.CodeUnknownOperation {
			continue
		}
		name := c.outline.Operation(found[i].At)
		for _, m := range c.matches {
			op := m.old.Operation(strings.TrimPrefix(name, m.old.Name+"."))
			switch {
			case op == nil:
			case m.to[op] != nil:
				found[i].Hint = fmt.Sprintf("it is now %q", m.to[op].Name())
			default:
				found[i].Hint = cmp.Or(m.perhaps(op), "it is gone")
			}
		}
	}
}

// aliases are the names of the old version for operations that have others now.
func (c *comparison) aliases() map[string]*contract.Operation {
	list := map[string]*contract.Operation{}
	for _, m := range c.matches {
		for _, op := range m.old.Operations {
			now := m.to[op]
			for _, name := range []string{op.ID, route(op)} {
				if now != nil && name != "" && m.next.Operation(name) == nil {
					list[name], list[m.old.Name+"."+name] = now, now
				}
			}
		}
	}
	return list
}

// operationMatch says which operation of a new version is which of the old one.
type operationMatch struct {
	old, next *contract.Contract
	to        map[*contract.Operation]*contract.Operation
	// news are the operations of the new version that the old one does not have.
	news []*contract.Operation
}

// matchOperations takes operations for the same that have the same method and
// path, whatever the path's variables are called, else the same operationId.
func matchOperations(old, next *contract.Contract) *operationMatch {
	m := &operationMatch{old: old, next: next, to: map[*contract.Operation]*contract.Operation{}}
	byPath, matched := map[string]*contract.Operation{}, map[*contract.Operation]bool{}
	for _, op := range next.Operations {
		byPath[shapeOf(op)] = op
	}
	take := func(op, now *contract.Operation) {
		if now != nil && m.to[op] == nil && !matched[now] {
			m.to[op], matched[now] = now, true
		}
	}
	for _, op := range old.Operations {
		take(op, byPath[shapeOf(op)])
	}
	for _, op := range old.Operations {
		if op.ID != "" {
			take(op, next.Operation(op.ID))
		}
	}
	for _, op := range next.Operations {
		if !matched[op] {
			m.news = append(m.news, op)
		}
	}
	return m
}

var pathVariable = regexp.MustCompile(`\{[^}]*\}`)

// shapeOf is method and path with the variables left blank.
func shapeOf(op *contract.Operation) string {
	return op.Method + " " + pathVariable.ReplaceAllString(op.Template, "{}")
}

// route is how an operation is called without an operationId.
func route(op *contract.Operation) string { return op.Method + " " + op.Template }

// changesOf tells what of one operation is gone.
func (m *operationMatch) changesOf(op *contract.Operation) source.Diagnostics {
	now := m.to[op]
	if now == nil {
		return source.Diagnostics{warning(codeOperationGone, op.At(), "there is no operation "+called(op)+" any more", m.perhaps(op))}
	}
	var found source.Diagnostics
	switch {
	case op.ID != now.ID && op.ID != "" && now.ID != "" && route(op) == route(now):
		found = append(found, warning(codeOperationRenamed, op.At(), fmt.Sprintf("the operation %s is now %s", op.ID, called(now)), "", now))
	case op.ID != now.ID && now.ID != "":
		found = append(found, warning(codeOperationRenamed, op.At(), fmt.Sprintf("the operation %s is now %s", called(op), called(now)), "", now))
	case op.ID != now.ID:
		found = append(found, warning(codeOperationRenamed, op.At(), fmt.Sprintf("the operation %s has no operationId any more", op.ID), "call it "+route(now), now))
	case route(op) != route(now):
		found = append(found, warning(codeOperationRenamed, op.At(), fmt.Sprintf("the operation %s is now %s", called(op), route(now)), "", now))
	}
	for _, r := range op.Responses {
		if _, _, ok := now.Respond(r.Status); !ok {
			found = append(found, warning(codeStatusGone, r.At(), fmt.Sprintf("%s describes no status %s any more", now.Name(), r.Status), "it describes "+strings.Join(now.Statuses(), ", "), now))
		}
	}
	return found
}

// called is an operation's name with its route, where these are two.
func called(op *contract.Operation) string {
	if op.ID == "" {
		return route(op)
	}
	return fmt.Sprintf("%s (%s)", op.ID, route(op))
}

// perhaps says which new operation an old one may have become.
func (m *operationMatch) perhaps(op *contract.Operation) string {
	var names []string
	for _, each := range m.news {
		names = append(names, each.Name())
		if each.ID != "" {
			names = append(names, route(each))
		}
	}
	best := source.Closest(op.Name(), names)
	if best == "" {
		best = source.Closest(route(op), names)
	}
	if i := slices.IndexFunc(m.news, func(each *contract.Operation) bool { return alike(op, each) }); best == "" && i >= 0 {
		best = m.news[i].Name()
	}
	if best == "" {
		return ""
	}
	return "perhaps it is now " + called(m.next.Operation(best))
}

// alike tells whether two operations differ in one segment of the path alone and
// have another one in common.
func alike(a, b *contract.Operation) bool {
	one, two := strings.Split(shapeOf(a), "/"), strings.Split(shapeOf(b), "/")
	if len(one) != len(two) || len(one) < 3 || one[0] != two[0] {
		return false
	}
	differ := 0
	for i := range one {
		if one[i] != two[i] {
			differ++
		}
	}
	return differ == 1
}

func warning(code source.Code, at source.Span, message, hint string, now ...*contract.Operation) source.Diagnostic {
	d := source.Diagnostic{Code: code, Severity: source.Warning, At: at, Message: message, Hint: hint}
	for _, op := range now {
		d.Related = append(d.Related, source.Related{At: op.At(), Message: "the operation in the new version"})
	}
	return d
}
