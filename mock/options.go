package mock

import (
	"log/slog"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// Defaults of Options.
const (
	DefaultSpec      = "openapi.yaml"
	DefaultScenarios = "scenarios"
	DefaultListen    = "127.0.0.1:4010"
	// DefaultMaxBody is the limit on request bodies in bytes, DefaultMaxUpload that on
	// multipart bodies and files.
	DefaultMaxBody   = 10 << 20
	DefaultMaxUpload = 100 << 20
	// DefaultJournalEntries and DefaultJournalBytes bound the journal.
	DefaultJournalEntries = journal.DefaultEntries
	DefaultJournalBytes   = journal.DefaultBytes
	// MaxJournalEntries bounds Options.JournalEntries.
	MaxJournalEntries = 1_000_000
	// MaxDelay bounds Options.Delay.
	MaxDelay = exchange.MaxWait
	// DefaultUpstreamTimeout is that of Options.UpstreamTimeout, which MaxUpstreamTimeout
	// bounds.
	DefaultUpstreamTimeout = upstream.DefaultTimeout
	MaxUpstreamTimeout     = upstream.MaxTimeout
)

// Options says what a Mock serves and how. The zero value serves openapi.yaml
// with the scenarios of the folder scenarios, on the loopback interface.
type Options struct {
	// Specs are the API descriptions; none means DefaultSpec.
	Specs []Spec
	// Scenarios are the folders with scenario files. nil means DefaultScenarios where
	// that folder exists, also when it has come by the time of a reload, else no
	// scenarios; an empty list means none.
	Scenarios []string
	// Active are the scenarios that are active for everybody from the start; the
	// last is the newest.
	Active []string
	// Validate says what a request that breaks the contract leads to: "strict" (the
	// default, also for "") answers the contract's error, "warn" tells it in headers
	// and answers as for a valid request, "off" does not tell it.
	Validate string
	// Seed varies generated bodies: the same seed gives the same bytes for a request.
	Seed uint64
	// Dynamic generates a body for every request instead of sending the contract's
	// examples.
	Dynamic bool
	// Delay is the wait before every answer in the API's name that neither a stub nor
	// Prefer: delay gives one of its own; at most MaxDelay.
	Delay time.Duration
	// StrictQuery makes undeclared query parameters violations.
	StrictQuery bool
	// NoSecurity leaves the contract's security requirements unchecked.
	NoSecurity bool
	// AllowRemoteRefs lets descriptions refer to http and https URLs.
	AllowRemoteRefs bool
	// RefRoot is the folder outside of which no reference is followed; "" means the
	// git root around the description, else its folder.
	RefRoot string
	// MaxBody is the limit on request bodies in bytes, and on what is held in memory of
	// larger uploads; 0 means DefaultMaxBody.
	MaxBody int64
	// MaxUpload is the limit on bodies that are multipart or bytes of no syntax, such as
	// files, in bytes: from 1 MiB on they are stored in temporary files, in the folder that
	// the environment variable TMPDIR names. 0 means DefaultMaxUpload; less than MaxBody
	// means that.
	MaxUpload int64
	// CallbackHosts are the hosts to which callbacks and webhooks may go: a name or an
	// address, with or without a port, or a network. None means that none is sent.
	CallbackHosts []string
	// JournalEntries bounds the requests that the journal keeps: the newest. 0 means
	// DefaultJournalEntries, less than 0 keeps none; sessions are counted all the same.
	JournalEntries int
	// JournalBytes bounds the memory that they take: 0 means DefaultJournalBytes, less
	// than 0 keeps none.
	JournalBytes int64
	// Redact are names of headers, path and query parameters, cookies and properties of
	// JSON bodies, in any case, whose values the journal and the log never show. Those of
	// Authorization, Proxy-Authorization, Cookie and Set-Cookie and of the contract's
	// API keys never are.
	Redact []string
	// Upstream are the URLs of real APIs that answer what no stub answers: URL, or API=URL
	// where several are described, by the names of which API is one. A request goes to the
	// URL's path followed by its own below the base path. None means none.
	Upstream []string
	// UpstreamCA is a PEM file with certificates that are trusted beside those of the
	// machine when real APIs are asked; UpstreamInsecure trusts any.
	UpstreamCA       string
	UpstreamInsecure bool
	// UpstreamTimeout is how long a real API may take until its answer begins, and as long
	// again until it is over, unless it is a stream; 0 means DefaultUpstreamTimeout.
	UpstreamTimeout time.Duration
	// Fallback gives the contract's own answer where a real API gives none.
	Fallback bool
	// NoCORS turns the answers to browsers of other origins off.
	NoCORS bool
	// CORSOrigins narrows the origins that browsers may call from; none means any, and with
	// a real API those of the loopback interface.
	CORSOrigins []string
	// RequireSession refuses requests that name no session, preflights excepted.
	RequireSession bool
	// Listen is the address for Start, host:port; "" means DefaultListen, port 0
	// picks a free one.
	Listen string
	// AdminListen is an address of its own for the control plane, host:port. Options.Listen
	// and ServeHTTP then do not serve it; "" means that they do.
	AdminListen string
	// AdminHosts are names, beside those of the loopback interface and the listen
	// addresses, by which the control plane may be called, without port.
	AdminHosts []string
	// AdminTokens admit to the control plane, AdminReadTokens to what changes nothing
	// there; each is TOKEN or NAME=TOKEN. With neither, the control plane is open to
	// those who reach it over the loopback interface; a mock that listens elsewhere makes
	// a token, see AdminToken.
	AdminTokens, AdminReadTokens []string
	// TLSCert and TLSKey are the PEM files with which Start serves HTTPS; "" for plain
	// HTTP.
	TLSCert, TLSKey string
	// TLSSelfSigned serves HTTPS with a certificate made at start, see Certificate.
	TLSSelfSigned bool
	// HTTP2 offers HTTP/2 beside HTTP/1.1, without TLS to clients that know it before.
	// Faults then break streams.
	HTTP2 bool
	// Watch says how a started mock notices that files change, to reload them: "events"
	// asks the operating system, "poll" looks every second, "off", also for "", does
	// not. Descriptions that come from URLs are not watched.
	Watch string
	// Data is a folder in which scenarios that are added for everybody are kept for the
	// next start, and which of them are active; "" keeps none. It is made where there is
	// none, and a mock is not made where nothing can be written into it.
	Data string
	// State says where sessions, activations, sequences and states are kept: "memory",
	// also for "", or the URL of a Redis or Valkey server, in which several mocks share
	// them: redis://user:password@host:6379/0?prefix=NAME, rediss:// for TLS. A mock with
	// such a server holds connections until Stop.
	State string
	// StateFailure says what becomes of requests that need shared state while it cannot
	// be reached: "refuse", also for "", answers with a problem, "degrade" goes on with
	// the state of this mock alone and marks the answers.
	StateFailure string
	// OnReload is called after each reload, one at a time, except for one that fails
	// as the one before did, and must not call Reload; nil is not called.
	OnReload func(Reloaded)
	// Logger takes what happens; nil discards it.
	Logger *slog.Logger
}
