// Command release builds understudy for every system into dist, as archives with a file
// of checksums:
//
//	go run ./internal/release
//	go run ./internal/release linux/amd64 windows/arm64
//	go run ./internal/release -again linux/amd64
//
// What is released is the commit, from a clone of the repository. It gives the same bytes
// on every machine with the same Go: paths are trimmed, and the only time in an archive is
// that of the commit. The version is the tag or commit that Go reads from git. With -again
// all is built a second time, in a clone at another place and with an empty build cache,
// and must come out the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "release:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	again := flags.Bool("again", false, "build a second time elsewhere, with an empty cache, and compare")
	root := flags.String("C", ".", "the `DIR` of the repository")
	if err := flags.Parse(args); err != nil {
		return err
	}
	targets, err := parseTargets(flags.Args())
	if err != nil {
		return err
	}
	repo := repository(*root)
	if changes, err := repo.changes(ctx); err != nil {
		return err
	} else if changes {
		fmt.Fprintln(os.Stderr, "release: the working tree has changes, which are left out: what is released is the commit")
	}
	folder, err := os.MkdirTemp("", "understudy-release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	files, err := release(ctx, repo, targets, filepath.Join(folder, "first"), "")
	if err != nil {
		return err
	}
	if *again {
		second, err := release(ctx, repo, targets, filepath.Join(folder, "again", "elsewhere"), filepath.Join(folder, "cache"))
		if err != nil {
			return err
		}
		if sums(second) != sums(files) {
			return fmt.Errorf("a second build has other bytes: the first has\n%sand the second\n%s", sums(files), sums(second))
		}
	}
	if err := write(filepath.Join(*root, "dist"), files); err != nil {
		return err
	}
	fmt.Fprint(stdout, sums(files))
	return nil
}

// release builds a clone of the repository at the given place and gives the archives. An
// empty cache is the user's own.
func release(ctx context.Context, repo repository, targets []target, place, cache string) ([]file, error) {
	c, err := repo.clone(ctx, place)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, t := range targets {
		binary, err := c.build(ctx, t, cache)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t, err)
		}
		archive, err := c.pack(t, binary)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t, err)
		}
		files = append(files, archive)
	}
	return files, nil
}

// write puts the archives and their checksums into a folder, in place of what is there.
func write(dist string, files []file) error {
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	if err := os.Mkdir(dist, 0o755); err != nil {
		return err
	}
	for _, f := range append(files, file{name: sumsFile, mode: 0o644, data: []byte(sums(files))}) {
		if err := os.WriteFile(filepath.Join(dist, f.name), f.data, f.mode); err != nil {
			return err
		}
	}
	return nil
}

// target is a system and an architecture that the command is built for.
type target struct{ system, architecture string }

// released are the targets of a release.
var released = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

func (t target) String() string { return t.system + "/" + t.architecture }

// name is that of the archive without its extension, and of the folder in it.
func (t target) name() string { return "understudy-" + t.system + "-" + t.architecture }

// command is the name of the binary.
func (t target) command() string {
	if t.system == "windows" {
		return "understudy.exe"
	}
	return "understudy"
}

// parseTargets reads targets such as linux/amd64; none are all that are released.
func parseTargets(args []string) ([]target, error) {
	if len(args) == 0 {
		return released, nil
	}
	var targets []target
	for _, arg := range args {
		system, architecture, ok := strings.Cut(arg, "/")
		if !ok {
			return nil, fmt.Errorf("%q is no target: write SYSTEM/ARCHITECTURE, such as linux/amd64", arg)
		}
		targets = append(targets, target{system, architecture})
	}
	return targets, nil
}
