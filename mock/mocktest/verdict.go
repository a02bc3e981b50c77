package mocktest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock"
)

// judge explains what is wrong with the session, "" where nothing is. A test without a
// request is for its own assertions to judge.
func (m *Mock) judge() string {
	// Where it fails, it says so under Incomplete.
	v, _ := m.session.Verdict(m.context(), mock.VerdictOptions{AllowNoRequests: true})
	if m.expect.invalid {
		v.Broke, v.KeptTo = mock.FlawedRequests{}, mock.FlawedRequests{}
	}
	if m.expect.unused {
		v.Unused = nil
	}
	e := explanation{mock: m.server.mock, session: m.session.ID()}
	e.flawed("broke the contract", &v.Broke)
	e.flawed(`said "Prefer: expect=invalid" and kept to the contract`, &v.KeptTo)
	e.flawed("asked for what there is not", &v.Unmatched)
	e.flawed("could not be answered in the API's name", &v.Failed)
	if v.Broke.Count > 0 {
		e.line("A request that breaks the contract on purpose says so with the header \"Prefer: expect=invalid\"; mocktest.ExpectInvalid() is for all requests of a test.")
	}
	e.unused(v.Unused)
	if v.Incomplete != "" {
		e.line("Not all is known of the session: %s.", v.Incomplete)
	}
	if e.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("session %s\n%s", m.session.ID(), strings.TrimRight(e.String(), "\n"))
}

// explanation is the text of a verdict.
type explanation struct {
	strings.Builder
	mock    *mock.Mock
	session string
}

func (e *explanation) line(format string, args ...any) { fmt.Fprintf(e, format+"\n", args...) }

// flawed explains requests that have the same flaw.
func (e *explanation) flawed(what string, f *mock.FlawedRequests) {
	for i := range f.Examples {
		example := &f.Examples[i]
		operation := ""
		if example.Operation != "" && example.Operation != example.Method+" "+example.Path {
			operation = " (" + example.Operation + ")"
		}
		e.line("%s %s%s %s:", example.Method, example.Path, operation, what)
		r, err := e.mock.Record(context.Background(), example.ID)
		if err != nil || len(r.Violations) == 0 {
			e.line("    %s", example.Why)
			if known := e.known(example.ID); len(known) > 0 {
				e.line("    there are %s", strings.Join(known, ", "))
			}
			continue
		}
		for j := range r.Violations {
			e.violation(&r.Violations[j])
		}
	}
	if more := f.Count - uint64(len(f.Examples)); more > 0 {
		e.line("and %d more that %s", more, what)
	}
}

// known lists what the request with an id could have asked for instead, as far as the
// journal still has it.
func (e *explanation) known(id string) []string {
	page, err := e.mock.UnmatchedRequests(context.Background(), mock.UnmatchedQuery{Query: mock.JournalQuery{Filter: mock.JournalFilter{Session: &e.session}}})
	if err != nil {
		return nil
	}
	for i := range page.Requests {
		if page.Requests[i].ID == id {
			return slices.Concat(page.Requests[i].Operations, page.Requests[i].Known)
		}
	}
	return nil
}

func (e *explanation) violation(v *mock.RecordedBreach) {
	e.line("    %s", v.Message)
	if v.Fix != "" {
		e.line("        fix: %s", v.Fix)
	}
	if v.Contract != "" {
		e.line("        contract: %s", v.Contract)
	}
}

// unused explains stubs that have answered nothing.
func (e *explanation) unused(stubs []mock.UnusedStub) {
	for i := range stubs {
		u := &stubs[i]
		e.line("The stub %s of %s has answered nothing:\n    %s", u.Stub, u.Operation, u.At)
		if u.Closest != nil {
			e.line("    closest: %s", u.Closest.String())
		}
	}
	if len(stubs) > 0 {
		e.line("Activate only what the test needs, or give mocktest.AllowUnusedStubs() to Start.")
	}
}
