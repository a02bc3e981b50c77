// Package mock is Understudy as a library: a mock server that stands in for an
// HTTP API and never departs from its OpenAPI description.
//
// A Mock is an http.Handler, so a test needs nothing but
//
//	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "openapi.yaml"}}})
//	server := httptest.NewServer(m)
//
// Start serves it on a socket of its own instead.
package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/callback"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/metrics"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
	"github.com/understudy-mock/understudy/mock/internal/upstream/proxy"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// Mock answers requests by contracts and scenarios. It is safe for concurrent use.
type Mock struct {
	settings *settings
	engine   *engine.Engine
	store    state.Store
	shared   *shared.Store // the store where it is shared, else nil
	journal  *journal.Journal
	coverage *coverage.Recorder
	left     atomic.Pointer[coverage.Report] // of all replicas, when this one left them
	ids      *requestIDs
	sender   atomic.Pointer[callback.Sender]
	proxies  map[string]*proxy.Proxy // by the name of the API; empty for none

	control     *admin.Handler
	events      *admin.Events
	metrics     *metrics.Metrics
	places      atomic.Pointer[contract.ByOperation[metrics.Place]] // of what is served
	flight      flight
	spools      spools
	changes     changes
	activations activations
	made        time.Time
	draining    atomic.Bool
	hurry       hurry
	lastReload  atomic.Pointer[Reloaded] // nil before the first

	inspection inspection

	added  additions
	reload sync.Mutex    // one change of what is served at a time; guards seen, files and failure
	seen   *watch.Seen   // how the files looked before they were read
	files  *scenario.Set // the scenarios that come from files
	// failure is what the last reload failed with, "" when it did not.
	failure string

	mu     sync.Mutex // guards the fields below
	silent bool       // the sender was stopped
	// dataLock is held while the folder of Options.Data is used; nil for none.
	dataLock *os.File
	main     *endpoint
	aside    *endpoint     // the control plane where it listens by itself, else nil
	secure   *tls.Config   // nil for plain HTTP
	watched  chan struct{} // closed when nothing is watched any more
	unwatch  context.CancelFunc
}

var _ http.Handler = (*Mock)(nil)

// New loads the descriptions and scenarios and proves the scenarios against the
// descriptions. The error lists every mistake that was found, each with its place;
// FindingsOf gives them one by one. ctx bounds the loading alone.
func New(ctx context.Context, opts Options) (*Mock, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	return newMock(ctx, s)
}

// newMock does what New does, with options that are settled.
func newMock(ctx context.Context, s *settings) (_ *Mock, failed error) {
	loaded, err := load(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &Mock{settings: s, ids: newRequestIDs(), made: time.Now()}
	m.openStore()
	defer func() {
		if failed != nil && m.shared != nil {
			_ = m.shared.Close(ctx) // the error that matters is there
		}
	}()
	m.events = &admin.Events{}
	m.shareCounts()
	m.openJournal()
	if m.proxies, err = s.proxies(loaded.snapshot.APIs, m.ids.prefix); err != nil {
		return nil, err
	}
	m.hideKeys(loaded.snapshot.APIs)
	m.coverage = coverage.New(s.validation == engine.Off)
	m.sender.Store(callback.New(s.hosts, s.Logger))
	m.flight.limit, m.flight.storedLimit = max(MaxInFlight, s.MaxBody), max(MaxStored, s.MaxUpload)
	m.metrics = metrics.New(Version(), m.gauges())
	s.admin.Events = m.events
	m.control = admin.New(control{m}, s.admin)
	m.engine = engine.New(m.store, engine.Options{Validation: s.validation, Seed: s.Seed, Dynamic: s.Dynamic, Delay: s.Delay, Upstream: m.upstreamOf(), Enter: m.enterAgain, Room: m.flight.room})
	m.swap(loaded.snapshot)
	m.seen, m.files = loaded.seen, loaded.snapshot.Scenarios
	defer func() {
		if failed != nil {
			m.unlockData()
		}
	}()
	if err := m.lockData(); err != nil {
		return nil, err
	}
	if err := m.readKept(); err != nil {
		return nil, err
	}
	for _, name := range s.Active {
		if err := m.known("", name); err != nil {
			return nil, err
		}
	}
	if err := m.begin(ctx); err != nil {
		m.activations.end()
		return nil, err
	}
	m.journal.Share()
	return m, nil
}

// Activate puts scenarios on top of those that are active for everybody, the last on top,
// and restarts them. For a name that there is not the error is an ErrNoScenario, and nothing
// is changed.
func (m *Mock) Activate(ctx context.Context, names ...string) error {
	return m.ActivateFor(ctx, 0, names...)
}

// ActivateFor is Activate for a time, at most MaxActiveFor, after which the scenarios are
// deactivated. Activating one again ends its time; 0 is none. Stop ends all such times.
func (m *Mock) ActivateFor(ctx context.Context, d time.Duration, names ...string) error {
	return m.activate(ctx, "", names, d)
}

// Deactivate takes scenarios back for everybody and forgets their states.
func (m *Mock) Deactivate(ctx context.Context, names ...string) error {
	return m.deactivate(ctx, "", names)
}

// known gives an error for a name that no scenario has, as a session sees it.
func (m *Mock) known(session, name string) error {
	snap := m.engine.Snapshot()
	if snap.Find(session, name) != nil {
		return nil
	}
	if one := m.added.find("", name); one != nil && one.unfit != nil {
		return &unfitScenario{name, one.unfit}
	}
	last := m.lastReload.Load()
	return &unknownScenario{name, snap.Names(session), last != nil && last.Err != nil}
}

// ErrNoScenario is what errors about a name are that no scenario has, or one alone that was
// added and does not fit what is served any more. Their texts say what there is.
var ErrNoScenario = errors.New("there is no such scenario")

// unfitScenario refuses a name of an added scenario that does not fit what is served.
type unfitScenario struct {
	name string
	why  error
}

func (e *unfitScenario) Error() string {
	return fmt.Sprintf("the scenario %q was added and does not fit what is served; add it anew, or remove it:\n%v", e.name, e.why)
}

// Is tells that it is an ErrNoScenario.
func (e *unfitScenario) Is(target error) bool { return target == ErrNoScenario }

// unknownScenario refuses a name that no scenario has.
type unknownScenario struct {
	name  string
	known []string
	stale bool // the last reload failed, so that the name may be of a file that was saved since
}

func (e *unknownScenario) Error() string {
	if e.stale {
		return e.text() + "; the last reload failed, so what was saved since is not loaded"
	}
	return e.text()
}

// Is tells that it is an ErrNoScenario.
func (e *unknownScenario) Is(target error) bool { return target == ErrNoScenario }

func (e *unknownScenario) text() string {
	if best := source.Closest(e.name, e.known); best != "" {
		return fmt.Sprintf("there is no scenario %q: did you mean %q?", e.name, best)
	}
	if len(e.known) == 0 {
		return fmt.Sprintf("there is no scenario %q: no scenario files are loaded; understudy init writes first ones", e.name)
	}
	return fmt.Sprintf("there is no scenario %q; there are %s", e.name, strings.Join(e.known, ", "))
}
