package report

import (
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// HAR writes records of the journal, in the order in which they are given, in the
// format that browsers and proxies read (HTTP Archive 1.2). What the format has no
// place for stands under _understudy. version is Understudy's own, "" where it is not
// known.
func HAR(w io.Writer, records []journal.Record, version string) error {
	log := harLog{Version: "1.2", Creator: harCreator{"understudy", version}, Entries: make([]harEntry, len(records))}
	for i := range records {
		log.Entries[i] = harEntryOf(&records[i])
	}
	return JSON(w, map[string]harLog{"log": log})
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	StartedDateTime time.Time     `json:"startedDateTime"`
	Time            float64       `json:"time"`
	Request         harRequest    `json:"request"`
	Response        harResponse   `json:"response"`
	Cache           struct{}      `json:"cache"`
	Timings         harTimings    `json:"timings"`
	Understudy      harUnderstudy `json:"_understudy"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harPair    `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int          `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int64      `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harPostData is the body of a request. The format has text alone; what is none stands
// in base64, and encoding says so.
type harPostData struct {
	MimeType string    `json:"mimeType"`
	Params   []harPair `json:"params"`
	Text     string    `json:"text"`
	Encoding string    `json:"_encoding,omitempty"`
}

type harContent struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
}

// harTimings are in milliseconds.
type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// harUnderstudy is what the format has no place for.
type harUnderstudy struct {
	ID          string                   `json:"id"`
	Number      uint64                   `json:"number"`
	Session     string                   `json:"session,omitempty"`
	Operation   string                   `json:"operation,omitempty"`
	API         string                   `json:"api,omitempty"`
	Traceparent string                   `json:"traceparent,omitempty"`
	Valid       bool                     `json:"valid"`
	Violations  []journal.RecordedBreach `json:"violations,omitempty"`
	Decision    journal.RecordedDecision `json:"decision"`
	Gap         journal.Gap              `json:"gap,omitempty"`
	Outcome     journal.Outcome          `json:"outcome"`
	Fault       string                   `json:"fault,omitempty"`
	Problem     string                   `json:"problem,omitempty"`
	OffContract string                   `json:"offContract,omitempty"`
	// AnswerViolations are the breaches of the real API's answer.
	AnswerViolations []journal.RecordedBreach `json:"answerViolations,omitempty"`
	Cut              bool                     `json:"cut,omitempty"` // a body is longer than what is shown
}

func harEntryOf(r *journal.Record) harEntry {
	e := harEntry{
		StartedDateTime: r.Timing.Arrived, Time: r.Timing.End,
		Timings: harTimings{Wait: r.Timing.FirstByte, Receive: max(0, r.Timing.End-r.Timing.FirstByte)},
		Request: harRequest{
			Method: r.Request.Method, URL: r.Request.URL, HTTPVersion: r.Request.Protocol, Cookies: []harPair{},
			Headers: harHeaders(r.Request.Header), QueryString: harQuery(r.Request.URL), HeadersSize: -1,
		},
		Response: harResponse{
			Status: r.Response.Status, StatusText: http.StatusText(r.Response.Status), HTTPVersion: r.Request.Protocol, Cookies: []harPair{},
			Headers: harHeaders(r.Response.Header), RedirectURL: r.Response.Header.Get("Location"), HeadersSize: -1,
			Content: harContent{MimeType: r.Response.Header.Get("Content-Type")},
		},
		Understudy: harUnderstudy{
			ID: r.ID, Number: r.Number, Session: r.Session, Operation: r.Operation, API: r.API, Traceparent: r.Traceparent,
			Valid: r.Valid, Violations: r.Violations, Decision: r.Decision, Gap: r.Gap, Outcome: r.Response.Outcome,
			Fault: string(r.Response.Fault), Problem: string(r.Response.Problem), OffContract: r.Response.OffContract,
			AnswerViolations: r.Response.Violations,
		},
	}
	if b := r.Request.Body; b != nil {
		text, encoding := harText(b)
		e.Request.BodySize, e.Understudy.Cut = b.Size, b.Cut
		e.Request.PostData = &harPostData{MimeType: r.Request.Header.Get("Content-Type"), Params: []harPair{}, Text: text, Encoding: encoding}
	}
	if b := r.Response.Body; b != nil {
		c := &e.Response.Content
		c.Text, c.Encoding = harText(b)
		c.Size, e.Response.BodySize = b.Size, b.Size
		e.Understudy.Cut = e.Understudy.Cut || b.Cut
	}
	return e
}

func harText(b *journal.RecordedBody) (text, encoding string) {
	if b.Base64 != nil {
		return base64.StdEncoding.EncodeToString(b.Base64), "base64"
	}
	return b.Text, ""
}

func harHeaders(h http.Header) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, line := range h[name] {
			pairs = append(pairs, harPair{name, line})
		}
	}
	return pairs
}

func harQuery(address string) []harPair {
	pairs := []harPair{}
	_, query, _ := strings.Cut(address, "?")
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{harPlain(name), harPlain(value)})
	}
	return pairs
}

// harPlain takes percent-encoding off; text that is not encoded well stays.
func harPlain(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil && utf8.ValidString(plain) {
		return plain
	}
	return text
}
