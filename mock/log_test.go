package mock_test

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestViolationsInTheLog holds that each can be told from the next.
func TestViolationsInTheLog(t *testing.T) {
	t.Parallel()
	for format, test := range map[string]struct {
		handler func(io.Writer, *slog.HandlerOptions) slog.Handler
		want    string
	}{
		"text": {func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(w, o) },
			`violations="path \"id\" must be an integer, got \"a\"; query \"page\" must be an integer, got \"b\""`},
		"json": {func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(w, o) },
			`"violations":["path \"id\" must be an integer, got \"a\"","query \"page\" must be an integer, got \"b\""]`},
	} {
		var log bytes.Buffer
		m := newMock(t, mock.Options{Logger: slog.New(test.handler(&log, nil))}, nil)
		statusOf(m, "GET", "/orders/a?page=b")
		if !strings.Contains(log.String(), test.want) {
			t.Errorf("%s: %s", format, log.String())
		}
	}
}
