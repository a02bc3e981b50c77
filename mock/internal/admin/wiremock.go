package admin

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// The journal as WireMock tells it, so that its clients can ask here too. Nothing else
// of its API is imitated.

// loggedRequest is a request in WireMock's form.
type loggedRequest struct {
	URL         string            `json:"url"`
	AbsoluteURL string            `json:"absoluteUrl"`
	Method      string            `json:"method"`
	Headers     map[string]string `json:"headers"`
	Scheme      string            `json:"scheme"`
	Host        string            `json:"host"`
	Port        int               `json:"port"`
	Protocol    string            `json:"protocol"`
	// Date is in milliseconds since 1970.
	Date       int64  `json:"loggedDate"`
	DateString string `json:"loggedDateString"`
	Body       string `json:"body"`
	Base64     []byte `json:"bodyAsBase64"`
}

func loggedOf(r *journal.Record) loggedRequest {
	logged := loggedRequest{
		URL: r.Request.Path, AbsoluteURL: r.Request.URL, Method: r.Request.Method, Headers: map[string]string{}, Protocol: r.Request.Protocol,
		Date: r.Timing.Arrived.UnixMilli(), DateString: r.Timing.Arrived.UTC().Format(time.RFC3339), Base64: []byte{},
	}
	if u, err := url.Parse(r.Request.URL); err == nil {
		logged.Scheme, logged.Host = u.Scheme, u.Hostname()
		if u.RawQuery != "" {
			logged.URL += "?" + u.RawQuery
		}
		if logged.Port, err = strconv.Atoi(u.Port()); err != nil {
			logged.Port = map[string]int{"http": 80, "https": 443}[u.Scheme]
		}
	}
	for name, lines := range r.Request.Header {
		logged.Headers[name] = joinLines(lines)
	}
	logged.Body, logged.Base64 = textAndBytes(r.Request.Body)
	return logged
}

// joinLines joins the lines of a header (RFC 9110 section 5.3).
func joinLines(lines []string) string {
	text := ""
	for i, line := range lines {
		if i > 0 {
			text += ", "
		}
		text += line
	}
	return text
}

func textAndBytes(b *journal.RecordedBody) (string, []byte) {
	switch {
	case b == nil:
		return "", []byte{}
	case b.Base64 != nil:
		return string(b.Base64), b.Base64
	}
	return b.Text, []byte(b.Text)
}

// serveEvent is an exchange in WireMock's form.
type serveEvent struct {
	ID         string         `json:"id"`
	Request    loggedRequest  `json:"request"`
	Response   loggedResponse `json:"response"`
	WasMatched bool           `json:"wasMatched"`
}

type loggedResponse struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Base64  []byte            `json:"bodyAsBase64"`
}

func eventOf(r *journal.Record) serveEvent {
	e := serveEvent{ID: r.ID, Request: loggedOf(r), WasMatched: r.Gap == "" || r.Gap == journal.GapPassedOver, Response: loggedResponse{Status: r.Response.Status, Headers: map[string]string{}}}
	for name, lines := range r.Response.Header {
		e.Response.Headers[name] = joinLines(lines)
	}
	e.Response.Body, e.Response.Base64 = textAndBytes(r.Response.Body)
	return e
}

// wireMockRequests lists all exchanges, the newest first.
func (h *Handler) wireMockRequests(c *call) (any, error) {
	since, err := c.moment("since")
	if err != nil {
		return nil, err
	}
	limit, err := c.number("limit")
	if err != nil {
		return nil, err
	}
	list := struct {
		Requests []serveEvent `json:"requests"`
		Meta     struct {
			Total int `json:"total"`
		} `json:"meta"`
		Disabled bool `json:"requestJournalDisabled"`
	}{Requests: []serveEvent{}, Disabled: !h.mock.Journal().Kept()}
	if list.Disabled {
		return list, nil
	}
	records, err := h.mock.Journal().All(c.Context(), journal.Filter{Since: since})
	if err != nil {
		return nil, journalProblem(err)
	}
	records = slices.DeleteFunc(records, isRefused)
	list.Meta.Total = len(records)
	for _, r := range slices.Backward(records) {
		if _, given := c.query["limit"]; given && uint64(len(list.Requests)) >= limit {
			break
		}
		list.Requests = append(list.Requests, eventOf(&r))
	}
	return list, nil
}

// isRefused tells the requests that never reached the API.
func isRefused(r journal.Record) bool { return r.Gap == journal.GapRefused }

// wireMockDelete empties the journal.
func (h *Handler) wireMockDelete(c *call) (any, error) {
	if !h.mock.Journal().Kept() {
		return struct{}{}, nil
	}
	_, err := h.mock.DeleteExchanges(c.Context(), journal.Filter{})
	return struct{}{}, journalProblem(err)
}

// foundRequests is what WireMock answers with requests alone.
type foundRequests struct {
	Requests []loggedRequest `json:"requests"`
	Disabled bool            `json:"requestJournalDisabled"`
}

// foundOf tells all of them, in the order in which they arrived: WireMock has no limit
// here, and clients count what they are given.
func (h *Handler) foundOf(records []journal.Record) foundRequests {
	found := foundRequests{Requests: make([]loggedRequest, len(records)), Disabled: !h.mock.Journal().Kept()}
	for i := range records {
		found.Requests[i] = loggedOf(&records[i])
	}
	return found
}

// wireMockUnmatched lists the requests that were not answered as they were meant.
func (h *Handler) wireMockUnmatched(c *call) (any, error) {
	if !h.mock.Journal().Kept() {
		return h.foundOf(nil), nil
	}
	no := false
	records, err := h.mock.Journal().All(c.Context(), journal.Filter{Matched: &no})
	return h.foundOf(slices.DeleteFunc(records, func(r journal.Record) bool { return isRefused(r) || r.Gap == journal.GapPassedOver })), journalProblem(err)
}

// wireMockCount counts the requests of a pattern.
func (h *Handler) wireMockCount(c *call) (any, error) {
	found, err := h.wireMockMatching(c, 0)
	return struct {
		Count    int  `json:"count"`
		Disabled bool `json:"requestJournalDisabled"`
	}{found.Count, !h.mock.Journal().Kept()}, err
}

// wireMockFind lists the requests of a pattern.
func (h *Handler) wireMockFind(c *call) (any, error) {
	found, err := h.wireMockMatching(c, math.MaxInt)
	slices.Reverse(found.Requests)
	return h.foundOf(found.Requests), err
}

func (h *Handler) wireMockMatching(c *call, limit int) (found journal.Found, err error) {
	text, err := c.readBody(maxBody)
	if err != nil {
		return found, err
	}
	pattern, err := journal.ReadRequestPattern(text)
	if err != nil {
		return found, &exchange.Problem{Code: exchange.ProblemPattern, Status: http.StatusUnprocessableEntity, Detail: "The pattern cannot be used: " + err.Error() + "."}
	}
	if !h.mock.Journal().Kept() {
		return found, nil
	}
	found, err = h.mock.Journal().Find(c.Context(), pattern, journal.Scope{}, limit)
	if err == nil && found.Incomplete != "" { // WireMock's answers have no place for it
		err = &journal.IncompleteError{Why: found.Incomplete}
	}
	return found, journalProblem(err)
}
