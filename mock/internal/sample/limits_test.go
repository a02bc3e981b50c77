package sample_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestLimitsOfValues holds the items, members and characters of what is made: the most is
// made, and one more is not.
func TestLimitsOfValues(t *testing.T) {
	t.Parallel()
	for text, most := range map[string]int{
		`{"type":"array","items":{"const":1},"minItems":%d}`: sample.MaxItems,
		`{"type":"object","minProperties":%d}`:               sample.MaxItems,
		`{"type":"string","minLength":%d}`:                   sample.MaxText,
	} {
		if _, err := sample.Value(mustCompile(t, fmt.Sprintf(text, most)), sample.Options{}); err != nil {
			t.Errorf(text+": %v", most, err)
		}
		var u *sample.Unsatisfiable
		if _, err := sample.Value(mustCompile(t, fmt.Sprintf(text, most+1)), sample.Options{}); !errors.As(err, &u) || !u.Limited {
			t.Errorf(text+": %v", most+1, err)
		}
	}
}
