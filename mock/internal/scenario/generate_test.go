package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestGenerate holds that a generated body is the one that the contract's own answer
// has with the same seed, and that it is proved and static.
func TestGenerate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "operations:\n  getOrder:\n    - respond: {status: 404, generate: true}\n  GET /ping: {respond: {generate: true}}\n"
	if err := os.WriteFile(filepath.Join(dir, "test.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, seed := range []uint64{0, 7} {
		set, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		out, err := onlyStub(t, set.Scenario("test"), "getOrder").Render(request(t, "GET /orders/7"), memory{}, request(t, "GET /orders/7").Time, 0)
		if err != nil {
			t.Fatal(err)
		}
		want, err := sample.Body(out.Generated, sample.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(out.Body)); diff != "" || !out.Static {
			t.Errorf("seed %d, static %t: %s", seed, out.Static, diff)
		}
		if broken := out.Generated.CheckBytes(out.Body); len(broken) > 0 {
			t.Error(broken)
		}
		if ping := onlyStub(t, set.Scenario("test"), "GET /ping").sequence.answers[0].outcome; len(ping.Body) == 0 || ping.Header.Get("Content-Type") != "text/plain" {
			t.Errorf("text: %q %v", ping.Body, ping.Header)
		}
		bodies = append(bodies, string(out.Body))
	}
	if bodies[0] == bodies[1] {
		t.Error("the seed does not count:", bodies[0])
	}
}

// TestMergeOverGenerated holds that a patch changes what it states and leaves the
// rest of the generated body.
func TestMergeOverGenerated(t *testing.T) {
	t.Parallel()
	body := func(respond string) map[string]any {
		t.Helper()
		st := onlyStub(t, load(t, "operations:\n  getOrder:\n    - respond: {status: 404, "+respond+"}\n"), "getOrder")
		out, err := st.Render(request(t, "GET /orders/7"), memory{}, request(t, "GET /orders/7").Time, 0)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonvalue.Decode(out.Body)
		if err != nil {
			t.Fatal(err)
		}
		return value.(map[string]any)
	}
	want := body("generate: true")
	want["code"] = "PATCHED"
	if diff := cmp.Diff(want, body("merge: {code: PATCHED}")); diff != "" {
		t.Error(diff)
	}
	want["code"] = "ORDER_7"
	if got := body(`merge: {code: "ORDER_${'A'}"}`); got["code"] != "ORDER_A" || got["message"] != want["message"] {
		t.Error(got)
	}
	_, found := tryLoad(t, "operations:\n  getOrder:\n    - respond: {status: 404, merge: {code: small}}\n")
	if len(found) != 1 || found[0].Code != CodeBodyNotConform || !strings.Contains(found.Error(), "^^^^^") {
		t.Error("a patch that breaks the schema:", found)
	}
}
