package coverage_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
)

// FuzzRead holds that a report which was read can be written and read again, and that it
// adds up with itself.
func FuzzRead(f *testing.F) {
	if text, err := os.ReadFile("../../testdata/coverage/json.golden"); err != nil {
		f.Fatal(err)
	} else {
		f.Add(text)
	}
	f.Add([]byte(`{"understudyCoverage": 1}`))
	f.Add([]byte(`{"understudyCoverage": 1, "apis": [{"operations": [{"rows": [{"reached": 1}, {"reached": -1}]}, null]}, {}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := coverage.Read(bytes.NewReader(data))
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := coverage.Read(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		runs := r.Runs
		if err := r.Merge(again); err == nil && r.Runs != 2*runs {
			t.Errorf("%d runs, added up to %d", runs, r.Runs)
		}
	})
}
