package mock

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/callback"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// settings is Options with the defaults filled in and everything parsed.
type settings struct {
	Options
	validation engine.Validation
	hosts      callback.Hosts
	watch      watch.Mode
	admin      admin.Options
	shared     *shared.Address // nil for state in memory
	// madeToken is the text of a token that was made, "" for none.
	madeToken string
	upstreams []namedTarget
	// record takes exchanges with real APIs when they are over; nil takes none.
	// The last is why the body of the answer is not there, "" where it is.
	record func(op *contract.Operation, ex *exchange.Exchange, unknown string)
	// sync brings a file of Data to the disk.
	sync func(*os.File) error
}

// findScenarios looks for the folder of scenarios where none is named. One that was found
// stays: it is missed when it goes.
func (s *settings) findScenarios() {
	if s.Scenarios != nil {
		return
	}
	if info, err := os.Stat(DefaultScenarios); err == nil && info.IsDir() {
		s.Scenarios = []string{DefaultScenarios}
	}
}

func (o Options) settle() (*settings, error) {
	s := &settings{Options: o, sync: (*os.File).Sync}
	if len(s.Specs) == 0 {
		s.Specs = []Spec{{Location: DefaultSpec}}
	}
	for _, spec := range s.Specs {
		if err := checkBase(spec.Base); err != nil {
			return nil, err
		}
	}
	for _, origin := range s.CORSOrigins {
		if err := CheckOrigin(origin); err != nil {
			return nil, err
		}
	}
	s.findScenarios()
	if s.Validate == "" {
		s.Validate = "strict"
	}
	var err error
	if s.validation, err = engine.ParseValidation(s.Validate); err != nil {
		return nil, err
	}
	if err := exchange.CheckWait(s.Delay); err != nil {
		return nil, fmt.Errorf("the delay cannot be used: %w", err)
	}
	if s.Watch == "" {
		s.Watch = string(watch.Off)
	}
	if s.watch, err = watch.ParseMode(s.Watch); err != nil {
		return nil, err
	}
	if s.hosts, err = callback.ParseHosts(s.CallbackHosts); err != nil {
		return nil, fmt.Errorf("the hosts for callbacks cannot be used: %w", err)
	}
	if err := s.settleUpstream(); err != nil {
		return nil, err
	}
	if err := s.checkTLS(); err != nil {
		return nil, err
	}
	if err := s.settleBounds(); err != nil {
		return nil, err
	}
	s.Listen = cmp.Or(s.Listen, DefaultListen)
	if s.shared, err = parseState(s.State); err != nil {
		return nil, err
	}
	if s.shared != nil && s.Data != "" {
		return nil, errors.New("a folder for scenarios that are added is of no use where state is shared: they are kept with it")
	}
	if err := checkStateFailure(s.StateFailure); err != nil {
		return nil, err
	}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	return s, s.settleAdmin()
}

// settleBounds settles how much is taken of a request and kept of all of them.
func (s *settings) settleBounds() error {
	switch {
	case s.MaxBody < 0:
		return fmt.Errorf("the limit on bodies is negative: %d", s.MaxBody)
	case s.MaxUpload < 0:
		return fmt.Errorf("the limit on uploads is negative: %d", s.MaxUpload)
	case s.JournalEntries > MaxJournalEntries:
		return fmt.Errorf("the journal cannot keep %d entries: %d are the most", s.JournalEntries, MaxJournalEntries)
	}
	s.MaxBody, s.MaxUpload = cmp.Or(s.MaxBody, DefaultMaxBody), cmp.Or(s.MaxUpload, DefaultMaxUpload)
	s.JournalEntries, s.JournalBytes = cmp.Or(s.JournalEntries, DefaultJournalEntries), cmp.Or(s.JournalBytes, DefaultJournalBytes)
	return nil
}

func (s *settings) contractOptions(spec Spec) contract.Options {
	return contract.Options{
		Options:     document.Options{Root: s.RefRoot, AllowRemote: s.AllowRemoteRefs},
		Base:        spec.Base,
		Name:        spec.name,
		StrictQuery: s.StrictQuery,
		NoSecurity:  s.NoSecurity,
		MaxHeld:     s.MaxBody,
	}
}
