package mock

import (
	"context"
	"fmt"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// What Options.State and Options.StateFailure may say beside an address.
const (
	stateMemory  = "memory"
	stateRefuse  = "refuse"
	stateDegrade = "degrade"
)

// parseState gives nil for state in memory. The error never shows a password.
func parseState(text string) (*shared.Address, error) {
	if text == "" || text == stateMemory {
		return nil, nil
	}
	address, err := shared.ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("the address of the state cannot be used: %w", err)
	}
	return address, nil
}

func checkStateFailure(text string) error {
	switch text {
	case "", stateRefuse, stateDegrade:
		return nil
	}
	return fmt.Errorf("%q says nothing about shared state that cannot be reached: use %s or %s", text, stateRefuse, stateDegrade)
}

// CheckState tells what is wrong with a value of Options.State.
func CheckState(address string) error {
	if address == "" || address == stateMemory {
		return nil
	}
	_, err := shared.ParseAddress(address)
	return err
}

// openStore makes the store. Nothing is asked of a server before Begin.
func (m *Mock) openStore() {
	if m.settings.shared == nil {
		m.store = &state.Memory{Made: m.beginSession, Gone: m.forgetSessions}
		return
	}
	m.shared = shared.Open(shared.Options{
		Address: m.settings.shared,
		Degrade: m.settings.StateFailure == stateDegrade,
		Made:    m.beginSession,
		Gone:    m.forgetSessions,
		Texts:   m.takeOver,
		Ended:   m.endedByTime,
		Counted: func() uint64 { return m.journal.Counted() },
		Logger:  m.settings.Logger,
	})
	m.store = m.shared
}

// endedByTime tells of scenarios whose time is over in the shared state.
func (m *Mock) endedByTime(scenarios []string) {
	for _, name := range scenarios {
		m.changed(admin.Change{By: byTimer, Action: admin.Deactivated, Scenario: name})
	}
}

// SharedState tells how shared state is.
type SharedState struct {
	// Address is that of the server, without a password.
	Address string
	// Err is why it cannot be reached, nil while it can.
	Err error
	// Replicas counts the mocks that share it, as far as it is known.
	Replicas int
}

// SharedState tells how shared state is, false for state in memory.
func (m *Mock) SharedState() (SharedState, bool) {
	if m.shared == nil {
		return SharedState{}, false
	}
	c := m.shared.Condition()
	return SharedState{Address: c.Address, Err: c.Err, Replicas: c.Replicas}, true
}

// sharedCondition is the same for the control plane, nil for state in memory.
func (m *Mock) sharedCondition() *admin.SharedState {
	if m.shared == nil {
		return nil
	}
	c := m.shared.Condition()
	told := &admin.SharedState{Reachable: c.Err == nil, Degraded: c.Degraded, Replica: c.Replica, Replicas: c.Replicas, Address: c.Address}
	if c.Err != nil {
		told.Since, told.Error = &c.Since, c.Err.Error()
	}
	return told
}

// closeShared leaves the other replicas, which are told first what this one has kept, and
// asked until ctx is over what they have: for shared.ConfirmWithin all in all, and each
// question that is left then for shared.MaxWait.
func (m *Mock) closeShared(ctx context.Context) error {
	m.journal.Unshare()
	late := time.Now().Add(shared.ConfirmWithin)
	asking, cancel := context.WithDeadline(ctx, late)
	defer cancel()
	writing, end := context.WithDeadline(context.WithoutCancel(ctx), late)
	defer end()
	m.left.Store(m.coveredSoFar(asking, writing))
	return m.shared.Close(writing)
}
