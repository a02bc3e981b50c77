package contract

import (
	"strconv"
	"strings"
	"testing"
)

// TestRemembered holds that texts are read once as long as they are few, and that neither
// many nor long ones are kept.
func TestRemembered(t *testing.T) {
	t.Parallel()
	var r remembered[string]
	reads := 0
	read := func(text string) string {
		reads++
		return "read " + text
	}
	held := func() (n int) {
		r.texts.Range(func(any, any) bool {
			n++
			return true
		})
		return n
	}
	for range 3 {
		if got := r.of("a", read); got != "read a" || reads != 1 {
			t.Errorf("%q after %d reads", got, reads)
		}
	}
	long := strings.Repeat("a", maxRememberedText+1)
	for range 2 {
		r.of(long, read)
	}
	r.of(long[1:], read)
	if reads != 4 || held() != 2 {
		t.Errorf("%d reads, %d are kept", reads, held())
	}
	for i := range 10 * maxRemembered {
		if r.of(strconv.Itoa(i), read); held() > maxRemembered {
			t.Fatalf("%d texts are kept", held())
		}
	}
}
