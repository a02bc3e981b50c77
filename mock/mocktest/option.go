package mocktest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock"
)

// Option says how a mock is served to a test, and what the test is held to.
type Option func(*settings)

// settings is what options have said.
type settings struct {
	options mock.Options
	active  []string
	shared  bool
	expect  expectations
}

// expectations say what a session is not to be held to.
type expectations struct{ invalid, unused bool }

// Contract names API descriptions, as understudy serve takes them: SPEC or SPEC=/base.
// Paths are relative to the folder of the test's package.
func Contract(specs ...string) Option {
	return func(s *settings) {
		for _, text := range specs {
			spec, err := mock.ParseSpec(text)
			if err != nil {
				s.options.Specs = append(s.options.Specs, mock.Spec{Location: text}) // loading it tells what is wrong
				continue
			}
			s.options.Specs = append(s.options.Specs, spec)
		}
	}
}

// Scenarios names folders with scenario files.
func Scenarios(folders ...string) Option {
	return func(s *settings) { s.options.Scenarios = append(s.options.Scenarios, folders...) }
}

// Active makes scenarios active in the test's session from the start; the last is the
// newest.
func Active(names ...string) Option {
	return func(s *settings) { s.active = append(s.active, names...) }
}

// Shared lets tests of a process that ask for the same mock use one, each with a session
// of its own. It is loaded once, and listens while a test uses it.
func Shared() Option { return func(s *settings) { s.shared = true } }

// ExpectInvalid does not hold the test to sending requests that keep to the contract.
// Where only some requests are meant to break it, "Prefer: expect=invalid" in each of
// them is the narrower way.
func ExpectInvalid() Option { return func(s *settings) { s.expect.invalid = true } }

// AllowUnusedStubs does not hold the test to using every stub of the scenarios that it
// has activated.
func AllowUnusedStubs() Option { return func(s *settings) { s.expect.unused = true } }

// With changes other settings of the mock, such as Validate or Delay. Those of sockets
// are not for tests: the mock listens on a free port of the loopback interface, for
// plain HTTP.
func With(change func(*mock.Options)) Option { return func(s *settings) { change(&s.options) } }

// check refuses settings that would not have the effect that they promise.
func (s *settings) check() error {
	o := &s.options
	switch {
	case o.TLSCert != "" || o.TLSKey != "" || o.TLSSelfSigned || o.HTTP2:
		return errors.New("mocks of tests serve plain HTTP/1.1: use mock.New and mock.Mock.Start for TLS and HTTP/2")
	case o.Listen != "" || o.AdminListen != "":
		return errors.New("mocks of tests listen on a free port: use mock.New and mock.Mock.Start for an address of your own")
	case o.Watch != "" && o.Watch != "off":
		return errors.New("mocks of tests do not watch files: what they serve must not change under a test")
	case s.shared && (o.Logger != nil || o.OnReload != nil):
		return errors.New("a shared mock has no Logger and no OnReload, because they would be of one of the tests")
	case s.shared && len(o.Active) > 0:
		return fmt.Errorf("the scenarios %q would be active for all tests of a shared mock: use mocktest.Active", slices.Clone(o.Active))
	}
	return nil
}
