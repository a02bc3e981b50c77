package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// elsewhere are the blocks of commands that TestPages does not run, by their first line,
// with who does or why nobody does.
var elsewhere = map[string]string{
	"go install ./cmd/understudy":                   "the command that runs here is built of the same",
	"go test ./...":                                 "it is what runs here",
	"go test ./examples/consumer-go":                "go test ./... runs it, with the module",
	"sha256sum --check --ignore-missing SHA256SUMS": "TestRelease of internal/release",
	"git tag v1.2.3":                                "TestRelease of internal/release",
	"deploy/release -again linux/amd64":             "it compiles everything anew, and is for who makes a release",
	"source <(understudy completion bash)    # needs the package bash-completion": "the scripts are for three shells: TestCompletionScripts",
}

// none makes a scenario that a real API is verified by, in a folder of its own.
const none = `echo 'operations: {validateIdentityDocument: {when: {path: {identification_id: 00000000-0000-4000-8000-000000000404}}, respond: {status: 404}}}' > scenarios/errors/none.yaml
cp -r scenarios/errors api/scenarios`

// before are the commands that go before those of a page, or where the page is told apart,
// before those of each block.
var before = map[string]string{
	"docs/check.md": "git init -q -b main && git add -A && git -c user.name=a -c user.email=a@example.com commit -q -m a",
	"docs/commands.md": `mkdir -p scenarios/errors
echo 'operations: {"*": {respond: {delay: 20ms}}}' > scenarios/slow.yaml
echo 'operations: {getIdentityDocument: 401, validateIdentityDocument: 401}' > scenarios/expired-token.yaml
` + none + `
mkdir -p ~/.config/fish/completions
rm scenarios/life-cycle.yaml api/scenarios/life-cycle.yaml
understudy serve
curl -X PUT http://127.0.0.1:4010/__admin/sessions/checkout -H 'Content-Type: application/json' -d '{"scenarios": ["expired-token"]}'
curl http://127.0.0.1:4010/__session/checkout/v1/orgs/yoigo/identifications/identity_document/1?__code=200`,
	"docs/control-plane.md": "understudy serve",
	"docs/cookbook.md":      "rm -r scenarios",
	"docs/comparison.md":    "rm -r scenarios",
	"docs/verify.md":        "mkdir scenarios/errors\n" + none + "\nrm scenarios/life-cycle.yaml api/scenarios/life-cycle.yaml",
}

// apart are the pages whose blocks have nothing to do with each other.
var apart = map[string]bool{"docs/commands.md": true}

// addresses are those in pages that stand for a real API.
var addresses = []string{"https://api.example.com/v1", "https://staging.example.com/v1", "http://localhost:8080", "http://127.0.0.1:8080"}

// TestPages runs the commands of every page in a folder that has the files they speak of,
// and compares what the console blocks show with what they print. The files that a page
// shows are written as it shows them.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "git", "node"} {
		testenv.NeedsTool(t, tool)
	}
	excepted := map[string]bool{}
	for _, page := range pages(t) {
		var run []block
		commands := false
		for _, b := range blocks(t, page) {
			first, _, _ := strings.Cut(b.text, "\n")
			if elsewhere[first] != "" && b.commands() {
				excepted[first] = true
				continue
			}
			commands = commands || b.commands()
			run = append(run, b)
		}
		if commands {
			t.Run(page, func(t *testing.T) {
				t.Parallel()
				if !apart[page] {
					runPage(t, page, run)
					return
				}
				for _, b := range run {
					if b.commands() {
						runPage(t, page, []block{b})
					}
				}
			})
		}
	}
	for first := range elsewhere {
		if !excepted[first] {
			t.Errorf("no page has the block that is not run: %s", first)
		}
	}
}

func runPage(t *testing.T, page string, run []block) {
	t.Helper()
	folder, port, pagePort := world(t), testenv.FreePort(t), testenv.FreePort(t)
	if text := before[page]; text != "" {
		run = append([]block{{page: page, language: "sh", text: text}}, run...)
	}
	receiver, called := startReceiver(t)
	pairs := []string{
		"go run ./cmd/understudy", "understudy", "--port 8080", "--port " + port, "mock.test:4010", "127.0.0.1:" + port, "4010", port, "localhost:4011", receiver, "127.0.0.1:8000", "127.0.0.1:" + pagePort,
		"/etc/bash_completion.d", folder, "pets.yaml=/pets", "pets.yaml=/pets --scenarios shop",
	}
	real := startRealAPI(t)
	for _, address := range addresses {
		pairs = append(pairs, "--upstream "+address, "--upstream "+real, "--target "+address, "--target "+real)
	}
	env := []string{"HOME=" + folder, "PORT=" + pagePort, "API=http://127.0.0.1:" + port, "UNDERSTUDY_PORT=" + port, "UNDERSTUDY_SERVER=http://127.0.0.1:" + port, "GITHUB_STEP_SUMMARY=summary.md"}
	for i, got := range runBlocks(t, folder, env, run, strings.NewReplacer(pairs...)) {
		got = strings.NewReplacer("\r", "", port, "4010", receiver, "localhost:4011").Replace(got)
		if run[i].commands() && !prints(run[i].shown(), got) {
			t.Errorf("%s\nshown (-) and printed (+) differ:\n%s", run[i], cmp.Diff(run[i].shown(), got))
		}
	}
	awaitCall(t, run, called)
}

// awaitCall waits for a callback where the blocks of a page say where one goes.
func awaitCall(t *testing.T, run []block, called <-chan struct{}) {
	t.Helper()
	if !slices.ContainsFunc(run, func(b block) bool { return strings.Contains(b.text, "localhost:4011") }) {
		return
	}
	select {
	case <-called:
	case <-time.After(startTimeout):
		t.Error("no callback has come")
	}
}

// world makes a folder with the files of which pages speak.
func world(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, each := range [][2]string{
		{"../../openapi.yaml", "."}, {"../../scenarios", "."}, {"../../examples", "."}, {"testdata/pages/.", "."},
		{"../../openapi.yaml", "api.yaml"}, {"../../openapi.yaml", "api"}, {"../../scenarios", "api"}, {"../../openapi.yaml", "next"},
	} {
		to := filepath.Join(folder, each[1])
		if err := os.MkdirAll(strings.TrimSuffix(to, "api.yaml"), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "cp", "-r", each[0], to).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, name := range []string{"job-1.json", "job-2.json"} {
		if err := os.Link(filepath.Join(folder, "coverage.json"), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// startRealAPI serves the first API in place of a real one, and gives its address.
func startRealAPI(t *testing.T) string {
	t.Helper()
	refusals := t.TempDir() // a real API refuses as the contract says
	const refusal = "default: true\noperations: {validateIdentityDocument: {when: {valid: false}, respond: {status: 400}}}\n"
	if err := os.WriteFile(filepath.Join(refusals, "refusals.yaml"), []byte(refusal), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := mock.New(t.Context(), mock.Options{
		Specs: []mock.Spec{{Location: "../../openapi.yaml"}}, Scenarios: []string{"../../scenarios", refusals}, Listen: "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(context.Background()) }) // requests of commands that have ended
	return m.URL()
}

// startReceiver starts what callbacks go to, and gives its host and port.
func startReceiver(t *testing.T) (address string, called <-chan struct{}) {
	t.Helper()
	calls := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		select {
		case calls <- struct{}{}:
		default: // one is enough
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.Listener.Addr().String(), "127.0.0.1", "localhost", 1), calls
}

// TestCommandsAreInBlocks holds that what looks like a command for a shell stands in a block
// that TestPages runs, and not where nobody would run it.
func TestCommandsAreInBlocks(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`(?m)^(?:\$ .*|(?:understudy (?:serve|check|init|import|record|use|release|reset|status|verify|coverage|schema) [^\[].*|(?:curl|go|docker|node|npm|kubectl) [a-z-].*)$)`)
	for _, page := range pages(t) {
		if page == "docs/commands.md" { // its blocks are made with it
			continue
		}
		text, err := os.ReadFile(filepath.Join("../..", page))
		if err != nil {
			t.Fatal(err)
		}
		rest := fence.ReplaceAllString(string(text), "")
		if strings.Contains(rest, "```") {
			t.Errorf("%s has a block that does not end", page)
		}
		for _, b := range blocks(t, page) {
			if !b.commands() {
				rest += b.text
			}
		}
		for _, line := range command.FindAllString(rest, -1) {
			t.Errorf("%s: no test runs %q", page, line)
		}
	}
}
