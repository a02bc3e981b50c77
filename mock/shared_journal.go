package mock

import (
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// openJournal makes the journal. Where state is shared, so is the journal.
func (m *Mock) openJournal() {
	opts := journal.Options{Entries: m.settings.JournalEntries, Bytes: m.settings.JournalBytes, Redact: m.settings.Redact}
	if m.shared != nil {
		opts.Stream = m.shared.Journal()
		opts.Heard, opts.Listening = m.heardElsewhere, m.listening
	}
	m.journal = journal.New(opts)
}

// listening tells whether somebody wants to know what happens on other replicas. Nobody
// knows whether something has happened there, and so it counts as if it had.
func (m *Mock) listening() bool { return m.events.Wanted(time.Now()) }

// heardElsewhere tells listeners of an exchange of another replica.
func (m *Mock) heardElsewhere(ex *exchange.Exchange, path string, breaks int) {
	if breaks > 0 {
		m.events.Tell("answer", ex.Session, lateEvent{ex.ID, breaks})
		return
	}
	m.events.TellExchange(ex, path)
}
