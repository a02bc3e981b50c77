package exchange

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The carriers of a session's id.
const (
	// SessionPath is the base path under which a session's API is found:
	// /__session/ID/pets.
	SessionPath = "/__session/"
	// SessionHeader is the header, in its canonical form.
	SessionHeader = "Understudy-Session"
	// SessionQuery is the query parameter.
	SessionQuery = "__session"
	// SessionCookie is the cookie.
	SessionCookie = "understudy_session"
)

// MaxSessionID bounds the length of a session's id, in bytes.
const MaxSessionID = 128

// CheckSessionID gives an error for a text that is no session's id: 1 to
// MaxSessionID letters, digits and . _ ~ - (the unreserved characters of RFC 3986
// section 2.3).
func CheckSessionID(id string) error {
	if id == "" || len(id) > MaxSessionID {
		return fmt.Errorf("a session's id has 1 to %d characters, not %d", MaxSessionID, len(id))
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._~-", rune(c)) {
			return fmt.Errorf("a session's id has letters, digits and . _ ~ - only, not %q", id[i:i+1])
		}
	}
	if id == "." || id == ".." {
		return fmt.Errorf("%q is no session's id: clients take it out of a path", id)
	}
	return nil
}

// ReadSession finds the session that the request names, in the base path, the
// header, the query or a cookie, and takes the carriers off the request. The
// problem is set where two of them, of one kind or of several, contradict each other,
// and where one names no session's id: an empty one is a mistake, not nothing. Prefer
// must have been read before.
func (e *Exchange) ReadSession() *Problem {
	r := &e.Request
	var found []carried
	if rest, ok := strings.CutPrefix(r.Path, SessionPath); ok {
		id, below, _ := strings.Cut(rest, "/")
		found = append(found, carried{"the path", id})
		r.Prefix, r.Path = SessionPath+id, "/"+below
	}
	lines := r.Header[SessionHeader]
	for _, line := range lines {
		found = append(found, carried{"the header " + SessionHeader, strings.TrimSpace(line)})
	}
	for _, id := range e.Prefer.Sessions {
		found = append(found, carried{"the query " + SessionQuery, id})
	}
	explicit := len(found)
	ids, otherCookies := cookieLines(r.Header["Cookie"])
	for _, id := range ids {
		found = append(found, carried{"the cookie " + SessionCookie, id})
	}
	if len(found) == 0 {
		return nil
	}
	if len(lines) > 0 || len(ids) > 0 {
		r.Header = maps.Clone(r.Header)
		delete(r.Header, SessionHeader)
		if len(ids) > 0 {
			if delete(r.Header, "Cookie"); len(otherCookies) > 0 {
				r.Header["Cookie"] = otherCookies
			}
		}
	}
	for _, c := range found {
		if err := CheckSessionID(c.id); err != nil {
			return &Problem{Code: ProblemSession, Status: http.StatusBadRequest, Detail: fmt.Sprintf("The session in %s cannot be used: %v.", c.by, err)}
		}
		if c.id != found[0].id {
			return &Problem{Code: ProblemSession, Status: http.StatusBadRequest, Detail: fmt.Sprintf("The request names two sessions: %q in %s and %q in %s. Name one.", found[0].id, found[0].by, c.id, c.by)}
		}
	}
	// Sessions outlive their requests: an id that is still a part of the request's line
	// would keep all of the line.
	e.Session, e.SessionByCookie = strings.Clone(found[0].id), explicit == 0
	return nil
}

// carried is a session's id with the carrier that brought it.
type carried struct{ by, id string }

// cookieLines takes the session's cookies out of the lines of Cookie headers. A browser
// sends several of a name where they were set for several paths (RFC 6265 section 5.4).
func cookieLines(lines []string) (ids, rest []string) {
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, SessionCookie) }) {
		return nil, nil
	}
	for _, line := range lines {
		var kept []string
		for part := range strings.SplitSeq(line, ";") {
			part = strings.TrimSpace(part)
			if name, value, _ := strings.Cut(part, "="); name == SessionCookie {
				ids = append(ids, value)
			} else {
				kept = append(kept, part)
			}
		}
		if len(kept) > 0 {
			rest = append(rest, strings.Join(kept, "; "))
		}
	}
	return ids, rest
}

// KeepInSession adds the session's base path to a Location that stays on this host, so
// that a client which was given the session by its base URL does not leave it, and neither
// does who is told of it by a callback. Doing it again changes nothing.
func (e *Exchange) KeepInSession() {
	r := &e.Request
	lines := e.Answer.Header["Location"]
	if r.Prefix == "" || len(lines) != 1 {
		return
	}
	target, err := url.Parse(lines[0])
	if err != nil || target.Host != "" && target.Host != r.Host || target.Opaque != "" {
		return
	}
	if !strings.HasPrefix(target.Path, "/") || strings.HasPrefix(target.Path, r.Prefix+"/") {
		return // relative to the request, or within the session already
	}
	if target.RawPath != "" {
		target.RawPath = r.Prefix + target.RawPath
	}
	target.Path = r.Prefix + target.Path
	e.Answer.Header["Location"] = []string{target.String()}
}
