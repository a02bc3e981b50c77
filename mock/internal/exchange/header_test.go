package exchange_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestHeaderList holds that a list in a header has whole entries up to 4 KiB, and tells how
// many it has not.
func TestHeaderList(t *testing.T) {
	t.Parallel()
	entry := func(i int) string { return fmt.Sprintf("entry %d %s", i, strings.Repeat("x", 80)) }
	for _, n := range []int{0, 1, 30, 1_000} {
		got := exchange.HeaderList(n, entry)
		list, more := strings.Split(got, "; "), 0
		if n == 0 {
			list = nil
		}
		if len(list) > 0 {
			if _, err := fmt.Sscanf(list[len(list)-1], "and %d more", &more); err == nil {
				list = list[:len(list)-1]
			}
		}
		if len(list)+more != n || len(got) > 4096+100 || n <= 30 && more > 0 || n == 1_000 && len(list) < 30 {
			t.Errorf("%d entries: %d are listed, %d are counted, %d bytes", n, len(list), more, len(got))
		}
		for i, text := range list {
			if text != entry(i) {
				t.Errorf("%d: %q", i, text)
			}
		}
	}
}

// TestShorten cuts every text of a violation between two characters.
func TestShorten(t *testing.T) {
	t.Parallel()
	fits, long := strings.Repeat("a", exchange.MaxText), strings.Repeat("é", exchange.MaxText)
	list := []exchange.Violation{{Name: fits, Pointer: long, Expected: long, Got: "a" + long, Fix: long}}
	exchange.Shorten(list)
	v := list[0]
	if v.Name != fits {
		t.Error("a text that fits was cut")
	}
	for _, text := range []string{v.Pointer, v.Expected, v.Got, v.Fix} {
		if len(text) > exchange.MaxText || len(text) < exchange.MaxText-4 || !utf8.ValidString(text) || !strings.HasSuffix(text, "é…") {
			t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-8:])
		}
	}
}
