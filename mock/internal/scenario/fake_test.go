package scenario

import (
	"net/mail"
	"strings"
	"testing"
)

// TestFake holds what fakes are like: fit for their name, the same for a key, and
// another one each time without.
func TestFake(t *testing.T) {
	t.Parallel()
	give := func(args ...any) string {
		t.Helper()
		v, err := fake(args...)
		if err != nil {
			t.Fatal(err)
		}
		return v.(string)
	}
	if _, err := mail.ParseAddress(give("email")); err != nil {
		t.Error(err)
	}
	if a, b := give("first_name", "k"), give("first_name", "k"); a != b {
		t.Errorf("%q and %q for one key", a, b)
	}
	different := map[string]bool{}
	for range 20 {
		different[give("uuid")] = true
	}
	if len(different) != 20 {
		t.Errorf("%d different ones of 20", len(different))
	}
	if _, err := fake("zzz"); err == nil || !strings.Contains(err.Error(), `there is no fake "zzz"`) {
		t.Error(err)
	}
}
