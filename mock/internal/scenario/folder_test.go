package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// tree makes files below a new folder; a text that begins with "-> " is a link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const gone = "operations: {getOrder: 404}"

// TestFolder holds what is read below a folder and what is refused.
func TestFolder(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(tree(t, map[string]string{"secret.yaml": gone}), "secret.yaml")
	body := func(file string) string {
		return "operations:\n  getOrder:\n    - respond: {status: 404, offContract: any, file: " + file + "}\n"
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		want  []string // names, or the codes of the findings
	}{
		{"links inside", map[string]string{"..data/a.yaml": gone, "a.yaml": "-> ..data/a.yaml", "more": "-> ..data"}, []string{"a", "more/a"}},
		{"link in a circle", map[string]string{"a/b.yaml": gone, "a/again": "-> .."}, []string{"a/b"}},
		{"folders inside each other", map[string]string{strings.Repeat("a/", maxFolders) + "b.yaml": gone, strings.Repeat("a/", maxFolders+1) + "c.yaml": gone}, []string{strings.Repeat("a/", maxFolders) + "b"}},
		{"link outside", map[string]string{"a.yaml": gone, "b.yaml": "-> " + outside}, []string{"unreadable-scenario"}},
		{"link to nothing", map[string]string{"a.yaml": gone, "b.yaml": "-> nothing.yaml", "c.txt": "-> nothing"}, []string{"unreadable-scenario"}},
		{"too large", map[string]string{"a.yaml": "#" + strings.Repeat("a", MaxFileSize)}, []string{"unreadable-scenario"}},
		{"body", map[string]string{"a.yaml": body("b/c.json"), "b/c.json": "{}"}, []string{"a"}},
		{"body through a link inside", map[string]string{"a.yaml": body("c.json"), "..data/c.json": "{}", "c.json": "-> ..data/c.json"}, []string{"a"}},
		{"body through a link outside", map[string]string{"a.yaml": body("c.txt"), "c.txt": "-> " + outside}, []string{"body-file-outside"}},
		{"body above", map[string]string{"a/b.yaml": body("../c.txt"), "c.txt": "x"}, []string{"body-file-outside"}},
		{"body by its whole path", map[string]string{"a.yaml": body("/etc/hostname")}, []string{"body-file-outside"}},
		{"body too large", map[string]string{"a.yaml": body("c.txt"), "c.txt": strings.Repeat("a", MaxFileSize+1)}, []string{"body-file-too-large"}},
		{"several findings, sorted", map[string]string{"b.yaml": "tag: x", "a.yaml": "operations: {getOrdr: 404, deleteOrder: 5}"}, []string{"unknown-operation", "not-a-status", "unknown-key"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, test.files)
			set, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{})
			var got []string
			var found source.Diagnostics
			if errors.As(err, &found) {
				for _, d := range found {
					got = append(got, string(d.Code))
				}
				shown := strings.NewReplacer(dir, "scenarios", outside, "/outside").Replace(found.Error())
				testenv.Golden(t, "testdata/folder/"+strings.ReplaceAll(test.name, " ", "-")+".golden", shown+"\n")
			} else {
				got = set.Names()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s\n%v", diff, err)
			}
		})
	}
}

func TestMissingFolder(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{"testdata/nothing"}, nil, Options{})
	want := "cannot read the scenario folder testdata/nothing: there is no such file or folder [unreadable-scenario]\n  check the path of the folder"
	if err == nil || err.Error() != want {
		t.Error(err)
	}
	if _, err := Load([]string{"testdata/api.yaml"}, nil, Options{}); err == nil {
		t.Error("a file is no folder")
	}
}

// TestWarningsAreKept holds that a warning does not keep a file from being used,
// and is among the findings where an error does.
func TestWarningsAreKept(t *testing.T) {
	t.Parallel()
	const text = "operations:\n  getOrder:\n    - {when: {headers: {x-nobody-knows: a}}, respond: {status: 404}}\n"
	set, found := tryLoad(t, text)
	if found != nil || len(set.Warnings) != 1 || set.Warnings[0].Code != CodeUndeclaredParameter {
		t.Error(found)
	}
	if _, found := tryLoad(t, text+"    - 5\n"); len(found) != 2 || found[0].Severity != source.Warning {
		t.Error(found)
	}
}

// TestNoFolder holds that a scenario that was not read from a folder names no files.
func TestNoFolder(t *testing.T) {
	t.Parallel()
	text := "operations:\n  getOrder:\n    - respond: {status: 404, file: body.json}\n"
	_, err := loadText([]*contract.Contract{theShop(t)}, nil, "posted.yaml", []byte(text))
	if err == nil || !strings.Contains(err.Error(), "a scenario that stands in no folder cannot name files [body-file-outside]") {
		t.Error(err)
	}
}
