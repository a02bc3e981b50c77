package mock

import "runtime/debug"

const modulePath = "github.com/understudy-mock/understudy"

// linked is the version that a build was given with
// -ldflags '-X github.com/understudy-mock/understudy/mock.linked=v1.2.3', for builds that
// do not see version control; "" for none.
var linked string

// Version is the version of Understudy that is running: "v1.2.3" of a release, a
// pseudo-version of a commit, and "devel" where it was built outside of version control,
// with the commit behind a "+" where Go has noted one.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return versionOf(info, linked)
}

func versionOf(info *debug.BuildInfo, linked string) string {
	if linked != "" {
		return linked
	}
	version := info.Main.Version
	for _, dependency := range info.Deps {
		if dependency.Path == modulePath {
			version = dependency.Version
		}
	}
	if version != "" && version != "(devel)" {
		return version
	}
	version = "devel"
	if info.Main.Path != modulePath {
		return version // the commit is one of another repository
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision := settings["vcs.revision"]; revision != "" {
		version += "+" + revision[:min(12, len(revision))]
		if settings["vcs.modified"] == "true" {
			version += ".dirty"
		}
	}
	return version
}
