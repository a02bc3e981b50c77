package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of a page.
type block struct {
	page     string // from the root of the repository
	line     int    // where it begins, from 1
	language string
	text     string
}

func (b block) String() string {
	first, _, _ := strings.Cut(b.text, "\n")
	return fmt.Sprintf("%s:%d: %s", b.page, b.line, first)
}

// fileBlock is the first line of a block that shows a file: its path in a comment.
var fileBlock = regexp.MustCompile(`^(?:#|//) ([\w./-]+\.\w+)\n`)

// file is the path of the file that the block shows, "" where it shows none.
func (b block) file() string {
	if m := fileBlock.FindStringSubmatch(b.text); m != nil && !b.commands() {
		return m[1]
	}
	return ""
}

// commands tells whether the block has commands for a shell.
func (b block) commands() bool {
	switch b.language {
	case "sh", "bash", "zsh", "fish", "shell", "console":
		return true
	}
	return false
}

// fence is a fenced block, also one within a list.
var fence = regexp.MustCompile("(?ms)^( *)```(\\S*)[^\n]*\n(.*?)^ *```$")

// blocks reads the fenced blocks of a page.
func blocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	for _, at := range fence.FindAllSubmatchIndex(text, -1) {
		indent := string(text[at[2]:at[3]])
		body := strings.ReplaceAll("\n"+string(text[at[6]:at[7]]), "\n"+indent, "\n")[1:]
		found = append(found, block{page, 1 + strings.Count(string(text[:at[0]]), "\n"), string(text[at[4]:at[5]]), body})
	}
	return found
}

// pages are all pages that people read, from the root of the repository.
func pages(t *testing.T) []string {
	t.Helper()
	found := []string{"README.md", "SECURITY.md", "CHANGELOG.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md", "examples/*/*.md", "deploy/*.md"} {
		names, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			found = append(found, filepath.ToSlash(strings.TrimPrefix(name, filepath.FromSlash("../../"))))
		}
	}
	return found
}

// prelude is what the script of a page begins with. A server that a page starts runs in a
// terminal of its own until the page starts another.
const prelude = `
SERVER= SERVERS=0
understudy() {
	case "${1-}" in
	serve|record) start "$@" ;;
	coverage) if [[ "$*" == *.json* ]]; then UNDERSTUDY_SERVER= command understudy "$@"; else command understudy "$@"; fi ;;
	*) command understudy "$@" ;;
	esac
}
start() {
	local code=0
	finish
	SERVERS=$((SERVERS + 1)); LOG=$LOGS/server$SERVERS
	: > "$LOG"
	command understudy "$@" > "$LOG" 2>&1 & SERVER=$!
	until grep -q '^listening on' "$LOG"; do
		if ! kill -0 $SERVER 2>/dev/null; then wait $SERVER; code=$?; SERVER=; break; fi
		sleep 0.02
	done
	cat "$LOG"
	return $code
}
finish() {
	if [ -n "$SERVER" ]; then kill $SERVER 2>/dev/null; wait $SERVER 2>/dev/null; fi
	SERVER=
}
trap 'finish; kill $(jobs -p) 2>/dev/null' EXIT
# What pages ask with curl must succeed where they do not show the answer.
curl() {
	if [ -n "${HELD-}" ]; then command curl -sS --fail-with-body "$@"; else command curl "$@"; fi
}
reloads() { grep -c -e '^reloaded' -e '^not reloaded' "$LOG"; }
# reloaded BEFORE waits until the server has told of more reloads.
reloaded() {
	for _ in $(seq 500); do
		[ "$(reloads)" -gt "$1" ] && return
		sleep 0.02
	done
	echo "the server has not reloaded"
}
`

// script is what a shell runs for the blocks, with a line before the output of each.
func script(blocks []block) string {
	var b strings.Builder
	b.WriteString(prelude)
	for i, each := range blocks {
		switch {
		case each.file() != "":
			writeFile(&b, i, each)
		case each.language == "console":
			fmt.Fprintf(&b, "printf '\\n%s\\n'\n", mark(i))
			for _, line := range lines(each.text) {
				if command, ok := strings.CutPrefix(line, "$ "); ok {
					b.WriteString(foreground(command) + "\n")
				} else if command, ok := strings.CutPrefix(line, "> "); ok {
					b.WriteString(command + "\n")
				}
			}
		case each.commands():
			fmt.Fprintf(&b, "printf '\\n%s\\n'; HELD=yes\n", mark(i))
			for _, line := range lines(strings.ReplaceAll(each.text, "\\\n", " ")) {
				if line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				fmt.Fprintf(&b, "{ %s\n} > \"$LOGS/held\" 2>&1 || { printf 'exit code %%s of: %%s\\n' $? %s; cat \"$LOGS/held\"; }\n", foreground(line), quoted(line))
			}
			b.WriteString("HELD=\n")
		}
	}
	return b.String()
}

// writeFile writes the file that a block shows, and waits until a server has seen it.
func writeFile(b *strings.Builder, i int, shown block) {
	name, seen := shown.file(), strings.HasPrefix(shown.file(), "scenarios/")
	if seen {
		b.WriteString("[ -n \"$SERVER\" ] && BEFORE=$(reloads)\n")
	}
	fmt.Fprintf(b, "mkdir -p %s; cat > %s.new <<'END OF FILE %d'\n%sEND OF FILE %d\nmv %s.new %s\n", filepath.Dir(name), name, i, shown.text, i, name, name)
	if seen {
		b.WriteString("[ -n \"$SERVER\" ] && reloaded $BEFORE\n")
	}
}

// foreground takes the & off the command of a server, which the script starts beside itself
// anyway.
func foreground(command string) string {
	code, _, _ := strings.Cut(command, "  #")
	if bare, ok := strings.CutSuffix(strings.TrimRight(code, " "), " &"); ok && strings.Contains(bare, "understudy ") {
		return bare
	}
	return command
}

func mark(i int) string { return fmt.Sprintf("=== block %d ===", i) }

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\r", ""), "\n")
}

// shown is what the commands of a console block print.
func (b block) shown() string {
	if b.language != "console" {
		return ""
	}
	var out strings.Builder
	for _, line := range lines(b.text) {
		if !strings.HasPrefix(line, "$ ") && !strings.HasPrefix(line, "> ") {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// prints tells whether an output is what a page shows, in which "…" stands for any text
// within a line, and on a line of its own for any lines. A page shows a line end where an
// output has none.
func prints(shown, got string) bool {
	var pattern strings.Builder
	pattern.WriteString(`\A`)
	for _, line := range strings.SplitAfter(shown, "\n") {
		switch {
		case strings.TrimSpace(line) == "…":
			pattern.WriteString(`(?:.*\n)*?`)
		default:
			parts := strings.Split(line, "…")
			for i := range parts {
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			pattern.WriteString(strings.Join(parts, ".*?"))
		}
	}
	return regexp.MustCompile(pattern.String()+`\z`).MatchString(got) || got != "" && !strings.HasSuffix(got, "\n") && prints(shown, got+"\n")
}

// runBlocks runs the blocks of a page in one shell in a folder, and gives what each printed.
func runBlocks(t *testing.T, folder string, env []string, run []block, replace *strings.Replacer) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-O", "expand_aliases", "-c", replace.Replace(script(run)))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), append([]string{"LOGS=" + t.TempDir()}, env...)...)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	printed := make([]string, len(run))
	rest := string(out)
	for i := range run {
		if _, behind, found := strings.Cut(rest, "\n"+mark(i)+"\n"); found {
			printed[i], _, _ = strings.Cut(behind, "\n=== block ")
			rest = behind[len(printed[i]):]
		}
	}
	return printed
}
