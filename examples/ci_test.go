package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// workflow is what the test needs of a workflow of GitHub Actions.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Name, Run string
			If        string
			Env       map[string]string
		}
	}
}

// TestWorkflow runs the steps of the example workflow as a runner does, but for those that
// bring programs to it; with the share of statuses that it wants, and with a larger one.
func TestWorkflow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("github-actions/.github/workflows/contract.yml")
	if err != nil {
		t.Fatal(err)
	}
	var parsed workflow
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for _, step := range parsed.Jobs["contract"].Steps {
		if step.Run == "" || step.If != "" || strings.HasPrefix(step.Run, "go install ") {
			continue
		}
		for name, value := range step.Env {
			script.WriteString(name + "='" + value + "'; export " + name + "\n")
		}
		script.WriteString(step.Run + "\n")
	}
	runCI(t, script.String())
}

// TestGitLab does so with the job in docs/ci.md.
func TestGitLab(t *testing.T) {
	t.Parallel()
	var parsed struct {
		Contract struct {
			Variables map[string]string
			Script    []string
		}
	}
	if err := yaml.Unmarshal([]byte(blockOfCI(t, "GitLab")), &parsed); err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for name, value := range parsed.Contract.Variables {
		script.WriteString(name + "='" + value + "'; export " + name + "\n")
	}
	for _, line := range parsed.Contract.Script {
		script.WriteString(line + "\n")
	}
	runCI(t, script.String())
}

// TestCompose has the command of the service in docs/ci.md, on another address, become ready.
func TestCompose(t *testing.T) {
	t.Parallel()
	var parsed struct {
		Services struct {
			API struct{ Command []string }
		}
	}
	if err := yaml.Unmarshal([]byte(blockOfCI(t, "docker compose")), &parsed); err != nil {
		t.Fatal(err)
	}
	understudy, port := command(t), testenv.FreePort(t)
	words := parsed.Services.API.Command
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "0.0.0.0:4010", "127.0.0.1:"+port)
	}
	serve := exec.CommandContext(t.Context(), understudy, words...)
	serve.Dir = ".."
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill() // fails where it has ended
		_ = serve.Wait()
	})
	ready := exec.CommandContext(t.Context(), "timeout", "30", "sh", "-c", "until "+understudy+" status --ready --server http://127.0.0.1:"+port+"; do sleep 0.1; done")
	if out, err := ready.CombinedOutput(); err != nil {
		t.Fatalf("%q is not ready: %v\n%s", words, err, out)
	}
}

// TestWorkflowInDocs holds that docs/ci.md shows the workflow as it is.
func TestWorkflowInDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("github-actions/.github/workflows/contract.yml")
	if err != nil {
		t.Fatal(err)
	}
	if blockOfCI(t, "GitHub Actions") != string(text) {
		t.Error("docs/ci.md shows another workflow than examples/github-actions has")
	}
}

// blockOfCI is the YAML below a heading of docs/ci.md.
func blockOfCI(t *testing.T, heading string) string {
	t.Helper()
	page, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)\n## " + regexp.QuoteMeta(heading) + "\n.*?```yaml\n(.*?)```").FindStringSubmatch(string(page))
	if block == nil {
		t.Fatalf("docs/ci.md has no YAML below %s", heading)
	}
	return block[1]
}

// runCI runs a job's script in a folder like that of its repository, with the command
// built. It must pass, and must not where more statuses are wanted than its tests meet.
func runCI(t *testing.T, script string) {
	t.Helper()
	testenv.NeedsTool(t, "node")
	tools := filepath.Dir(command(t))
	demanding := strings.Replace(script, "--min-status 40", "--min-status 90", 1)
	if demanding == script || !strings.Contains(script, "understudy check ") || !strings.Contains(script, "node --test") {
		t.Fatalf("the job is not what it was:\n%s", script)
	}
	for name, test := range map[string]struct {
		script string
		fails  string // what a failure tells, "" where there is none
	}{
		"enough":     {script, ""},
		"too little": {demanding, "too little is covered"},
	} {
		folder := t.TempDir()
		for _, source := range []string{"openapi.yaml", "scenarios"} {
			if out, err := exec.CommandContext(t.Context(), "cp", "-r", filepath.Join("..", source), folder).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		if err := os.CopyFS(folder, os.DirFS("github-actions")); err != nil {
			t.Fatal(err)
		}
		port := testenv.FreePort(t)
		cmd := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", "trap 'kill $(jobs -p)' EXIT\n"+strings.ReplaceAll(test.script, "4010", port))
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"),
			"GITHUB_STEP_SUMMARY=summary.md", "UNDERSTUDY_SERVER=http://127.0.0.1:"+port)
		out, err := cmd.CombinedOutput()
		if failed := err != nil; failed != (test.fails != "") || !strings.Contains(string(out), test.fails) {
			log, _ := os.ReadFile(filepath.Join(folder, "understudy.log"))
			t.Errorf("%s: %v\n%s\n%s", name, err, out, log)
		}
	}
}
