package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestArchives holds that both kinds of archives have the files with their modes and the
// time of the commit, tell nothing of who wrote them, and are the same each time.
func TestArchives(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	files := []file{{"understudy", 0o755, []byte("binary")}, {"LICENSE", 0o644, []byte("MIT")}}
	want := []string{"shop/understudy -rwxr-xr-x binary 2026-01-31T12:00:00Z", "shop/LICENSE -rw-r--r-- MIT 2026-01-31T12:00:00Z"}
	for name, kind := range map[string]struct {
		write func(io.Writer, string, []file, time.Time) error
		read  func([]byte) ([]string, error)
	}{"tar": {writeTar, readTar}, "zip": {writeZip, readZip}} {
		var one, two bytes.Buffer
		if err := errors.Join(kind.write(&one, "shop", files, at), kind.write(&two, "shop", files, at)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: two archives of the same files differ", name)
		}
		got, err := kind.read(one.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func readTar(data []byte) (list []string, err error) {
	expanded, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for archive := tar.NewReader(expanded); ; {
		header, err := archive.Next()
		if err != nil {
			return list, ignoreEnd(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		if header.Uid != 0 || header.Gid != 0 || header.Uname != "" || header.Gname != "" {
			return nil, fmt.Errorf("%s has an owner", header.Name)
		}
		list = append(list, describe(header.Name, header.FileInfo().Mode(), text, header.ModTime))
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func readZip(data []byte) (list []string, err error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		list = append(list, describe(f.Name, f.Mode(), text, f.Modified))
	}
	return list, nil
}

func describe(name string, mode os.FileMode, text []byte, at time.Time) string {
	return fmt.Sprintf("%s %s %s %s", name, mode, text, at.UTC().Format(time.RFC3339))
}

func TestTargets(t *testing.T) {
	t.Parallel()
	all, err := parseTargets(nil)
	if err != nil || !slices.Equal(all, released) {
		t.Error(all, err)
	}
	one, err := parseTargets([]string{"windows/arm64"})
	if err != nil || len(one) != 1 || one[0].name() != "understudy-windows-arm64" || one[0].command() != "understudy.exe" {
		t.Error(one, err)
	}
	if _, err := parseTargets([]string{"linux"}); err == nil || !strings.Contains(err.Error(), "linux/amd64") {
		t.Error(err)
	}
}

// TestRelease makes a release as docs/releases.md says: it tags a clone, builds it, runs the
// commands that verify it, and asks the command for its version. A second build in another
// place must be the same. Both have the user's cache; the flag -again is for an empty one.
func TestRelease(t *testing.T) {
	t.Parallel()
	if os.Getenv("UNDERSTUDY_TEST_LONG") == "" {
		t.Skip("it may compile everything anew, which takes a minute: UNDERSTUDY_TEST_LONG=1 does it")
	}
	testenv.NeedsTool(t, "git")
	testenv.NeedsTool(t, "sha256sum")
	host := target{runtime.GOOS, runtime.GOARCH}
	if host.String() != "linux/amd64" {
		t.Skip("the commands of the page are for linux/amd64")
	}
	commit, err := output(t.Context(), "../..", nil, "git", "rev-parse", "HEAD")
	if err != nil {
		t.Skip("this is no clone:", err)
	}
	page, err := os.ReadFile("../../docs/releases.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 3 {
		t.Fatalf("the page has %d blocks of commands", len(blocks))
	}
	verify, tag := blocks[0][1], strings.Fields(strings.Split(blocks[1][1], "\n")[0])

	root := filepath.Join(t.TempDir(), "clone")
	if _, err := repository("../..").clone(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	if _, err := output(t.Context(), root, nil, tag[0], tag[1:]...); err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	if err := run(t.Context(), []string{"-C", root, host.String()}, &printed); err != nil {
		t.Fatal(err)
	}
	second, err := release(t.Context(), repository(root), []target{host}, filepath.Join(t.TempDir(), "else", "where"), "")
	if err != nil {
		t.Fatal(err)
	}
	if sums(second) != printed.String() {
		t.Errorf("two builds of one commit differ:\n%s%s", printed.String(), sums(second))
	}
	said, err := output(t.Context(), filepath.Join(root, "dist"), nil, "bash", "-e", "-c", verify)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s.tar.gz: OK\nunderstudy version %s, commit %s, ", host.name(), tag[2], strings.TrimSpace(commit))
	if end := fmt.Sprintf(", %s, %s\n", runtime.Version(), host); !strings.HasPrefix(said, want) || !strings.HasSuffix(said, end) {
		t.Errorf("verifying it says\n%swant\n%s…%s", said, want, end)
	}
}
