//go:build unix

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
)

var fresh = flag.Bool("fresh", false, "follow the ways of the README from fresh clones with empty caches; with -update write the times into docs/performance.md")

// ways are the sections of the README that TestFresh follows. Those that serve begin with
// the README's first command, which serves the mock; installed tells that a section speaks
// of the command as "understudy", so that it is installed on the way.
var ways = []struct {
	section           string
	serves, installed bool
	first             string // of a way that does not serve: the first line of its first block
}{
	{section: "A front end, offline", serves: true},
	{section: "Tests of a consumer, in CI", installed: true, first: "go test ./examples/consumer-go"},
	{section: "An error, reproduced", serves: true, installed: true},
}

// notFollowed are the blocks that need more than a clone.
var notFollowed = map[string]string{
	"understudy coverage job-1.json job-2.json --min-status 80": "the reports of two jobs",
}

// TestFresh follows each way of the README from a clone of the commit, with no module and
// no build in the caches, and holds that the commands print what the README shows. It tells
// how long each way took.
func TestFresh(t *testing.T) {
	if !*fresh {
		t.Skip("it downloads and compiles everything anew for each way, which takes minutes: -fresh does it")
	}
	for _, tool := range []string{"bash", "curl", "git", "node"} {
		testenv.NeedsTool(t, tool)
	}
	var rows strings.Builder
	for _, way := range ways {
		t.Run(strings.ReplaceAll(way.section, ",", ""), func(t *testing.T) { // its folder has the name, and commas part folders in flags
			c := newClone(t)
			run, first := sectionOf(t, way.section), way.first
			if way.serves {
				first = c.serve(t, sectionOf(t, "Two commands"))
			} else {
				c.answered(t, first, run[0])
				run = run[1:]
			}
			if way.installed {
				c.do(t, "go install ./cmd/understudy")
			}
			c.follow(t, run)
			all := time.Since(c.began)
			c.readPhases(t)
			row := fmt.Sprintf("| %s | `%s` | %s | %s | %s | %s |", way.section, first,
				seconds(c.phases.built.Sub(c.began)), seconds(c.phases.ran.Sub(c.phases.built)), seconds(c.first.Sub(c.began)), seconds(all))
			t.Log(row)
			rows.WriteString(row + "\n")
		})
	}
	if !t.Failed() {
		tellFresh(t, rows.String())
	}
}

// tellFresh shows the times, or puts them into the page.
func tellFresh(t *testing.T, rows string) {
	t.Helper()
	load, _, _ := strings.Cut(readable("/proc/loadavg"), " ")
	table := fmt.Sprintf("\n%d processors, %s/%s, %s; load at the end: %s; Node %s.\n\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), load, nodeVersion(t)) +
		"| way | its first command | downloading | compiling | until the first answer | until all of it was followed |\n| --- | --- | --- | --- | --- | --- |\n" + rows + "\n"
	if !testenv.Updating() {
		t.Log(table)
		return
	}
	testenv.GoldenPart(t, "../../docs/performance.md", "<!-- fresh: written by go test ./cmd/understudy -run TestFresh -fresh -update -timeout 0 -->", table)
}

func readable(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	return string(text)
}

func nodeVersion(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "node", "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// sectionOf gives the blocks of a section of the README that are followed.
func sectionOf(t *testing.T, heading string) []block {
	t.Helper()
	text := readable("../../README.md")
	_, rest, found := strings.Cut(text, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the README has no section %q", heading)
	}
	begin := strings.Count(text[:len(text)-len(rest)], "\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	end := begin + strings.Count(section, "\n")
	var list []block
	for _, b := range blocks(t, "README.md") {
		line, _, _ := strings.Cut(b.text, "\n")
		if b.line > begin && b.line <= end && notFollowed[line] == "" && (b.commands() || b.file() != "") {
			list = append(list, b)
		}
	}
	return list
}

// clone is a clone of the commit on a machine that has nothing of it.
type clone struct {
	folder, port, graph string
	log                 string // of the server
	end                 func() // ends the server
	env                 []string
	began, first        time.Time // the first command, and its answer
	phases              phases
	replace             *strings.Replacer
}

func newClone(t *testing.T) *clone {
	t.Helper()
	folder := t.TempDir()
	c := &clone{folder: filepath.Join(folder, "understudy"), port: testenv.FreePort(t), graph: filepath.Join(folder, "graph.json"), log: filepath.Join(folder, "server.log"), end: func() {}}
	bin, pagePort := filepath.Join(folder, "bin"), testenv.FreePort(t)
	if out, err := exec.CommandContext(t.Context(), "git", "clone", "--quiet", "../..", c.folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.env = append(os.Environ(), "GOMODCACHE="+filepath.Join(folder, "modules"), "GOCACHE="+filepath.Join(folder, "builds"), "GOBIN="+bin, "PATH="+bin+":"+os.Getenv("PATH"),
		"GOFLAGS=-modcacherw", "HOME="+folder, "PORT="+pagePort, "UNDERSTUDY_PORT="+c.port, "UNDERSTUDY_SERVER=http://127.0.0.1:"+c.port)
	c.replace = strings.NewReplacer("4010", c.port, "127.0.0.1:8000", "127.0.0.1:"+pagePort)
	return c
}

// command is one that the go command notes the phases of.
func (c *clone) command(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-c", "exec "+line)
	cmd.Dir, cmd.Env = c.folder, append(c.env, "GOFLAGS=-modcacherw -debug-actiongraph="+c.graph)
	return cmd
}

// serve runs the first command of the README until what its second one asks for is
// answered, and gives the first. The server ends with the test.
func (c *clone) serve(t *testing.T, blocks []block) string {
	t.Helper()
	line := strings.TrimPrefix(lines(blocks[0].text)[0], "$ ")
	url := c.replace.Replace(regexp.MustCompile(`http://\S+`).FindString(blocks[1].text))
	cmd := c.command(context.WithoutCancel(t.Context()), line)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := os.Create(c.log)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	cmd.Stdout, cmd.Stderr = output, output
	c.began = time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	c.end = sync.OnceFunc(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) // go run and what it runs
		<-ended
	})
	t.Cleanup(c.end)
	for c.first.IsZero() {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s has ended: %v\n%s", line, err, readable(c.log))
		case <-time.After(20 * time.Millisecond):
			if shown := blocks[1].shown(); answers(t, url, strings.TrimSpace(shown)) {
				c.first = time.Now()
			}
		}
	}
	return line
}

// answers tells whether a URL answers with a body.
func answers(t *testing.T, url, body string) bool {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return err == nil && strings.TrimSpace(string(text)) == body
}

// answered runs a command of a block to its end, which is its answer.
func (c *clone) answered(t *testing.T, line string, b block) {
	t.Helper()
	if strings.TrimSpace(b.text) != line {
		t.Fatalf("%s is not %s", b, line)
	}
	c.began = time.Now()
	if out, err := c.command(t.Context(), line).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	c.first = time.Now()
}

func (c *clone) do(t *testing.T, line string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", line)
	cmd.Dir, cmd.Env = c.folder, c.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// follow runs blocks and compares what they print with what they show. What earlier sections
// have exported is there, and a scenario file has been read before it is used.
func (c *clone) follow(t *testing.T, run []block) {
	t.Helper()
	exports := block{page: "README.md", language: "sh", text: strings.Join(regexp.MustCompile(`(?m)^\$ export .*$`).FindAllString(readable("../../README.md"), -1), "\n")}
	exports.text = strings.ReplaceAll(exports.text, "$ export", "export")
	all := []block{exports}
	for _, b := range run {
		if all = append(all, b); b.file() != "" {
			all = append(all, block{page: b.page, line: b.line, language: "sh", text: "until grep -q ^reloaded " + c.log + "; do sleep 0.05; done"})
		}
	}
	run = all
	for i, got := range runBlocks(t, c.folder, c.env, run, c.replace) {
		if got = strings.NewReplacer("\r", "", c.port, "4010").Replace(got); run[i].commands() && !prints(run[i].shown(), got) {
			t.Errorf("%s\nshown (-) and printed (+) differ:\n%s", run[i], cmp.Diff(run[i].shown(), got))
		}
	}
}

// phases are when the go command had downloaded and began to compile, and when it ran what
// it had compiled.
type phases struct{ built, ran time.Time }

// readPhases reads the graph of actions that the go command writes for -debug-actiongraph
// when it ends.
func (c *clone) readPhases(t *testing.T) {
	t.Helper()
	c.end()
	var actions []struct {
		Mode      string
		TimeStart time.Time
	}
	if err := json.Unmarshal([]byte(readable(c.graph)), &actions); err != nil {
		t.Fatal(err)
	}
	for _, a := range actions {
		at := &c.phases.built
		if a.Mode == "go run" || a.Mode == "test run" {
			at = &c.phases.ran
		}
		if !a.TimeStart.IsZero() && (at.IsZero() || a.TimeStart.Before(*at)) {
			*at = a.TimeStart
		}
	}
}
