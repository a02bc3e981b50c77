package mock_test

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	const ours = "github.com/understudy-mock/understudy"
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}}
	changed := append(commit, debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	for name, test := range map[string]struct {
		info   debug.BuildInfo
		linked string
		want   string
	}{
		"a release":              {debug.BuildInfo{Main: debug.Module{Path: ours, Version: "v1.2.3"}}, "", "v1.2.3"},
		"a commit":               {debug.BuildInfo{Main: debug.Module{Path: ours, Version: "v1.2.4-0.20260131120000-0123456789ab"}, Settings: commit}, "", "v1.2.4-0.20260131120000-0123456789ab"},
		"of a test":              {debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}}, "", "devel"},
		"nothing is known":       {debug.BuildInfo{}, "", "devel"},
		"without a version":      {debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}, Settings: commit}, "", "devel+0123456789ab"},
		"with changes":           {debug.BuildInfo{Main: debug.Module{Path: ours}, Settings: changed}, "", "devel+0123456789ab.dirty"},
		"in another program":     {debug.BuildInfo{Main: debug.Module{Path: "shop", Version: "v9.0.0"}, Deps: []*debug.Module{{Path: ours, Version: "v1.2.3"}}, Settings: commit}, "", "v1.2.3"},
		"beside another program": {debug.BuildInfo{Main: debug.Module{Path: "shop"}, Deps: []*debug.Module{{Path: ours, Version: "(devel)"}}, Settings: commit}, "", "devel"},
		"said when it was built": {debug.BuildInfo{Main: debug.Module{Path: ours, Version: "(devel)"}}, "v1.2.3", "v1.2.3"},
	} {
		if got := mock.VersionOf(&test.info, test.linked); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	// The image is built where git is not seen.
	if text, err := os.ReadFile("../deploy/Dockerfile"); err != nil || !strings.Contains(string(text), "-X "+ours+"/mock.linked=${VERSION}") {
		t.Errorf("the image has no version: %v", err)
	}
	if got := mock.Version(); got == "" {
		t.Error("this one has none")
	}
}
