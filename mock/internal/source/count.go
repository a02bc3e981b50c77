package source

import (
	"fmt"
	"strings"
)

// Count words a number of things, of which noun is one: "1 stub", "2 stubs", "0 properties".
func Count[N int | int64 | uint64](n N, noun string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok {
			noun = stem + "ie"
		}
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
