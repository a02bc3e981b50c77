package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// steps is a description with one operation, whose sequence says at each answer how far
// it has come.
const steps = `
openapi: 3.1.0
info: {title: Steps, version: "1"}
paths:
  /step:
    get:
      operationId: step
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {step: {type: integer}}}, example: {step: 0}}}}}
`

// writeSteps writes the description, and a scenario count with n answers and then none.
func writeSteps(t testing.TB, n int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	var b strings.Builder
	b.WriteString("operations:\n  step:\n    atEnd: pass\n    respond:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {status: 200, body: {step: %d}}\n", i+1)
	}
	files := map[string]string{"api.yaml": steps, "scenarios/count.yaml": b.String(), "scenarios/outage.yaml": "operations: {step: {respond: {status: 503, body: {}, offContract: outage}}}\n"}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// replica is an understudy serve of its own process.
type replica struct {
	cmd *exec.Cmd
	url string
}

// startReplica starts the test program as the command.
func startReplica(t testing.TB, dir, state string, args ...string) *replica {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Args = append([]string{"understudy", "serve", filepath.Join(dir, "api.yaml"), "--scenarios", filepath.Join(dir, "scenarios"), "--listen", "127.0.0.1:0", "--watch", "off", "--log-level", "error"}, args...)
	cmd.Env = append(os.Environ(), "UNDERSTUDY_STATE="+state, "SSL_CERT_FILE="+filepath.Join(dir, "ca.pem")) // for TLS alone
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // fails where it has ended
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return &replica{cmd, address}
		}
	}
	t.Fatal("a replica does not start")
	return nil
}

// take asks for a step of a session and gives it, or the status.
func take(client *http.Client, base, session string) (step, status int, err error) {
	res, err := client.Get(base + "/__session/" + session + "/step")
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	var answer struct{ Step int }
	err = json.NewDecoder(res.Body).Decode(&answer)
	_, _ = io.Copy(io.Discard, res.Body)
	return answer.Step, res.StatusCode, err
}

// control asks the control plane, and gives what it says of the replica.
func control(t testing.TB, method, target, body string) (replica string) {
	t.Helper()
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s", method, target, res.Status, text)
	}
	return res.Header.Get("Understudy-Replica")
}

// taken collects steps that were acknowledged.
type taken struct {
	mu    sync.Mutex
	steps map[string][]int
}

func (k *taken) add(session string, step int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.steps == nil {
		k.steps = map[string][]int{}
	}
	k.steps[session] = append(k.steps[session], step)
}

// check holds that no step was given twice, and unless some may be missing that all up to
// the last were given.
func (k *taken) check(t testing.TB, mayMiss bool) (count int) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for session, list := range k.steps {
		slices.Sort(list)
		for i, step := range list {
			if i > 0 && step == list[i-1] {
				t.Errorf("%s: step %d was given twice", session, step)
			}
			if !mayMiss && step != i+1 {
				t.Fatalf("%s: step %d was given as number %d", session, step, i+1)
			}
		}
		count += len(list)
	}
	return count
}
