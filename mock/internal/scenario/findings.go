package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// findings collects what is wrong with the files.
type findings struct {
	list   source.Diagnostics
	faults int // how many of them are errors
}

// fault adds an error.
func (f *findings) fault(code source.Code, at source.Span, message, hint string, related ...source.Related) {
	f.list = append(f.list, source.Diagnostic{Code: code, Message: message, At: at, Hint: hint, Related: related})
	f.faults++
}

// warn adds a warning.
func (f *findings) warn(code source.Code, at source.Span, message, hint string, related ...source.Related) {
	f.list = append(f.list, source.Diagnostic{Code: code, Severity: source.Warning, Message: message, At: at, Hint: hint, Related: related})
}

// related is the second place of a finding, none where the contract does not
// know the place.
func related(at source.Span, message string) []source.Related {
	if at.File == nil {
		return nil
	}
	return []source.Related{{At: at, Message: message}}
}
