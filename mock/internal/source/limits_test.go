package source_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestMostValues holds that a text may have as many values as its reader says, and not one
// more; what stands behind an alias counts where it is named.
func TestMostValues(t *testing.T) {
	t.Parallel()
	for text, fits := range map[string]bool{
		"[" + strings.Repeat("1,", 98) + "1]":                       true, // with the list 100
		"[" + strings.Repeat("1,", 99) + "1]":                       false,
		"a: &a [1, 2, 3]\nb: [*a, *a]\n":                            true,
		"a: &a [" + strings.Repeat("1, ", 40) + "1]\nb: [*a, *a]\n": false,
	} {
		n, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte(text)}, source.Options{MaxNodes: 100})
		if (n != nil) != fits || !fits && (len(found) == 0 || found[0].Code != source.CodeTooLarge) {
			t.Errorf("%.40s: %v", text, found)
		}
	}
}
