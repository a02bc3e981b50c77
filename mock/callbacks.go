package mock

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/callback"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// admitCalls refuses the callbacks and webhooks that must not be sent, and tells in
// the answer what will become of each.
func (m *Mock) admitCalls(h http.Header, ex *exchange.Exchange) {
	calls := ex.Answer.Calls
	if len(calls) == 0 {
		return
	}
	m.sender.Load().Admit(calls)
	h["Understudy-Callbacks"] = []string{exchange.HeaderList(len(calls), func(i int) string { return calls[i].String() })}
}

// showCalls makes what logs tell of the callbacks and webhooks of an answer. It is to be called
// while the request has its body, whose secrets may be in them.
func (m *Mock) showCalls(ex *exchange.Exchange) {
	calls := ex.Answer.Calls
	if len(calls) == 0 {
		return
	}
	secrets := m.journal.Redactor().Of(ex)
	for i := range calls {
		c := &calls[i]
		c.Shown.URL, c.Shown.Refused = secrets.Text(c.URL), secrets.Text(c.Refused)
	}
}

// sendCalls sends the callbacks and webhooks of an answer. What was made of them for this
// request alone counts as held until they are over.
func (m *Mock) sendCalls(s *callback.Sender, ex *exchange.Exchange) {
	if len(ex.Answer.Calls) == 0 {
		return // most have none, and what follows is allocated
	}
	for i := range ex.Answer.Calls {
		ex.Held -= ex.Answer.Calls[i].Held
	}
	s.Send(ex.ID, ex.Answer.Calls, func(c *exchange.Call) { m.flight.room(-c.Held) })
}

// CheckCallbackHosts gives an error for hosts that Options.CallbackHosts cannot be.
func CheckCallbackHosts(hosts []string) error {
	_, err := callback.ParseHosts(hosts)
	return err
}
