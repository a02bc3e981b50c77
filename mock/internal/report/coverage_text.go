package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// CoverageText writes a report for people, with lines of at most 100 characters unless
// a name is longer.
func CoverageText(w io.Writer, c *Coverage) error {
	t := &textWriter{}
	for i := range c.APIs {
		t.api(&c.APIs[i])
	}
	t.list("Scenarios that never answered", c.idle(), "")
	if len(c.idle()) > 0 {
		t.line("")
	}
	t.totals(c)
	t.line("")
	for _, text := range c.summary() {
		t.line("%s", text)
	}
	for _, s := range c.below() {
		t.line("Too little is covered: %s.", s)
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// textWidth is the longest line of a text, in characters.
const textWidth = 100

type textWriter struct{ strings.Builder }

func (t *textWriter) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t *textWriter) totals(c *Coverage) {
	t.line("%-14s%8s%10s%13s", "", "total", "reached", "conforming")
	for _, kind := range c.kinds() {
		t.line("%-14s%8d%10d%13d%9.1f %%", kind.Name, kind.Total, kind.Reached, kind.Conforming, kind.Percent)
	}
}

// list writes "label: a, b, c", and continues lines that are full below the first name.
// Nothing is written for no names.
func (t *textWriter) list(label string, names []string, indent string) {
	if len(names) == 0 {
		return
	}
	text := fmt.Sprintf("%s%s: ", indent, label)
	indent += "    "
	for i, name := range names {
		name = plainLine(name)
		if i < len(names)-1 {
			name += ","
		}
		switch {
		case i == 0:
			text += name
		case utf8.RuneCountInString(text)+1+utf8.RuneCountInString(name) > textWidth:
			t.line("%s", text)
			text = indent + name
		default:
			text += " " + name
		}
	}
	t.line("%s", text)
}

func (t *textWriter) api(api *coverage.API) {
	t.line("%s %s (%s)\n", plainLine(api.Title), plainLine(api.Version), plainLine(api.Name))
	var silent []string
	for i := range api.Operations {
		op := &api.Operations[i]
		if op.Requests == 0 {
			silent = append(silent, op.Method+" "+op.Path)
			continue
		}
		t.operation(op)
	}
	if len(silent) == 0 {
		return
	}
	t.line("  Operations that were never asked for")
	for _, name := range silent {
		t.line("    %s", plainLine(name))
	}
	t.line("")
}

func (t *textWriter) operation(op *coverage.Operation) {
	title := plainLine(op.Method + " " + op.Path)
	if name := plainLine(op.Name); name != title {
		t.line("  %s", title)
		title = name
	}
	t.line("  %s, %s", title, source.Count(op.Requests, "request"))
	const indent = "    "
	byState := map[State][]string{}
	for _, s := range op.Statuses() {
		state := stateOf(s.Reached, s.Conforming)
		byState[state] = append(byState[state], s.Status)
	}
	t.list("conforming", byState[Conforming], indent)
	t.list("reached, but never conforming", byState[ReachedOnly], indent)
	t.list("not reached", byState[NotReached], indent)
	t.mediaTypes(op, indent)
	var unsent, invalid, unused, departures []string
	for _, p := range op.Parameters {
		name := string(p.In) + " " + p.Name
		switch {
		case p.Valid > 0:
		case p.Invalid > 0:
			invalid = append(invalid, name)
		default:
			unsent = append(unsent, name)
		}
	}
	for _, a := range op.Security {
		if a.Used == 0 {
			unused = append(unused, schemes(a))
		}
	}
	for _, d := range op.OffContract {
		departures = append(departures, departure(d))
	}
	if op.OtherOffContract > 0 {
		departures = append(departures, "others: "+source.Count(op.OtherOffContract, "answer"))
	}
	t.list("parameters never sent", unsent, indent)
	t.list("parameters never sent with a valid value", invalid, indent)
	t.list("security never used", unused, indent)
	t.list("off the contract", departures, indent)
	if op.Problems > 0 {
		t.line("%sproblems that Understudy answered for itself: %d", indent, op.Problems)
	}
	if op.Faults > 0 {
		t.line("%sconnections broken by faults: %d", indent, op.Faults)
	}
	t.line("")
}

// mediaTypes tells of those that were not covered; most were as their status was.
func (t *textWriter) mediaTypes(op *coverage.Operation, indent string) {
	var reached, missing []string
	requests, responses := op.MediaTypes()
	for _, m := range append(requests, responses...) {
		name := "request " + m.MediaType
		if m.Status != "" {
			name = m.Status + " " + m.MediaType
		}
		switch stateOf(m.Reached, m.Conforming) {
		case ReachedOnly:
			reached = append(reached, name)
		case NotReached:
			missing = append(missing, name)
		}
	}
	t.list("media types never conforming", reached, indent)
	t.list("media types not reached", missing, indent)
}
