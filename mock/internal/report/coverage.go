package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Coverage is a report of coverage that is to be written.
type Coverage struct {
	*coverage.Report
	// Minimums are the percentages that are wanted.
	Minimums coverage.Minimums
}

// kinds lists the totals of what there is at all.
func (c *Coverage) kinds() []coverage.Kind {
	return slices.DeleteFunc(c.Totals.Kinds(), func(k coverage.Kind) bool { return k.Total == 0 })
}

// below lists the kinds of which less is covered than is wanted.
func (c *Coverage) below() []coverage.Shortfall { return c.Totals.Below(c.Minimums) }

// summary says in a few sentences what the counts are of.
func (c *Coverage) summary() []string {
	text := fmt.Sprintf("%s in %s", source.Count(c.Requests, "request"), source.Count(c.Runs, "run"))
	if c.WithoutOperation > 0 {
		text += fmt.Sprintf(", %d of them for no operation", c.WithoutOperation)
	}
	list := []string{text + "."}
	if c.Unchecked {
		list = append(list, "Requests were not checked against the contract, so none of them counts as conforming.")
	}
	switch {
	case c.Missing != "":
		list = append(list, "Some counts may be missing: "+c.Missing+".")
	case c.Incomplete:
		list = append(list, "There were too many sessions, so that some counts may have been given up.")
	}
	return list
}

// idle lists the scenarios that never answered.
func (c *Coverage) idle() []string {
	var list []string
	for _, sc := range c.Scenarios {
		if sc.Answered == 0 {
			list = append(list, sc.Name)
		}
	}
	return list
}

// State says how far something was covered. Its text is the class in HTML.
type State string

// The states.
const (
	NotReached  State = "not-reached"
	ReachedOnly State = "reached"
	Conforming  State = "conforming"
)

func stateOf(reached, conforming uint64) State {
	switch {
	case conforming > 0:
		return Conforming
	case reached > 0:
		return ReachedOnly
	}
	return NotReached
}

// Mark is a sign for those who do not see colours.
func (s State) Mark() string {
	return map[State]string{NotReached: "○", ReachedOnly: "◐", Conforming: "●"}[s]
}

// Words says it for people.
func (s State) Words() string {
	return map[State]string{NotReached: "not reached", ReachedOnly: "reached, but never conforming", Conforming: "conforming"}[s]
}

// matrix is one API with a column for each status that any operation describes.
type matrix struct {
	coverage.API
	Columns []string
	Lines   []line
}

// line is one operation of a matrix.
type line struct {
	coverage.Operation
	Cells []cell
}

// cell is one status of an operation; Described is false where it has no such status.
type cell struct {
	coverage.Sum
	Described bool
	State     State
}

func matrixOf(api *coverage.API) matrix {
	m := matrix{API: *api}
	for i := range api.Operations {
		for _, s := range api.Operations[i].Statuses() {
			if !slices.Contains(m.Columns, s.Status) {
				m.Columns = append(m.Columns, s.Status)
			}
		}
	}
	slices.Sort(m.Columns) // a range comes behind its numbers, default last
	for i := range api.Operations {
		l := line{Operation: api.Operations[i], Cells: make([]cell, len(m.Columns))}
		for _, s := range l.Statuses() {
			l.Cells[slices.Index(m.Columns, s.Status)] = cell{s, true, stateOf(s.Reached, s.Conforming)}
		}
		m.Lines = append(m.Lines, l)
	}
	return m
}

// plainLine makes one line of a text from elsewhere: a terminal does not obey it.
func plainLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// departure says in a few words how the contract was left.
func departure(d coverage.Departure) string {
	text := fmt.Sprint(d.Status)
	if d.Undescribed {
		text += ", which is not described"
	}
	if d.Reason != "" {
		text += " (" + d.Reason + ")"
	}
	return text + ": " + source.Count(d.Count, "answer")
}

// schemes names an alternative of the security requirements.
func schemes(a coverage.Alternative) string {
	if len(a.Schemes) == 0 {
		return "no credentials"
	}
	return strings.Join(a.Schemes, " + ")
}
