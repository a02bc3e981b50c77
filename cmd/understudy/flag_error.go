package main

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock"
)

// flagError is what is wrong with the value of a flag. It is told of where the value stands:
// on the command line, in a variable, or in the configuration file.
type flagError struct {
	flag string
	// wrong goes on behind the name, as in ` is "strct"`; hint says what to write instead, ""
	// where wrong does.
	wrong, hint string
	// value is the one that is wrong of a flag that takes several.
	value string
	// secret keeps the line of the configuration file from being shown.
	secret bool
}

// refuse is the error of a flag with a value that it does not take.
func refuse(flag, wrong, hint string) error {
	return (&flagError{flag: flag, wrong: wrong, hint: hint}).usage()
}

func (e *flagError) usage() error { return &exitError{exitUsage, e} }

// Error tells it of the command line.
func (e *flagError) Error() string { return e.of("--" + e.flag) }

// of tells it of a flag that goes by a name.
func (e *flagError) of(name string) string {
	if e.hint == "" {
		return name + e.wrong
	}
	return name + e.wrong + ": " + e.hint
}

// origin is where a flag has its value from; the zero value is the command line.
type origin struct {
	variable string         // its name
	settings []mock.Setting // of the configuration file
}

// tell gives the error as one of what was written.
func (o origin) tell(e *flagError) error {
	switch {
	case o.variable != "":
		return errors.New(e.of(o.variable))
	case len(o.settings) == 0:
		return e
	}
	setting := o.settings[0]
	for _, each := range o.settings {
		if each.Value == e.value {
			setting = each
		}
	}
	if e.secret {
		return fmt.Errorf("%s: %s", setting.Place(), e.of(e.flag))
	}
	return setting.Refuse(e.flag+e.wrong, e.hint)
}
