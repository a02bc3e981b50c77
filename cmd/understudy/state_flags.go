package main

import (
	"github.com/understudy-mock/understudy/mock"
)

// checkState tells what is wrong with the flags of shared state.
func (s *serveFlags) checkState() error {
	if err := mock.CheckState(s.state); err != nil {
		return (&flagError{flag: "state", wrong: ": " + err.Error(), secret: true}).usage()
	}
	if s.state != "memory" && s.data != "" {
		return refuse("data", " cannot be used with --state", "scenarios that are added are kept with the shared state, so leave it out")
	}
	return oneOf("state-failure", s.stateFails, "refuse", "degrade")
}
