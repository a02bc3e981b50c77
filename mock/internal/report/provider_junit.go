package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// ProviderJUnit writes a suite for each scenario with a test case for each check. What
// was not sent is skipped, and says why.
func ProviderJUnit(w io.Writer, p *Provider) error {
	all := &junitSuites{Name: "understudy verify"}
	p.groups(func(name string, checks []replay.Check) {
		suite := junitSuite{Name: name}
		for i := range checks {
			suite.check(&checks[i])
		}
		all.Tests, all.Failures, all.Errors = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Errors+suite.Errors
		all.Suites = append(all.Suites, suite)
	})
	if len(all.Suites) == 0 {
		all.Suites = []junitSuite{{Name: all.Name}}
	}
	all.Suites[0].Out = output(strings.Join(append(p.notes(), p.summary()), "\n") + "\n")
	return writeJUnit(w, all)
}

func (s *junitSuite) check(c *replay.Check) {
	one := junitCase{Class: "understudy." + s.Name, Name: title(c), File: c.File}
	switch c.Outcome {
	case replay.Differs, replay.Failed:
		text := strings.Join(lines(c), "\n")
		if c.Request != "" {
			text = c.Request + "\n" + text
		}
		message := c.Reason
		if c.Outcome == replay.Differs {
			message = c.Differences[0].String()
			if more := len(c.Differences) - 1; more > 0 {
				message += fmt.Sprintf(" (and %d more)", more)
			}
		}
		one.Failure = &junitFailure{Message: characters(message), Type: string(c.Outcome), Text: characters(text + "\n")}
		s.Failures++
	case replay.NotProvable:
		one.Skipped = &junitSkipped{"not provable: " + characters(c.Reason)}
		s.Skipped++
	case replay.Skipped:
		one.Skipped = &junitSkipped{characters(c.Reason)}
		s.Skipped++
	}
	s.Tests++
	s.Cases = append(s.Cases, one)
}
