package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// The parts of JUnit's XML that Jenkins and GitLab read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
		Out      *junitText  `xml:"system-out,omitempty"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Failure *junitFailure `xml:"failure,omitempty"`
		Skipped *junitSkipped `xml:"skipped,omitempty"`
		Out     *junitText    `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
)

// JUnit writes a test case for each file that was looked at. It fails if the file
// has errors, all of which are its one failure, because readers show one only;
// warnings stand in its system-out.
func JUnit(w io.Writer, r *Run) error {
	suite := junitSuite{Name: r.Command, Out: output(r.Summary + "\n")}
	if nowhere := r.of(""); len(nowhere) > 0 {
		suite.add(junitCase{Class: "understudy", Name: r.Command}, nowhere)
	}
	for _, s := range r.withStrays() {
		suite.add(junitCase{Class: "understudy." + s.Kind, Name: s.Name, File: s.File}, r.of(s.File))
	}
	return writeJUnit(w, &junitSuites{Name: suite.Name, Tests: suite.Tests, Failures: suite.Failures, Suites: []junitSuite{suite}})
}

func writeJUnit(w io.Writer, all *junitSuites) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase, found []*Finding) {
	var failures, warnings strings.Builder
	errors := 0
	for _, f := range found {
		if f.Severity != source.Error {
			warnings.WriteString(f.Text() + "\n")
			continue
		}
		if errors++; errors == 1 {
			c.Failure = &junitFailure{Message: f.Message, Type: string(f.Code)}
		}
		failures.WriteString(f.Text() + "\n")
	}
	if errors > 1 {
		c.Failure.Message += fmt.Sprintf(" (and %d more)", errors-1)
	}
	if errors > 0 {
		c.Failure.Text = characters(failures.String())
		s.Failures++
	}
	c.Out = output(warnings.String())
	s.Tests++
	s.Cases = append(s.Cases, c)
}

// output gives a text as an element, nil for none.
func output(text string) *junitText {
	if text == "" {
		return nil
	}
	return &junitText{characters(text)}
}

// characters replaces what no XML document can hold (XML 1.0 section 2.2): a line of
// a broken file may have any byte.
func characters(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= ' ' && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd, r >= 0x10000:
			return r
		}
		return 0xfffd
	}, text)
}
