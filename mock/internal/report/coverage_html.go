package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
)

//go:embed coverage.html
var coverageHTML string

var coveragePage = template.Must(template.New("coverage").Funcs(template.FuncMap{
	"percent":   func(f float64) string { return fmt.Sprintf("%.1f %%", f) },
	"schemes":   schemes,
	"departure": departure,
	"join":      func(list []string) string { return strings.Join(list, ", ") },
	"orNone": func(text string) string {
		if text == "" {
			return "none"
		}
		return text
	},
	"rowState":       func(r coverage.Row) State { return stateOf(r.Reached, r.Conforming) },
	"parameterState": func(p coverage.Parameter) State { return stateOf(p.Valid+p.Invalid, p.Valid) },
	"securityState":  func(a coverage.Alternative) State { return stateOf(a.Used, a.Used) },
}).Parse(coverageHTML))

// CoverageHTML writes a report as one page that needs nothing from elsewhere and runs
// no script.
func CoverageHTML(w io.Writer, c *Coverage) error {
	page := struct {
		*Coverage
		Summary  []string
		Below    []coverage.Shortfall
		Kinds    []coverage.Kind
		Matrices []matrix
		Idle     []string
		States   []State
	}{c, c.summary(), c.below(), c.kinds(), nil, c.idle(), []State{Conforming, ReachedOnly, NotReached}}
	for i := range c.APIs {
		page.Matrices = append(page.Matrices, matrixOf(&c.APIs[i]))
	}
	var b strings.Builder
	if err := coveragePage.Execute(&b, page); err != nil {
		return err
	}
	_, err := io.WriteString(w, characters(b.String()))
	return err
}
