package scenario

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestLimitsOfFiles holds what a scenario file may have at most: the most is taken, and one
// more is refused with the code that docs/limits.md names.
func TestLimitsOfFiles(t *testing.T) {
	t.Parallel()
	const stub = "operations: {getOrder: {respond: {status: 404, offContract: short, text: \"${%s}\"}}}"
	for name, test := range map[string]struct {
		text   func(n int) string
		most   int
		beyond source.Code
	}{
		"events": {func(n int) string {
			return "operations: {watch: {respond: {body: [" + strings.Repeat("a, ", n) + "]}}}"
		}, 1_000, CodeBadEvent},
		"lines of a stream that is sent": {func(n int) string {
			return `operations: {watch: {respond: {offContract: long, body: ["` + strings.Repeat(`\n`, n-1) + `"]}}}`
		}, (maxText - len("\n")) / len("data: \n"), CodeBadEvent},
		"bytes of an expression": {func(n int) string {
			return fmt.Sprintf(stub, "'"+strings.Repeat("a", n-len("''"))+"'")
		}, 10_000, CodeUnboundedExpression},
		"operations of an expression": {func(n int) string {
			return fmt.Sprintf(stub, "["+strings.TrimSuffix(strings.Repeat("1,", n), ",")+"]")
		}, 999, CodeBadExpression}, // and the list itself
		"characters of a name": {func(n int) string {
			return "operations: {getOrder: {name: " + strings.Repeat("é", n) + ", respond: {status: 404}}}"
		}, 100, CodeBadValue},
		"pieces": {func(n int) string {
			return fmt.Sprintf("operations: {getOrder: {respond: {status: 404, dribble: {chunks: %d, over: 1s}}}}", n)
		}, 1_000, CodeBadValue},
		"values": {func(n int) string {
			return "operations: {getOrder: {respond: {status: 404, offContract: short, body: [" + strings.TrimSuffix(strings.Repeat("1,", n-7), ",") + "]}}}"
		}, source.DefaultMaxNodes, source.CodeTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, found := tryLoad(t, test.text(test.most)); found.Errors() > 0 {
				t.Errorf("the most is refused: %.300s", found.Error())
			}
			if _, found := tryLoad(t, test.text(test.most+1)); found.Errors() == 0 || found[0].Code != test.beyond {
				t.Errorf("one more is %.300v", found)
			}
		})
	}
}

// TestLimitsOfExpectations holds how many there may be, and how many steps in order.
func TestLimitsOfExpectations(t *testing.T) {
	t.Parallel()
	apis := []*contract.Contract{theShop(t)}
	list := func(n int) string {
		return "[" + strings.Repeat("{operation: getOrder}, ", n) + "]"
	}
	for text, fits := range map[string]bool{
		list(MaxExpectations): true, list(MaxExpectations + 1): false, "order: " + list(MaxSteps): true, "order: " + list(MaxSteps+1): false,
	} {
		if _, err := ReadExpectations("test", []byte(text), apis); (err == nil) != fits || err != nil && !strings.Contains(err.Error(), "[bad-value]") {
			t.Errorf("%.40s, %d bytes: %v", text, len(text), err)
		}
	}
}
