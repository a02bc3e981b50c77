package mock

import "runtime/debug"

// Version is the version of Understudy that is running, as Go's build information
// has it: "v1.2.3" of a release, a pseudo-version of a commit, "" where it was
// built outside of version control.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	version := info.Main.Version
	for _, dependency := range info.Deps {
		if dependency.Path == modulePath {
			version = dependency.Version
		}
	}
	if version == "(devel)" {
		return ""
	}
	return version
}

const modulePath = "github.com/understudy-mock/understudy"
