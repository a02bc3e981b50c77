package main

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/understudy-mock/understudy/mock"
)

// versionText says which build this is, for --version and reports of mistakes.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown version"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	parts := []string{mock.Version()}
	if revision := settings["vcs.revision"]; revision != "" {
		commit := "commit " + revision
		if settings["vcs.modified"] == "true" {
			commit += " with changes"
		}
		parts = append(parts, commit)
	}
	if when := settings["vcs.time"]; when != "" {
		parts = append(parts, when)
	}
	parts = append(parts, info.GoVersion, runtime.GOOS+"/"+runtime.GOARCH)
	return strings.Join(parts, ", ")
}
