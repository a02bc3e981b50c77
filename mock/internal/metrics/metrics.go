// Package metrics counts what a mock does, for Prometheus. Each mock has a registry of
// its own; there is no global state.
package metrics

import (
	"maps"
	"net/http"
	"strconv"
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

// buckets are the upper bounds of the durations, in seconds: answers take microseconds,
// delays seconds.
var buckets = []float64{0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.05, 0.25, 1, 5, 30, 300}

// Metrics counts. It is safe for concurrent use.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	reloads   *prometheus.CounterVec
	breaches  *prometheus.CounterVec

	known  atomic.Pointer[map[key]*series] // replaced, never changed
	adding sync.Mutex
	other  *series
}

// key is what requests are told apart by.
type key struct {
	operation, scenario string
	status              int
}

// series are the counts of one key.
type series struct {
	count    prometheus.Counter
	duration prometheus.Observer
}

// Gauges are read when somebody asks.
type Gauges struct {
	// Sessions counts those that exist, Scenarios those of everybody, InFlight the bytes
	// of bodies under way.
	Sessions, Scenarios, InFlight func() float64
}

// New makes metrics. version is Understudy's own.
func New(version string, gauges Gauges) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	labels := []string{"operation", "status", "scenario"}
	m.requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "understudy_requests_total", Help: "Answered requests. status is fault where the connection was broken.",
	}, labels)
	m.durations = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "understudy_request_duration_seconds", Help: "Time from the arrival of a request to the last byte of its answer, with all delays.", Buckets: buckets,
	}, labels)
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
	m.registry.MustRegister(m.requests, m.durations, m.reloads, m.breaches, info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("understudy_sessions", "Sessions that exist.", gauges.Sessions),
		gauge("understudy_scenarios", "Scenarios that there are for everybody.", gauges.Scenarios),
		gauge("understudy_bodies_in_flight_bytes", "Request bodies that are being read or answered.", gauges.InFlight))
	m.other = m.series(Other, Other, Other)
	m.known.Store(&map[key]*series{})
	return m
}

func gauge(name, help string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
}

func (m *Metrics) series(operation, status, scenario string) *series {
	return &series{m.requests.WithLabelValues(operation, status, scenario), m.durations.WithLabelValues(operation, status, scenario)}
}

// Request counts an answered request. operation and scenario are "" for none, status is
// 0 for a broken connection.
func (m *Metrics) Request(operation string, status int, scenario string, took time.Duration) {
	s := (*m.known.Load())[key{operation, scenario, status}]
	if s == nil {
		s = m.add(key{operation, scenario, status})
	}
	s.count.Inc()
	s.duration.Observe(took.Seconds())
}

// add begins to count a key by itself, if there is room.
func (m *Metrics) add(k key) *series {
	m.adding.Lock()
	defer m.adding.Unlock()
	known := *m.known.Load()
	if s := known[k]; s != nil {
		return s
	}
	if len(known) >= MaxSeries {
		return m.other
	}
	status := "fault"
	if k.status > 0 {
		status = strconv.Itoa(k.status)
	}
	s := m.series(named(k.operation), status, named(k.scenario))
	next := maps.Clone(known)
	next[k] = s
	m.known.Store(&next)
	return s
}

func named(text string) string {
	if text == "" {
		return None
	}
	return strings.ToValidUTF8(text, "\uFFFD") // labels must be, names of a description need not
}

// Breach counts an exchange that broke the contract: the request, the answer of the real
// API, or both. operation is "" for none.
func (m *Metrics) Breach(operation string, request, response bool) {
	if request {
		m.breaches.WithLabelValues(named(operation), "request").Inc()
	}
	if response {
		m.breaches.WithLabelValues(named(operation), "response").Inc()
	}
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
