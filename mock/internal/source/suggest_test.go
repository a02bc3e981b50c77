package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestClosest(t *testing.T) {
	t.Parallel()
	known := []string{"status", "headers", "body", "probability", "x"}
	for word, want := range map[string]string{
		"staus": "status", "sttaus": "status", "Status": "status", "header": "headers", "bdoy": "body",
		"propability": "probability", "probablity": "probability", "prob": "probability", "completely": "", "": "", "y": "", "X": "x", "xy": "x", "wy": "",
	} {
		if got := source.Closest(word, known); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
	}
	if diff := cmp.Diff("expected one of a, b", source.DidYouMean("zzzz", []string{"b", "a"})); diff != "" {
		t.Error(diff)
	}
}
