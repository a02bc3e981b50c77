package coverage_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
)

// TestMergeOfLargeReports adds up reports with as many APIs, operations, rows, scenarios and
// sessions as no mock has. It takes a time that grows with their number, and not with its
// square, for which this test would be killed.
func TestMergeOfLargeReports(t *testing.T) {
	t.Parallel()
	const n = 100_000
	list := func(format string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	text := fmt.Sprintf(`{"understudyCoverage": 1, "runs": 1, "apis": [%s, {"operations": [%s, {"path": "/", "rows": [%s, {"sessions": [%s]}]}]}], "scenarios": [%s]}`,
		list(`{"name": "%d"}`), list(`{"path": "/%d"}`), list(`{"status": "%d"}`), list(`"%d"`), list(`{"name": "%d", "answered": 1}`))
	var both [2]*coverage.Report
	for i := range both {
		r, err := coverage.Read(bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		both[i] = r
	}
	if err := both[0].Merge(both[1]); err != nil {
		t.Fatal(err)
	}
	r := both[0]
	if len(r.APIs) != n+1 || len(r.Scenarios) != n || r.Scenarios[n-1].Answered != 2 || len(r.APIs[n].Operations) != n+1 || len(r.APIs[n].Operations[n].Rows) != n+1 {
		t.Errorf("%d APIs, %d scenarios", len(r.APIs), len(r.Scenarios))
	}
	if row := r.APIs[n].Operations[n].Rows[n]; len(row.Sessions) != coverage.MaxReachedBy || !row.MoreSessions {
		t.Errorf("%d sessions", len(row.Sessions))
	}
}
