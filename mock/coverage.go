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

// Coverage is what was used of the contract. An exchange reaches what it uses; it
// conforms where neither the request nor the answer broke the contract. A request that
// breaks it and says so (Prefer: expect=invalid) conforms where the contract's error or
// a stub answers it.
type Coverage struct{ CoverageReport }

// Coverage tells what everybody has used of the contract since the mock was made.
// Operations whose rows were changed by a reload are counted from then on; nothing else
// sets the counts back. Requests that are answered meanwhile may be in some of the counts
// and not yet in others.
//
// Where state is shared, these are the requests of all replicas, since the first of those
// that live began, and after Stop until then. It waits for the others, for some seconds at
// most; Incomplete and Missing tell what could not be had. The error is for shared state
// that cannot be reached, and for the end of ctx; after Stop there is none.
func (m *Mock) Coverage(ctx context.Context) (*Coverage, error) {
	r, err := m.covered(ctx, "")
	if err != nil {
		return nil, err
	}
	return &Coverage{*r}, nil
}

// Coverage tells what the session has used of the contract since it was made or reset.
// It fails for one that does not exist any more.
func (s *Session) Coverage(ctx context.Context) (*Coverage, error) {
	r, err := s.mock.covered(ctx, s.id)
	if err != nil {
		return nil, s.explain(err)
	}
	return &Coverage{*r}, nil
}

// ReadCoverage reads what Write has written as JSON, of one run or of several. Totals
// are reckoned anew.
func ReadCoverage(r io.Reader) (*Coverage, error) {
	read, err := coverage.Read(r)
	if err != nil {
		return nil, err
	}
	return &Coverage{*read}, nil
}

// Merge gives the counts of c and of others added up. The runs must have had the same
// description of an API: the error says where two of them differ.
func (c *Coverage) Merge(others ...*Coverage) (*Coverage, error) {
	sum := &coverage.Report{Version: coverage.Version}
	for _, one := range append([]*Coverage{c}, others...) {
		if one.Version == 0 {
			return nil, errNoCoverage
		}
		if err := sum.Merge(&one.CoverageReport); err != nil {
			return nil, err
		}
	}
	return &Coverage{*sum}, nil
}

// errNoCoverage is for a Coverage that was put together by hand.
var errNoCoverage = errors.New("the coverage was not made by a mock: take it from Mock.Coverage or ReadCoverage")

// Below says in a line for each minimum that is not reached how far it is.
func (c *Coverage) Below(min CoverageMinimums) []string {
	var list []string
	for _, s := range c.Totals.Below(min) {
		list = append(list, s.String())
	}
	return list
}

// CoverageFormats lists the formats of Coverage.Write by name.
func CoverageFormats() []string {
	return []string{string(Text), string(JSON), string(JUnit), string(Markdown), string(HTML)}
}

// Write writes the coverage in a format of CoverageFormats; for another one it fails.
// All but JSON tell which minimums are not reached.
func (c *Coverage) Write(w io.Writer, format Format, min CoverageMinimums) error {
	if c.Version == 0 {
		return errNoCoverage
	}
	r := &report.Coverage{Report: &c.CoverageReport, Minimums: min}
	switch format {
	case Text:
		return report.CoverageText(w, r)
	case JSON:
		return report.JSON(w, c)
	case JUnit:
		return report.CoverageJUnit(w, r)
	case Markdown:
		return report.CoverageMarkdown(w, r)
	case HTML:
		return report.CoverageHTML(w, r)
	}
	return fmt.Errorf("there is no format %q of coverage: there are %s", format, strings.Join(CoverageFormats(), ", "))
}
