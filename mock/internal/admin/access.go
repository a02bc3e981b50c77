package admin

import (
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// access says who may call a route.
type access uint8

const (
	// holders of a token, where there is any; over the loopback interface, everybody
	// where there is none.
	holders access = iota
	// members are all who pass the guard: who knows a session's id may do with it what he
	// likes. A wrong token is refused all the same, for who sends one means to be known.
	members
	// anyone is as members, and tokens are not looked at.
	anyone
)

// effect says what a route does.
type effect uint8

const (
	// reads changes nothing, whatever the method is.
	reads effect = iota
	// writes needs more than a token that is read-only.
	writes
)

// admit finds out who calls and whether he may.
func (h *Handler) admit(c *call, r *route) *exchange.Problem {
	var wrong *exchange.Problem
	c.token, wrong = h.identify(c.Request)
	switch {
	case r.access == anyone:
		return nil
	case wrong != nil:
		return wrong
	case r.access == members:
		return nil
	case c.token == nil:
		return h.admitUnknown(c.Request)
	case c.token.ReadOnly && r.effect == writes:
		return &exchange.Problem{Code: exchange.ProblemReadOnly, Status: http.StatusForbidden, Detail: "The token " + c.token.Name + " may read, and this would change something."}
	}
	return nil
}

// identify finds the token that a call shows, by header or by cookie; nil without an
// error for a call that shows none. Where there are no tokens nothing is looked at.
func (h *Handler) identify(r *http.Request) (*Token, *exchange.Problem) {
	if len(h.opts.Tokens) == 0 {
		return nil, nil
	}
	if text, ok := bearer(r); ok {
		if t := find(h.opts.Tokens, text); t != nil {
			return t, nil
		}
		return nil, &exchange.Problem{Code: exchange.ProblemToken, Status: http.StatusUnauthorized, Detail: "The token in the Authorization header is none of this mock."}
	}
	return h.logins.find(r), nil
}

// bearer gives the token of an Authorization header (RFC 6750 section 2.1).
func bearer(r *http.Request) (string, bool) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(text), strings.EqualFold(scheme, "Bearer")
}

func (h *Handler) admitUnknown(r *http.Request) *exchange.Problem {
	if len(h.opts.Tokens) > 0 {
		return &exchange.Problem{Code: exchange.ProblemToken, Status: http.StatusUnauthorized, Detail: "The control plane of this mock needs a token: send it as Authorization: Bearer TOKEN."}
	}
	if addr := localAddr(r); addr.IsValid() && !addr.IsLoopback() {
		return &exchange.Problem{Code: exchange.ProblemToken, Status: http.StatusUnauthorized, Detail: "The control plane has no token and is reached over the loopback interface only."}
	}
	return nil
}

// known tells whether the caller may see what only holders of tokens do.
func (h *Handler) known(c *call) bool {
	return c.token != nil || h.admitUnknown(c.Request) == nil
}
