// Command fuzz runs all fuzz targets of the module one after the other, each for an equal
// part of the time:
//
//	go run ./internal/fuzz -for 30m
//	go run ./internal/fuzz -for 5m -target 'scenario.FuzzLoad|FuzzXML'
//	go run ./internal/fuzz -list
//
// An input that makes a target fail is kept by go test below the testdata/fuzz folder of
// the target's package, where every later go test runs it: commit it with the mend. The
// exit code is 1 where a target has failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, goTest); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "fuzz:", err)
		}
		os.Exit(1)
	}
}

// target is a fuzz target.
type target struct {
	folder string // from the root of the module, with slashes
	name   string
}

func (t target) String() string { return path.Base(t.folder) + "." + t.name }

// tester runs go test with arguments and gives what it printed.
type tester func(ctx context.Context, args ...string) (output []byte, err error)

func goTest(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd.CombinedOutput()
}

// minimize is how long one input is made shorter, which for the many that are merely new
// would else take most of the time.
const minimize = time.Second

// least is the shortest time for which it makes sense to fuzz.
const least = time.Second

func run(ctx context.Context, args []string, out io.Writer, test tester) error {
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	whole := flags.Duration("for", 10*time.Minute, "how long all targets take together")
	only := flags.String("target", "", "run the targets whose PACKAGE.NAME matches this regular expression")
	list := flags.Bool("list", false, "list the targets and do nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	targets, err := find(".", pattern)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return errors.New("there is no such target: run it in the root of the module, and look at -list")
	}
	if *list {
		for _, t := range targets {
			fmt.Fprintf(out, "%s in ./%s\n", t, t.folder)
		}
		return nil
	}
	each := *whole / time.Duration(len(targets))
	if each < least {
		return fmt.Errorf("%s for %d targets is %s for each: give them at least -for %s", *whole, len(targets), each, least*time.Duration(len(targets)))
	}
	return runAll(ctx, targets, each, out, test)
}

func runAll(ctx context.Context, targets []target, each time.Duration, out io.Writer, test tester) error {
	failed := 0
	for i, t := range targets {
		printed, err := test(ctx, "./"+t.folder, "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each.String(), "-fuzzminimizetime", minimize.String())
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("ended during %s, target %d of %d", t, i+1, len(targets))
		case err != nil:
			failed++
			fmt.Fprintf(out, "%s FAILED: %v\n%s\n", t, err, printed)
			continue
		}
		fmt.Fprintf(out, "%s: %s\n", t, summary(printed))
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d targets failed; the inputs are kept in the folders testdata/fuzz", failed, len(targets))
	}
	return nil
}

// summary is the last line that tells of progress.
func summary(printed []byte) string {
	last := "no input was tried"
	for line := range strings.Lines(string(printed)) {
		if text, ok := strings.CutPrefix(line, "fuzz: "); ok && strings.Contains(text, "execs: ") {
			last = strings.TrimSpace(text)
		}
	}
	return last
}

var declaration = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// find lists the targets below a folder whose text the pattern matches.
func find(root string, pattern *regexp.Regexp) ([]target, error) {
	var found []target
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		for _, m := range declaration.FindAllSubmatch(text, -1) {
			if t := (target{filepath.ToSlash(below), string(m[1])}); pattern.MatchString(t.String()) {
				found = append(found, t)
			}
		}
		return nil
	})
	return found, err
}
