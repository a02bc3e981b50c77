package source_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1 stub": source.Count(1, "stub"), "2 stubs": source.Count(2, "stub"), "0 stubs": source.Count(0, "stub"),
		"1 property": source.Count(1, "property"), "12 properties": source.Count(uint64(12), "property"), "0 new errors": source.Count(int64(0), "new error"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
