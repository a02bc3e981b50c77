package metrics

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func zero() float64 { return 0 }

func wants(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	m := New("v1", Gauges{Sessions: func() float64 { return 3 }, Scenarios: zero, InFlight: zero})
	m.Request(nil, "getOrder", 200, "", time.Millisecond)
	m.Request(nil, "getOrder", 200, "", 2*time.Second)
	m.Request(nil, "", 404, "", 0)
	m.Request(nil, "getOrder", 0, "outage", 0)
	m.Breach(nil, "getOrder", true, false)
	m.Breach(nil, "getOrder", true, true)
	m.Breach(nil, "", false, true)
	m.Reload(false)
	wants(t, scrape(t, m),
		`understudy_requests_total{operation="getOrder",scenario="none",status="200"} 2`,
		`understudy_requests_total{operation="none",scenario="none",status="404"} 1`,
		`understudy_requests_total{operation="getOrder",scenario="outage",status="fault"} 1`,
		`understudy_request_duration_seconds_bucket{operation="getOrder",scenario="none",status="200",le="0.001"} 1`,
		`understudy_request_duration_seconds_sum{operation="getOrder",scenario="none",status="200"} 2.001`,
		`understudy_contract_breaches_total{operation="getOrder",side="request"} 2`,
		`understudy_contract_breaches_total{operation="getOrder",side="response"} 1`,
		`understudy_contract_breaches_total{operation="none",side="response"} 1`,
		`understudy_reloads_total{result="failed"} 1`, `understudy_reloads_total{result="ok"} 0`,
		`understudy_sessions 3`, `understudy_build_info{version="v1"} 1`)
}

// TestNamesOfLabels counts together what has the same labels, as a scenario that is called
// none and no scenario.
func TestNamesOfLabels(t *testing.T) {
	t.Parallel()
	m := New("", Gauges{zero, zero, zero})
	var a, b Place
	for range 2 {
		m.Request(&a, "getOrder", 200, "", 0)
		m.Request(&a, "getOrder", 200, "none", 0)
		m.Request(&b, "none", 200, "a\xff", 0)
		m.Request(&b, "none", 200, "a\xfe", 0)
		m.Request(nil, "", 200, "a\uFFFD", 0)
		m.Request(&b, "other", 0, "other", 0)
	}
	wants(t, scrape(t, m),
		`understudy_requests_total{operation="getOrder",scenario="none",status="200"} 4`,
		`understudy_requests_total{operation="none",scenario="a�",status="200"} 6`,
		`understudy_requests_total{operation="other",scenario="other",status="fault"} 2`)
}

// TestSeriesAreBounded counts what there is no room for together, and loses nothing.
func TestSeriesAreBounded(t *testing.T) {
	t.Parallel()
	m := New("", Gauges{zero, zero, zero})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for n := range MaxSeries + 50 {
				m.Request(nil, fmt.Sprint("op", n), 200, "", 0)
			}
		})
	}
	wait.Wait()
	text := scrape(t, m)
	if got := strings.Count(text, "\nunderstudy_requests_total{"); got != MaxSeries+1 {
		t.Errorf("%d series", got)
	}
	wants(t, text, `understudy_requests_total{operation="other",scenario="other",status="other"} 200`)
}

// TestBreaches counts the breaches of an operation together, whether they are found at its
// place, at that of an earlier version of the description, or by its name.
func TestBreaches(t *testing.T) {
	t.Parallel()
	m := New("", Gauges{zero, zero, zero})
	var before, after, other Place
	for range 3 {
		m.Breach(&before, "getOrder", true, false)
		m.Breach(&before, "getOrder", true, true)
		m.Breach(&after, "getOrder", true, false)
		m.Breach(nil, "getOrder", false, true)
		m.Breach(&other, "a\xff", true, true)
		m.Breach(&other, "a\xff", false, false)
	}
	wants(t, scrape(t, m),
		`understudy_contract_breaches_total{operation="getOrder",side="request"} 9`,
		`understudy_contract_breaches_total{operation="getOrder",side="response"} 6`,
		`understudy_contract_breaches_total{operation="a�",side="request"} 3`,
		`understudy_contract_breaches_total{operation="a�",side="response"} 3`)
}

// TestPlaces finds series at the place of an operation that it finds by their names too,
// and as many as there may be.
func TestPlaces(t *testing.T) {
	t.Parallel()
	m := New("", Gauges{zero, zero, zero})
	var before, after Place // of one operation, before and after a reload
	for range 3 {
		for n := range maxAtPlace + 5 {
			for _, at := range []*Place{&before, &after, nil} {
				m.Request(at, "getOrder", 200+n, "", time.Millisecond)
				m.Request(at, "getOrder", 200+n, "outage", time.Second)
			}
		}
	}
	if others := *before.others.Load(); len(others) != maxAtPlace {
		t.Errorf("%d series at a place", len(others))
	}
	text := scrape(t, m)
	for n := range maxAtPlace + 5 {
		for _, scenario := range []string{"none", "outage"} {
			labels := fmt.Sprintf(`{operation="getOrder",scenario=%q,status="%d"}`, scenario, 200+n)
			wants(t, text, "understudy_requests_total"+labels+" 9", "understudy_request_duration_seconds_count"+labels+" 9")
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	m := New("", Gauges{zero, zero, zero})
	var at Place
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Request(&at, "getOrder", 200, "outage", time.Millisecond)
		}
	})
}
