package mock

import (
	"context"
	"errors"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// takeOverWait bounds the wait for a change of what is served that is under way. A longer
// one is waited for by coming back: the heartbeat does not stand still.
const takeOverWait = 100 * time.Millisecond

// takeOver makes the added scenarios of a session, "" for everybody, those of the shared
// state. The store calls it. One that does not fit what this mock serves is told in the log
// and left out.
func (m *Mock) takeOver(session string, texts map[string]shared.Text) bool {
	for late := time.Now().Add(takeOverWait); !m.reload.TryLock(); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			return false
		}
	}
	defer m.reload.Unlock()
	for _, name := range m.added.names(session) {
		if _, ok := texts[name]; !ok {
			_ = m.serveAdded(session, name, nil) // what is left fits as before
		}
	}
	for name, text := range texts {
		if before := m.added.find(session, name); before != nil && string(before.file.Data) == text.Data && before.file.Name == text.File {
			continue
		}
		next, err := m.newAddition(&source.File{Name: text.File, Data: []byte(text.Data)}, m.engine.Snapshot().APIs)
		if err == nil {
			err = m.added.room(session, name, next)
		}
		if err == nil {
			err = m.serveAdded(session, name, next)
		}
		if err != nil {
			m.settings.Logger.Error("a scenario that another replica has added does not fit here and is left out", "scenario", name, "session", session, "error", err)
		}
	}
	return true
}

// share has the other replicas take over a scenario that was added here, active unless it is
// a default, in one step against all of them who add and remove. Where that fails, this one
// serves what it served before; before is what had the name, nil for nothing.
func (m *Mock) share(ctx context.Context, session, name string, next, before *addition) error {
	err := m.putShared(ctx, session, name, next)
	if isMade(err) {
		m.catchUp(ctx, session)
		return err
	}
	m.reload.Lock()
	defer m.reload.Unlock()
	switch {
	case errors.Is(err, state.ErrNoSession):
		m.emptyScope(session)
	case m.added.find(session, name) == next:
		err = errors.Join(err, m.serveAdded(session, name, before))
	}
	return err
}

func (m *Mock) putShared(ctx context.Context, session, name string, next *addition) error {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	on := next.activation(changer(ctx))
	err := m.shared.PutText(ctx, session, name, shared.Text{File: next.file.Name, Data: string(next.file.Data)}, on...)
	if isMade(err) {
		m.begun(ctx, session, name, on)
	}
	return err
}

// unshare takes a scenario out of the shared state, from where all replicas, and this one,
// learn that it is gone.
func (m *Mock) unshare(ctx context.Context, session, name string) error {
	m.reload.Lock()
	_, err := m.removable(session, name)
	m.reload.Unlock()
	if err != nil {
		return err
	}
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	err = m.shared.DropText(ctx, session, name)
	if !isMade(err) {
		return err
	}
	m.catchUp(ctx, session)
	m.changed(removedChange(changer(ctx), session, name))
	m.taken(ctx, session, changer(ctx), name)
	return err
}

// catchUp takes over the scenarios of a session from the shared state; those of everybody
// have come with the change. Where it cannot be asked, the session's next request does.
func (m *Mock) catchUp(ctx context.Context, session string) {
	if session != "" {
		_, _ = m.store.Enter(ctx, session, "", false)
	}
}
