package report

import (
	"fmt"
	"io"
	"strings"
)

// CoverageMarkdown writes a report as GitHub Flavored Markdown, for the summaries of
// CI jobs and pull requests.
func CoverageMarkdown(w io.Writer, c *Coverage) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("## Contract coverage\n")
	b.WriteString(markdownTotals(c))
	line("\n%s", strings.Join(c.summary(), " "))
	for _, s := range c.below() {
		line("\n**Too little is covered**: %s.", s)
	}
	for i := range c.APIs {
		m := matrixOf(&c.APIs[i])
		line("\n### %s %s\n", markdown(m.Title), markdown(m.API.Version))
		line("| operation | %s |", strings.Join(m.Columns, " | "))
		line("| --- |%s", strings.Repeat(" --- |", len(m.Columns)))
		for _, l := range m.Lines {
			fmt.Fprintf(&b, "| %s %s |", markdown(l.Method), markdown(l.Path))
			for _, cell := range l.Cells {
				b.WriteString(markdownCell(cell))
			}
			line("")
		}
		line("\n● conforming, ◐ reached, but never conforming, ○ not reached. The numbers count conforming exchanges and all.")
	}
	if idle := c.idle(); len(idle) > 0 {
		for i := range idle {
			idle[i] = markdown(idle[i])
		}
		line("\nScenarios that never answered: %s", strings.Join(idle, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownTotals(c *Coverage) string {
	text := "| | total | reached | conforming | |\n| --- | ---: | ---: | ---: | ---: |\n"
	for _, kind := range c.kinds() {
		text += fmt.Sprintf("| %s | %d | %d | %d | %.1f %% |\n", kind.Name, kind.Total, kind.Reached, kind.Conforming, kind.Percent)
	}
	return text
}

func markdownCell(c cell) string {
	switch {
	case !c.Described:
		return " |"
	case c.State == NotReached:
		return " ○ |"
	}
	return fmt.Sprintf(" %s %d/%d |", c.State.Mark(), c.Conforming, c.Reached)
}

// markdown takes the meaning from the signs in a text from elsewhere.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range plainLine(text) {
		if strings.ContainsRune("\\`*_{}[]<>()#+-!|~&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
