package main

import (
	"fmt"
	"io"
	"log/slog"
)

// newLogger makes the log that the flags --log-format and --log-level ask for.
func newLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, refuse("log-level", fmt.Sprintf(" is %q", level), "use debug, info, warn or error")
	}
	opts := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return slog.New(slog.NewTextHandler(w, opts)), oneOf("log-format", format, "text", "json")
}
