package scenario

import (
	"fmt"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestWaitsAreOneForReaderAndSchema holds the JSON Schema to what is read as a wait. Only
// that a wait is too long a pattern cannot say.
func TestWaitsAreOneForReaderAndSchema(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	const refused, read, long = "refused", "read", "too long"
	for wait, want := range map[string]string{
		"0": read, "0s": read, "+0": read, "-0": refused, "-0s": refused, "-.0s": refused,
		"300ms": read, "1.5s": read, ".5s": read, "1.s": read, "+5ms": read, "1m2.5s3ms": read, "0h": read, "5m": read, "300s": read, "7ns7us7µs7μs": read,
		"-1s": refused, "-300ms": refused, "-.5s": refused, "1s-1ms": refused, "--1s": refused,
		"": refused, "s": refused, ".s": refused, "1": refused, "1 s": refused, " 1s": refused, "1s ": refused, "1S": refused, "1sec": refused, "1d": refused, "1e3ms": refused, "1,5s": refused, "1s\n": refused, "٣s": refused,
		"5m1ns": long, "1h": long, "301s": long,
	} {
		for place, text := range map[string]string{
			"delay": "{status: 404, delay: %q}", "uniform": "{status: 404, delay: {uniform: [0s, %q]}}", "dribble": "{status: 200, dribble: {chunks: 2, over: %q}}",
		} {
			text = fmt.Sprintf("operations: {getOrder: {respond: "+text+"}}", wait)
			root, found := source.Parse(&source.File{Name: "wait.yaml", Data: []byte(text)}, source.Options{})
			if err := found.Err(); err != nil {
				t.Fatal(err)
			}
			admits := schema.Validate(root.Value()) == nil
			if _, faults := tryLoad(t, text); (faults == nil) != (want == read) || admits != (want != refused) {
				t.Errorf("%s %q: read %v, admitted %v, want %s\n%v", place, wait, faults == nil, admits, want, faults)
			}
		}
	}
}
