package mock

import (
	"context"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// takeOverWait bounds the wait for a change of what is served that is under way. A longer
// one is waited for by coming back: the heartbeat does not stand still.
const takeOverWait = 100 * time.Millisecond

// takeOver makes the added scenarios of a session, "" for everybody, those of the shared
// state. The store calls it. One that does not fit what this mock serves is told in the log
// and left out.
func (m *Mock) takeOver(session string, texts map[string]state.Text) bool {
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

// share has the other replicas take over a scenario that was added here. Where they cannot
// be told, this one goes back to theirs when the state is reached again.
func (m *Mock) share(ctx context.Context, session, name string, next *addition) error {
	if m.shared == nil {
		return nil
	}
	return m.shared.PutText(ctx, session, name, state.Text{File: next.file.Name, Data: string(next.file.Data)})
}

// unshare has the other replicas take out scenarios; without names all of a scope.
func (m *Mock) unshare(ctx context.Context, session string, names ...string) error {
	if m.shared == nil {
		return nil
	}
	return m.shared.DropTexts(ctx, session, names...)
}
