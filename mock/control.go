package mock

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/metrics"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// settleAdmin says who may use the control plane. A mock that can be reached from
// elsewhere never goes without a token.
func (s *settings) settleAdmin() error {
	tokens, err := admin.ParseTokens(s.AdminTokens, s.AdminReadTokens)
	if err != nil {
		return err
	}
	listen := s.Listen
	if s.AdminListen != "" {
		listen = s.AdminListen
	}
	if len(tokens) == 0 && !loopback(listen) {
		var t admin.Token
		t, s.madeToken = admin.NewToken("generated")
		tokens = append(tokens, t)
	}
	s.admin = admin.Options{Tokens: tokens, Hosts: s.AdminHosts, Logger: s.Logger}
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" {
		s.admin.Hosts = append([]string{host}, s.AdminHosts...)
	}
	return nil
}

// loopback tells whether a listen address is reached from this machine alone.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" {
		return err == nil
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// AdminToken is the token that was made for the control plane, because it can be
// reached from elsewhere and no token was given; "" where none was made.
func (m *Mock) AdminToken() string { return m.settings.madeToken }

// control is the mock as its control plane sees it.
type control struct{ *Mock }

var _ admin.Mock = control{}

// NewID implements admin.Mock.
func (c control) NewID() string {
	id, _ := c.ids.new()
	return id
}

// Version implements admin.Mock.
func (c control) Version() string { return Version() }

// Metrics implements admin.Mock.
func (c control) Metrics() http.Handler { return c.metrics.Handler() }

// gauges are what metrics read when somebody asks.
func (m *Mock) gauges() metrics.Gauges {
	return metrics.Gauges{
		Sessions: func() float64 {
			all, _ := m.store.Sessions(context.Background()) // none where the store cannot be asked
			return float64(len(all))
		},
		Scenarios: func() float64 { return float64(len(m.engine.Snapshot().Scenarios.Scenarios)) },
		InFlight:  func() float64 { return float64(m.flight.held.Load()) },
	}
}

// Condition implements admin.Mock.
func (c control) Condition() admin.Condition {
	return admin.Condition{Since: c.made, Draining: c.draining.Load(), LastReload: c.lastReload.Load().told(), Shared: c.sharedCondition()}
}

// told is a reload as the control plane tells it; nil for none.
func (r *Reloaded) told() *admin.Reload {
	if r == nil {
		return nil
	}
	told := &admin.Reload{Time: r.Time, OK: r.Err == nil, Restarted: r.Restarted, Missing: r.Missing}
	if r.Undone != nil {
		told.Undone = r.Undone.Error()
	}
	list := r.Warnings
	if r.Err != nil {
		told.Text = r.Err.Error()
		found, _ := diagnosticsIn(r.Err)
		list, told.Sources = findings(found), filesOf(found)
	}
	if len(list) > 0 {
		told.Findings = list
	}
	for _, d := range r.Dropped {
		told.Dropped = append(told.Dropped, admin.Dropped{Session: d.Session, Scenario: d.Scenario, Text: d.Err.Error()})
	}
	return told
}

// filesOf lists the files that diagnostics are in, each once, in their order.
func filesOf(found source.Diagnostics) []*source.File {
	var list []*source.File
	for i := range found {
		if file := found[i].At.File; file != nil && !slices.Contains(list, file) {
			list = append(list, file)
		}
	}
	return list
}

// Own implements admin.Mock.
func (c control) Own() (net.Addr, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.aside == nil {
		return nil, false
	}
	return c.main.listener.Addr(), c.main.secure
}

// Snapshot implements admin.Mock.
func (c control) Snapshot() *engine.Snapshot { return c.engine.Snapshot() }

// Delay implements admin.Mock.
func (c control) Delay() time.Duration { return c.engine.Delay() }

// SetDelay implements admin.Mock.
func (c control) SetDelay(ctx context.Context, d time.Duration) error {
	if err := exchange.CheckWait(d); err != nil {
		return &exchange.Problem{Code: exchange.ProblemControlRequest, Status: http.StatusBadRequest, Detail: "The delay cannot be used: " + err.Error() + "."}
	}
	c.engine.SetDelay(d)
	c.changed(admin.Change{By: changer(ctx), Action: admin.Set, Detail: "delay " + d.String()})
	return nil
}

// Reload implements admin.Mock.
func (c control) Reload(ctx context.Context) *admin.Reload {
	return c.reloadNow(ctx, changer(ctx)).told()
}

// Active implements admin.Mock.
func (c control) Active(ctx context.Context, session string) ([]admin.Activation, error) {
	active, err := c.store.Activations(ctx, session)
	if err != nil {
		return nil, problemOf(err, session)
	}
	list := make([]admin.Activation, len(active))
	for i := range active {
		list[i] = admin.Activation{Scenario: active[i].Scenario, By: active[i].By, Since: &active[i].Since}
		if !active[i].Until.IsZero() {
			list[i].Until = &active[i].Until
		}
	}
	return list, nil
}

// Activate implements admin.Mock.
func (c control) Activate(ctx context.Context, session string, names []string, d time.Duration) error {
	if session != "" { // made when it is first used
		if _, err := c.store.Enter(ctx, session, "", true); err != nil {
			return problemOf(err, session)
		}
	}
	return problemOf(c.activate(ctx, session, names, d), session)
}

// Deactivate implements admin.Mock.
func (c control) Deactivate(ctx context.Context, session string, names []string) error {
	return problemOf(c.deactivate(ctx, session, names), session)
}

// Reset implements admin.Mock.
func (c control) Reset(ctx context.Context, session string) error {
	return problemOf(c.reset(ctx, session), session)
}

// Values implements admin.Mock.
func (c control) Values(ctx context.Context, session string) ([]state.Written, error) {
	list, err := c.store.Values(ctx, session)
	return list, problemOf(err, session)
}

// SetValue implements admin.Mock.
func (c control) SetValue(ctx context.Context, session string, cell state.Cell, value state.Value) error {
	_, err := c.store.Commit(ctx, session, "", &state.View{}, []state.Effect{{Cell: cell, Value: value}})
	if err != nil {
		return problemOf(err, session)
	}
	c.changed(movedChange(changer(ctx), session, cell, value))
	return nil
}

// Added implements admin.Mock.
func (c control) Added(session, name string) bool { return c.added.find(session, name) != nil }

// Unfit implements admin.Mock.
func (c control) Unfit() []admin.Unfit {
	list := []admin.Unfit{}
	for name, one := range c.added.unfit() {
		list = append(list, admin.Unfit{Scenario: name, Text: one.unfit.Error(), File: one.file})
	}
	slices.SortFunc(list, func(a, b admin.Unfit) int { return strings.Compare(a.Scenario, b.Scenario) })
	return list
}

// AddScenario implements admin.Mock.
func (c control) AddScenario(ctx context.Context, session, name, extension string, text []byte) (*admin.Addition, error) {
	if session != "" {
		if _, err := c.store.Enter(ctx, session, "", true); err != nil {
			return nil, problemOf(err, session)
		}
	}
	done, err := c.addScenario(ctx, session, name, extension, text)
	if err != nil {
		return nil, refusalOf(err, done.Name, session)
	}
	told := &admin.Addition{Name: done.Name, Replaced: done.Replaced}
	if len(done.Warnings) > 0 {
		told.Findings = done.Warnings
	}
	return told, nil
}

// RemoveScenario implements admin.Mock.
func (c control) RemoveScenario(ctx context.Context, session, name string) error {
	return problemOf(c.removeScenario(ctx, session, name), session)
}

// Findings implements admin.Mock.
func (c control) Findings(found source.Diagnostics) any { return findings(found) }

// Journal implements admin.Mock.
func (c control) Journal() *journal.Journal { return c.journal }

// DeleteExchanges implements admin.Mock.
func (c control) DeleteExchanges(ctx context.Context, f journal.Filter) (int, error) {
	return c.DeleteRequests(ctx, f)
}

// Coverage implements admin.Mock.
func (c control) Coverage(ctx context.Context, session string) (any, error) {
	r, err := c.covered(ctx, session)
	if err != nil {
		return nil, problemOf(err, session)
	}
	return &Coverage{*r}, nil
}

// Verdict implements admin.Mock.
func (c control) Verdict(ctx context.Context, session string, opts journal.VerdictOptions) (journal.Verdict, error) {
	v, err := c.verdict(ctx, session, opts)
	if err != nil {
		return v, problemOf(err, session)
	}
	return v, nil
}

// Sessions implements admin.Mock.
func (c control) Sessions(ctx context.Context) ([]state.Session, error) { return c.store.Sessions(ctx) }

// Session implements admin.Mock.
func (c control) Session(ctx context.Context, session string) (state.Session, error) {
	s, err := c.store.Session(ctx, session)
	return s, problemOf(err, session)
}

// MakeSession implements admin.Mock.
func (c control) MakeSession(ctx context.Context, session string, start state.Start) (bool, error) {
	made, err := c.makeSession(ctx, session, start)
	return made, problemOf(err, session)
}

// DeleteSession implements admin.Mock.
func (c control) DeleteSession(ctx context.Context, session string) error {
	return problemOf((&Session{c.Mock, session}).Delete(ctx), session)
}
