package testenv

import (
	"testing"
	"time"
)

// Eventually asks again and again until something holds, for what another process brings
// about, and fails the test where it does not come to that. What happens in this process is
// waited for under testing/synctest.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for late := time.Now().Add(30 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
