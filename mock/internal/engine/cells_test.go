package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// TestLongKeys holds that a key of a state takes a bounded space, whatever a client sends.
func TestLongKeys(t *testing.T) {
	t.Parallel()
	short, long := strings.Repeat("a", maxKey), strings.Repeat("a", maxKey+1)
	if got := Cell(scenario.Cell{Key: short}).Key; got != short {
		t.Errorf("%d bytes are kept as %s", len(short), got)
	}
	sum := sha256.Sum256([]byte(long))
	if got := Cell(scenario.Cell{Key: long}).Key; got != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("%d bytes are kept as %s", len(long), got)
	}
}
