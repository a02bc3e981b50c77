package exchange

import (
	"fmt"
	"strings"
	"time"
)

// MaxWait bounds every wait that a request, a scenario or a setting may ask for.
const MaxWait = 5 * time.Minute

// ParseWait reads a wait such as 300ms or 2s, from 0 to MaxWait. The error says what
// is wrong with the text, and behind a colon what to write.
func ParseWait(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration: write a number with a unit, such as 300ms or 1.5s", text)
	}
	if strings.HasPrefix(text, "-") { // -0s too
		return 0, fmt.Errorf("%s is no wait: it must be from 0s to 5m", text)
	}
	return d, CheckWait(d)
}

// CheckWait gives an error for a wait that is not from 0 to MaxWait.
func CheckWait(d time.Duration) error {
	if d < 0 || d > MaxWait {
		return fmt.Errorf("%s is no wait: it must be from 0s to 5m", d)
	}
	return nil
}
