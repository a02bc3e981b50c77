// Package metrics counts what a mock does, for Prometheus. Each mock has a registry of
// its own; there is no global state.
package metrics

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// MaxSeries bounds the combinations of operation, status and scenario that are told
// apart. Further ones are counted together.
const MaxSeries = 1_000

// Other stands for what is counted together.
const Other = "other"

// None stands for a request that has no operation, or that no scenario has answered.
const None = "none"

// OfSession stands for the scenarios that sessions alone have.
const OfSession = "of a session"

// Metrics counts. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	reloads  *prometheus.CounterVec
	breaches *prometheus.CounterVec

	known  atomic.Pointer[map[key]*series] // replaced, never changed
	adding sync.Mutex
	other  *series
}

// key is what requests are told apart by, in words of labels: two series with the same
// labels are an error for Prometheus.
type key struct {
	operation, scenario string
	status              int
}

// Gauges are read when somebody asks.
type Gauges struct {
	// Sessions counts those that exist, Scenarios those of everybody, InFlight the bytes
	// of bodies and large headers under way.
	Sessions, Scenarios, InFlight func() float64
}

// New makes metrics. version is Understudy's own.
func New(version string, gauges Gauges) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), other: &series{labels: []string{Other, Other, Other}, since: time.Now()}}
	m.known.Store(&map[key]*series{})
	m.reloads = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "understudy_reloads_total", Help: "Reloads of descriptions and scenario files.",
	}, []string{"result"})
	for _, result := range []string{"ok", "failed"} {
		m.reloads.WithLabelValues(result) // so that both are told from the start
	}
	m.breaches = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "understudy_contract_breaches_total", Help: "Requests that broke the contract, and answers of the real API that did.",
	}, []string{"operation", "side"})
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "understudy_build_info", Help: "The version that is running.", ConstLabels: prometheus.Labels{"version": version},
	})
	info.Set(1)
	m.registry.MustRegister(requests{m}, m.reloads, m.breaches, info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("understudy_sessions", "Sessions that exist.", gauges.Sessions),
		gauge("understudy_scenarios", "Scenarios that there are for everybody.", gauges.Scenarios),
		gauge("understudy_bodies_in_flight_bytes", "Request bodies that are being read or answered.", gauges.InFlight))
	return m
}

func gauge(name, help string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
}

// Request counts an answered request. operation and scenario are "" for none, status is
// 0 for a broken connection. at is a place of the operation's own, where the series is
// found the next time; nil has all series found by their names.
func (m *Metrics) Request(at *Place, operation string, status int, scenario string, took time.Duration) {
	if scenario == "" {
		scenario = None
	}
	s := at.find(status, scenario)
	if s == nil {
		s = m.find(key{named(operation), named(scenario), status})
		if s.is(status, scenario) { // else it is of many keys, or its name is no text
			at.enter(s)
		}
	}
	s.add(took)
}

// find gives the series of a key, which begins where there is none and room for it.
func (m *Metrics) find(k key) *series {
	if s := (*m.known.Load())[k]; s != nil {
		return s
	}
	return m.begin(k)
}

func (m *Metrics) begin(k key) *series {
	m.adding.Lock()
	defer m.adding.Unlock()
	known := *m.known.Load()
	if s := known[k]; s != nil {
		return s
	}
	if len(known) >= MaxSeries {
		return m.other
	}
	s := begin(k)
	next := maps.Clone(known)
	next[k] = s
	m.known.Store(&next)
	return s
}

// requests gives Prometheus the series.
type requests struct{ *Metrics }

func (m requests) Describe(to chan<- *prometheus.Desc) {
	to <- requestsDesc
	to <- durationDesc
}

func (m requests) Collect(to chan<- prometheus.Metric) {
	m.other.collect(to)
	for _, s := range *m.known.Load() {
		s.collect(to)
	}
}

func named(text string) string {
	if text == "" {
		return None
	}
	return strings.ToValidUTF8(text, "\uFFFD") // labels must be, names of a description need not
}

// Breach counts an exchange that broke the contract: the request, the answer of the real
// API, or both. operation is "" for none. at is a place of the operation's own, as for
// Request; nil has the counters found by their names.
func (m *Metrics) Breach(at *Place, operation string, request, response bool) {
	if request {
		m.breachesOf(at, operation, 0).Inc()
	}
	if response {
		m.breachesOf(at, operation, 1).Inc()
	}
}

// sides are what may break the contract, in the words of the label.
var sides = [...]string{"request", "response"}

// breachesOf gives the counter of one of the sides.
func (m *Metrics) breachesOf(at *Place, operation string, side int) prometheus.Counter {
	if at != nil {
		if known := at.breaches[side].Load(); known != nil {
			return *known
		}
	}
	c := m.breaches.WithLabelValues(named(operation), sides[side])
	if at != nil {
		at.breaches[side].Store(&c)
	}
	return c
}

// Reload counts a reload.
func (m *Metrics) Reload(ok bool) {
	if ok {
		m.reloads.WithLabelValues("ok").Inc()
	} else {
		m.reloads.WithLabelValues("failed").Inc()
	}
}

// Handler serves the metrics in Prometheus's formats.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}
