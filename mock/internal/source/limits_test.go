package source_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestSmallFiles refuses a file that is longer than it may be, and reads no more of it.
func TestSmallFiles(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "settings.yaml")
	for size, fits := range map[int64]bool{source.MaxSmallFile: true, source.MaxSmallFile + 1: false, 1 << 40: false} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, size); err != nil {
			t.Skip("no sparse files here:", err)
		}
		data, err := source.ReadSmall(name)
		if (err == nil) != fits || fits && int64(len(data)) != size || !fits && !strings.Contains(err.Error(), "it is larger than 16 MiB") {
			t.Errorf("%d bytes: %d are read, %v", size, len(data), err)
		}
	}
}

// TestLongNumbers holds that a finding does not show all of a value.
func TestLongNumbers(t *testing.T) {
	t.Parallel()
	_, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte("a: 0" + strings.Repeat("7", 100_000))}, source.Options{})
	if len(found) != 1 || found[0].Code != source.CodeAmbiguousValue || len(found[0].Message)+len(found[0].Hint) > 500 {
		t.Errorf("%d findings, %.500v", len(found), found)
	}
}

// TestMostValues holds that a text may have as many values as its reader says, and not one
// more; what stands behind an alias counts where it is named.
func TestMostValues(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
	for i := range 8 {
		bomb += fmt.Sprintf("a%[2]d: &a%[2]d [%[1]s]\n", strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), i+1)
	}
	for _, most := range []int{0, 20_000_000} {
		n, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte(bomb)}, source.Options{MaxNodes: most})
		if n != nil || len(found) != 1 || !strings.Contains(found[0].Message, fmt.Sprintf("more than %d values", source.DefaultMaxNodes)) {
			t.Errorf("aliases: %v", found)
		}
	}
	long := "[" + strings.Repeat("1,", source.DefaultMaxNodes) + "1]"
	for most, fits := range map[int]bool{0: false, 20_000_000: true} {
		if n, found := source.Parse(&source.File{Name: "f.json", Data: []byte(long)}, source.Options{MaxNodes: most}); (n != nil) != fits {
			t.Errorf("%d values with a limit of %d: %v", source.DefaultMaxNodes+2, most, found)
		}
	}
	for text, fits := range map[string]bool{
		"[" + strings.Repeat("1,", 98) + "1]":                       true, // with the list 100
		"[" + strings.Repeat("1,", 99) + "1]":                       false,
		"a: &a [1, 2, 3]\nb: [*a, *a]\n":                            true,
		"a: &a [" + strings.Repeat("1, ", 40) + "1]\nb: [*a, *a]\n": false,
	} {
		n, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte(text)}, source.Options{MaxNodes: 100})
		if (n != nil) != fits || !fits && (len(found) == 0 || found[0].Code != source.CodeTooLarge) {
			t.Errorf("%.40s: %v", text, found)
		}
	}
}

// TestManyMarks refuses YAML that would take gigabytes before its values could be counted,
// whatever their limit is, and takes as much in one text.
func TestManyMarks(t *testing.T) {
	t.Parallel()
	const most = 10_000_000
	for name, text := range map[string]string{
		"a list":   "[" + strings.Repeat("0,", most) + "]",
		"lines":    strings.Repeat("#\n", most+1),
		"brackets": strings.Repeat("[{", most),
	} {
		n, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte(text)}, source.Options{MaxNodes: 2 * most})
		if n != nil || len(found) != 1 || found[0].Code != source.CodeTooLarge || !strings.Contains(found[0].Message, "more than 10000000 commas") {
			t.Errorf("%s: %v", name, found)
		}
	}
	prose := "a: '" + strings.Repeat("a", most) + "'"
	if n, found := source.Parse(&source.File{Name: "f.yaml", Data: []byte(prose)}, source.Options{}); n == nil || len(found) != 0 {
		t.Errorf("a long text: %v", found)
	}
}
