package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// CoverageJUnit writes a test case for each status of each operation, skipped where
// nothing conforming has reached it, and one for each kind of which a share is wanted,
// failed where there is less.
func CoverageJUnit(w io.Writer, c *Coverage) error {
	all := junitSuites{Name: "understudy coverage"}
	for i := range c.APIs {
		all.Suites = append(all.Suites, coverageSuite(&c.APIs[i]))
	}
	if suite := minimumSuite(c); suite.Tests > 0 {
		all.Suites = append(all.Suites, suite)
	}
	for i := range all.Suites {
		all.Tests += all.Suites[i].Tests
		all.Failures += all.Suites[i].Failures
	}
	return writeJUnit(w, &all)
}

func coverageSuite(api *coverage.API) junitSuite {
	suite := junitSuite{Name: characters(strings.TrimSpace(api.Title + " " + api.Version))}
	for i := range api.Operations {
		op := &api.Operations[i]
		for _, s := range op.Statuses() {
			c := junitCase{Class: characters("understudy.coverage." + api.Name), Name: characters(op.Method + " " + op.Path + " " + s.Status)}
			switch stateOf(s.Reached, s.Conforming) {
			case NotReached:
				c.Skipped = &junitSkipped{"not reached"}
			case ReachedOnly:
				c.Skipped = &junitSkipped{fmt.Sprintf("reached by %s, none of them conforming", source.Count(s.Reached, "exchange"))}
			}
			if c.Skipped != nil {
				suite.Skipped++
			}
			suite.Tests++
			suite.Cases = append(suite.Cases, c)
		}
	}
	return suite
}

func minimumSuite(c *Coverage) junitSuite {
	suite := junitSuite{Name: "minimums", Out: output(strings.Join(c.summary(), "\n") + "\n")}
	missed := map[string]coverage.Shortfall{}
	for _, s := range c.below() {
		missed[s.Name] = s
	}
	for _, want := range c.Totals.Wanted(c.Minimums) {
		one := junitCase{Class: "understudy.coverage", Name: fmt.Sprintf("at least %g %% of %s", want.Want, want.Name)}
		if s, ok := missed[want.Name]; ok {
			one.Failure = &junitFailure{Message: s.String(), Type: "coverage", Text: s.String()}
			suite.Failures++
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, one)
	}
	return suite
}
