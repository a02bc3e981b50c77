package mock

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
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

// Condition implements admin.Mock.
func (c control) Condition() admin.Condition {
	return admin.Condition{Since: c.made, Draining: c.draining.Load(), LastReload: c.lastReload.Load().told()}
}

// told is a reload as the control plane tells it; nil for none.
func (r *Reloaded) told() *admin.Reload {
	if r == nil {
		return nil
	}
	told := &admin.Reload{Time: r.Time, OK: r.Err == nil, Restarted: r.Restarted}
	list := r.Warnings
	if r.Err != nil {
		told.Text = r.Err.Error()
		found, _ := diagnosticsIn(r.Err)
		list = findings(found)
	}
	if len(list) > 0 {
		told.Findings = list
	}
	return told
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
	names, err := c.active(ctx, session)
	if err != nil {
		return nil, problemOf(err, session)
	}
	list := make([]admin.Activation, len(names))
	for i, name := range names {
		list[i].Scenario = name
		if act := c.activations.find(session, name); act != nil {
			list[i].By, list[i].Since = act.by, &act.since
			if !act.until.IsZero() {
				list[i].Until = &act.until
			}
		}
	}
	return list, nil
}

// Activate implements admin.Mock.
func (c control) Activate(ctx context.Context, session string, names []string, d time.Duration) error {
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

// problemOf turns an error into the problem that it is to those who use the control
// plane.
func problemOf(err error, session string) error {
	var unknown *unknownScenario
	var wrongTime *timeError
	switch {
	case errors.As(err, &unknown):
		return &exchange.Problem{Code: exchange.ProblemScenarioUnknown, Status: http.StatusNotFound, Detail: sentence(err), Known: unknown.known}
	case errors.As(err, &wrongTime):
		return &exchange.Problem{Code: exchange.ProblemControlRequest, Status: http.StatusBadRequest, Detail: sentence(err)}
	case errors.Is(err, state.ErrNoSession):
		return &exchange.Problem{Code: exchange.ProblemSessionUnknown, Status: http.StatusNotFound, Detail: fmt.Sprintf("There is no session %q. Make it with PUT /__admin/sessions/%s, or by a request that names it.", session, session)}
	}
	return err
}

// sentence writes an error as a sentence.
func sentence(err error) string {
	text := err.Error()
	text = strings.ToUpper(text[:1]) + text[1:]
	if strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
