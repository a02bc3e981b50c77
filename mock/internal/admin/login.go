package admin

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// loginCookie carries a login of the console. It is no token: it ends with the
// process, with logout and by itself.
const loginCookie = "understudy_admin"

// Limits on logins.
const (
	maxLogins     = 1000
	loginLifetime = 12 * time.Hour
)

// logins are the cookies that have been given out. The zero value is ready to use.
type logins struct {
	mu   sync.Mutex // guards list
	list []login    // oldest first
}

type login struct {
	sum   [sha256.Size]byte // of the cookie's value
	token *Token
	until time.Time
}

func (l *logins) add(t *Token) string {
	text := rand.Text()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removeLocked(func(old *login) bool { return time.Now().After(old.until) })
	if len(l.list) >= maxLogins {
		l.list = l.list[1:]
	}
	l.list = append(l.list, login{sha256.Sum256([]byte(text)), t, time.Now().Add(loginLifetime)})
	return text
}

// find gives the token that the request's cookie was given for, nil for none.
func (l *logins) find(r *http.Request) *Token {
	cookie, err := r.Cookie(loginCookie)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256([]byte(cookie.Value))
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.list {
		if l.list[i].sum == sum && time.Now().Before(l.list[i].until) {
			return l.list[i].token
		}
	}
	return nil
}

func (l *logins) end(text string) {
	sum := sha256.Sum256([]byte(text))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removeLocked(func(known *login) bool { return known.sum == sum })
}

func (l *logins) removeLocked(ended func(*login) bool) {
	kept := l.list[:0]
	for i := range l.list {
		if !ended(&l.list[i]) {
			kept = append(kept, l.list[i])
		}
	}
	clear(l.list[len(kept):])
	l.list = kept
}

// login swaps a token for a cookie, so that a page need not keep the token.
func (h *Handler) login(c *call) (any, error) {
	text, ok := bearer(c.Request)
	token := find(h.opts.Tokens, text)
	if !ok || token == nil {
		return nil, &exchange.Problem{Code: exchange.ProblemToken, Status: http.StatusUnauthorized, Detail: "Log in with a token of this mock, sent as Authorization: Bearer TOKEN."}
	}
	cookie := h.cookie(c.Request, h.logins.add(token))
	cookie.MaxAge = int(loginLifetime / time.Second)
	return &reply{
		status: http.StatusOK, header: http.Header{"Set-Cookie": {cookie.String()}},
		value: struct {
			Name     string `json:"name"`
			ReadOnly bool   `json:"readOnly"`
		}{token.Name, token.ReadOnly},
	}, nil
}

// logout ends the login of the cookie; without one it does nothing.
func (h *Handler) logout(c *call) (any, error) {
	if cookie, err := c.Cookie(loginCookie); err == nil {
		h.logins.end(cookie.Value)
	}
	cookie := h.cookie(c.Request, "")
	cookie.MaxAge = -1
	return &reply{status: http.StatusNoContent, header: http.Header{"Set-Cookie": {cookie.String()}}}, nil
}

func (h *Handler) cookie(r *http.Request, value string) *http.Cookie {
	return &http.Cookie{
		Name: loginCookie, Value: value, Path: Prefix + "/",
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
}
