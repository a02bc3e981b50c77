package metrics

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// series are the counts of the requests of one operation with one status and scenario. What
// a request looks at lies together, in one line of the processor's cache where it is
// answered at once. What Prometheus is told is made of it when it asks.
type series struct {
	status   int
	scenario string
	// nanoseconds is the sum of the durations, took are the requests by the bucket that
	// theirs falls in, the last those beyond all bounds.
	nanoseconds atomic.Int64
	took        [len(buckets) + 1]atomic.Uint64

	labels []string // in the order of seriesLabels
	since  time.Time
}

// buckets are the upper bounds of the durations: answers take microseconds, delays
// seconds.
var buckets = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 10 * time.Millisecond,
	50 * time.Millisecond, 250 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second, 300 * time.Second,
}

func (s *series) add(took time.Duration) {
	i := 0
	for i < len(buckets) && took > buckets[i] {
		i++
	}
	s.took[i].Add(1)
	s.nanoseconds.Add(int64(took))
}

var (
	seriesLabels = []string{"operation", "status", "scenario"}

	requestsDesc = prometheus.NewDesc("understudy_requests_total", "Answered requests. status is fault where the connection was broken.", seriesLabels, nil)
	durationDesc = prometheus.NewDesc("understudy_request_duration_seconds", "Time from the arrival of a request to the last byte of its answer, with all delays.", seriesLabels, nil)
)

// begin makes the series of a key.
func begin(k key) *series {
	status := "fault"
	if k.status > 0 {
		status = strconv.Itoa(k.status)
	}
	return &series{status: k.status, scenario: k.scenario, labels: []string{k.operation, status, k.scenario}, since: time.Now()}
}

// Place is where the series of one operation are found again, without a look at its name.
// The zero value is empty, and safe for concurrent use.
type Place struct {
	// first is the one that was asked for first, others are those behind it.
	first  atomic.Pointer[series]
	others atomic.Pointer[[]*series] // replaced, never changed
	// breaches are the counters of the sides, nil before the first breach.
	breaches [len(sides)]atomic.Pointer[prometheus.Counter]
}

// maxAtPlace bounds what others has. Further series are found by their names.
const maxAtPlace = 16

// find gives a series that was entered, nil for others. p may be nil.
func (p *Place) find(status int, scenario string) *series {
	if p == nil {
		return nil
	}
	s := p.first.Load()
	if s == nil || s.is(status, scenario) {
		return s
	}
	if others := p.others.Load(); others != nil {
		for _, s := range *others {
			if s.is(status, scenario) {
				return s
			}
		}
	}
	return nil
}

// enter notes a series that was not found. Of two that are entered at the same time one may
// be missed, and is entered the next time.
func (p *Place) enter(s *series) {
	if p == nil || p.first.CompareAndSwap(nil, s) {
		return
	}
	var others []*series
	before := p.others.Load()
	if before != nil {
		others = *before
	}
	if len(others) < maxAtPlace {
		others = append(others[:len(others):len(others)], s)
		p.others.CompareAndSwap(before, &others)
	}
}

func (s *series) is(status int, scenario string) bool {
	return s.status == status && s.scenario == scenario
}

// collect tells Prometheus the counts. What is counted meanwhile may be in the number of
// requests and not yet in the sum of the durations.
func (s *series) collect(to chan<- prometheus.Metric) {
	sum := time.Duration(s.nanoseconds.Load()).Seconds()
	within := make(map[float64]uint64, len(buckets))
	count := uint64(0)
	for i, bound := range buckets {
		count += s.took[i].Load()
		within[bound.Seconds()] = count
	}
	count += s.took[len(buckets)].Load()
	to <- prometheus.MustNewConstMetricWithCreatedTimestamp(requestsDesc, prometheus.CounterValue, float64(count), s.since, s.labels...)
	to <- prometheus.MustNewConstHistogramWithCreatedTimestamp(durationDesc, count, sum, within, s.since, s.labels...)
}
