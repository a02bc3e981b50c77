package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/report"
)

// Coverage tells what everybody has used of the contract since the mock was made.
// Operations whose rows were changed by a reload are counted from then on; nothing else
// sets the counts back. Requests
// that are answered meanwhile may be in some of the counts and not yet in others.
func (m *Mock) Coverage() *Coverage { return coverageOf(m.coverage.Report()) }

// Coverage tells what the session has used of the contract since it was made or reset.
// It fails for one that does not exist any more.
func (s *Session) Coverage(ctx context.Context) (*Coverage, error) {
	if _, err := s.Info(ctx); err != nil {
		return nil, err
	}
	return coverageOf(s.mock.coverage.SessionReport(s.id)), nil
}

// ReadCoverage reads what Write has written as JSON, of one run or of several. Totals
// are reckoned anew.
func ReadCoverage(r io.Reader) (*Coverage, error) {
	read, err := coverage.Read(r)
	if err != nil {
		return nil, err
	}
	return coverageOf(read), nil
}

// Merge gives the counts of c and of others added up. The runs must have had the same
// description of an API: the error says where two of them differ.
func (c *Coverage) Merge(others ...*Coverage) (*Coverage, error) {
	sum := &coverage.Report{Version: coverage.Version}
	for _, one := range append([]*Coverage{c}, others...) {
		if one.report == nil {
			return nil, errNoCoverage
		}
		if err := sum.Merge(one.report); err != nil {
			return nil, err
		}
	}
	return coverageOf(sum), nil
}

// errNoCoverage is for a Coverage that was put together by hand.
var errNoCoverage = errors.New("the coverage was not made by a mock: take it from Mock.Coverage or ReadCoverage")

// CoverageMinimums are the percentages that must have been reached by exchanges which
// keep to the contract, from 0 (nothing is wanted) to 100. Of what the contract has
// none, every percentage is reached.
type CoverageMinimums struct{ Operations, Statuses, MediaTypes, Parameters float64 }

// Below says in a line for each minimum that is not reached how far it is.
func (c *Coverage) Below(min CoverageMinimums) []string {
	var list []string
	for _, s := range c.internal().Totals.Below(coverage.Minimums(min)) {
		list = append(list, s.String())
	}
	return list
}

// internal is what c was made of; nothing where it was put together by hand.
func (c *Coverage) internal() *coverage.Report {
	if c.report == nil {
		return &coverage.Report{}
	}
	return c.report
}

// CoverageFormats lists the formats of Coverage.Write by name.
func CoverageFormats() []string {
	return []string{string(Text), string(JSON), string(JUnit), string(Markdown), string(HTML)}
}

// Write writes the coverage in a format of CoverageFormats; for another one it fails.
// All but JSON tell which minimums are not reached.
func (c *Coverage) Write(w io.Writer, format Format, min CoverageMinimums) error {
	if c.report == nil {
		return errNoCoverage
	}
	r := &report.Coverage{Report: c.report, Minimums: coverage.Minimums(min)}
	switch format {
	case Text:
		return report.CoverageText(w, r)
	case JSON:
		return report.JSON(w, c.report)
	case JUnit:
		return report.CoverageJUnit(w, r)
	case Markdown:
		return report.CoverageMarkdown(w, r)
	case HTML:
		return report.CoverageHTML(w, r)
	}
	return fmt.Errorf("there is no format %q of coverage: there are %s", format, strings.Join(CoverageFormats(), ", "))
}
