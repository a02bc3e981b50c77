package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// repository is the folder of a working tree of git.
type repository string

// changes tells whether the tree differs from its commit.
func (r repository) changes(ctx context.Context) (bool, error) {
	text, err := output(ctx, string(r), nil, "git", "status", "--porcelain")
	return text != "", err
}

// clone copies the commit and its tags to a place of its own. A linked working tree would
// not do: Go finds no version in one.
func (r repository) clone(ctx context.Context, place string) (clone, error) {
	if _, err := output(ctx, string(r), nil, "git", "clone", "--quiet", "--shared", ".", place); err != nil {
		return clone{}, err
	}
	text, err := output(ctx, place, nil, "git", "log", "-1", "--format=%ct")
	if err != nil {
		return clone{}, err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return clone{place, time.Unix(seconds, 0).UTC()}, err
}

// clone is what is built.
type clone struct {
	folder    string
	committed time.Time
}

// build gives the binary of the command for a target.
func (c clone) build(ctx context.Context, t target, cache string) ([]byte, error) {
	folder, err := os.MkdirTemp("", "understudy-build")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, t.command())
	// What a user has set for other builds must not change the bytes of this one.
	env := []string{"CGO_ENABLED=0", "GOOS=" + t.system, "GOARCH=" + t.architecture, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOFIPS140=off", "GOWORK=off"}
	if cache != "" {
		env = append(env, "GOCACHE="+cache)
	}
	if _, err := output(ctx, c.folder, env, "go", "build", "-buildvcs=true", "-trimpath", "-ldflags=-s -w -buildid=", "-o", binary, "./cmd/understudy"); err != nil {
		return nil, err
	}
	return os.ReadFile(binary)
}

// output runs a command in a folder, with more variables than the own ones, and gives what
// it prints.
func output(ctx context.Context, folder string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}
