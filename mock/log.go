package mock

import (
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxLoggedText bounds each text of a request that the log repeats, in bytes.
const maxLoggedText = 1000

// log tells what a person wants to see while the mock runs: requests that broke
// the contract, problems and faults; every other request on the debug level.
func (m *Mock) log(r *http.Request, ex *exchange.Exchange) {
	level := slog.LevelDebug
	if len(ex.Violations) > 0 || len(ex.Answer.Violations) > 0 || ex.Answer.Problem != nil || ex.Answer.Fault != "" || len(ex.Unchecked) > 0 {
		level = slog.LevelInfo
	}
	logger := m.settings.Logger
	if !logger.Enabled(r.Context(), level) {
		return
	}
	secrets := m.journal.Redactor().Of(ex)
	attrs := []slog.Attr{
		slog.String("request", ex.ID),
		slog.String("method", source.Cut(r.Method, maxLoggedText)),
		slog.String("path", source.Cut(loggedPath(secrets, &ex.Request), maxLoggedText)),
		slog.String("operation", ex.Operation),
		slog.String("why", source.Cut(secrets.Text(ex.Decision.String()), maxLoggedText)),
	}
	if ex.Answer.Fault != "" {
		attrs = append(attrs, slog.String("fault", string(ex.Answer.Fault)))
	} else {
		attrs = append(attrs, slog.Int("status", ex.Answer.Status))
	}
	if ex.Answer.Problem != nil {
		attrs = append(attrs, slog.String("problem", source.Cut(secrets.Text(ex.Answer.Problem.Error()), maxLoggedText)))
	}
	if len(ex.Violations) > 0 {
		attrs = append(attrs, slog.Any("violations", violationTexts(secrets, ex.Violations)))
	}
	if len(ex.Answer.Violations) > 0 {
		attrs = append(attrs, slog.Any("answerViolations", violationTexts(secrets, ex.Answer.Violations)))
	}
	if len(ex.Unchecked) > 0 {
		attrs = append(attrs, slog.Any("unchecked", logged(ex.Unchecked)))
	}
	logger.LogAttrs(r.Context(), level, "answered", attrs...)
}

// loggedPath is the path as it was sent, without percent-encoding and secrets.
func loggedPath(secrets *journal.Secrets, r *exchange.Request) string {
	path := r.Prefix + secrets.Path(r.Path)
	if plain, err := url.PathUnescape(path); err == nil {
		return secrets.Text(plain)
	}
	return path
}

// logged are texts that the log shows as a list in JSON, and one behind the other in text.
type logged []string

// String implements fmt.Stringer.
func (t logged) String() string { return strings.Join(t, "; ") }

func violationTexts(secrets *journal.Secrets, list []exchange.Violation) logged {
	texts := make(logged, len(list))
	for i := range list {
		texts[i] = secrets.Violation(list[i]).String()
	}
	return texts
}

// errorLog takes what net/http itself has to say, which is about broken
// connections, to the debug level.
func errorLog(logger *slog.Logger) *log.Logger {
	return slog.NewLogLogger(logger.Handler(), slog.LevelDebug)
}
