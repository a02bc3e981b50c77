package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/understudy-mock/understudy/mock"
)

// progress shows on the standard error how far a verification is: a bar on a terminal, a
// line for each tenth elsewhere.
type progress struct {
	out              io.Writer
	terminal, colour bool
	wrong            int
	shown            bool // there is a bar
}

func newProgress(env environment) *progress {
	return &progress{out: env.stderr, terminal: isTerminal(env, env.stderr), colour: hasColour(env, env.stderr)}
}

// isTerminal tells whether somebody watches a stream that can move its cursor.
func isTerminal(env environment, w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	term, _ := env.lookup("TERM")
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && term != "dumb" && term != ""
}

// hasColour tells whether a stream may have colours (no-color.org).
func hasColour(env environment, w io.Writer) bool {
	without, _ := env.lookup("NO_COLOR")
	return without == "" && isTerminal(env, w)
}

// check notes a check that is over.
func (p *progress) check(done, total int, c mock.ProviderCheck) {
	if c.Outcome == mock.ProviderDiffers || c.Outcome == mock.ProviderFailed {
		p.wrong++
	}
	if p.terminal {
		p.bar(done, total)
		return
	}
	const lines = 10
	if before := lines * (done - 1) / total; lines*done/total > before {
		text := fmt.Sprintf("%d of %d", done, total)
		if p.wrong > 0 {
			text += fmt.Sprintf(", %d wrong", p.wrong)
		}
		fmt.Fprintln(p.out, text)
	}
}

// barWidth is that of the bar, in characters.
const barWidth = 30

func (p *progress) bar(done, total int) {
	full := barWidth * done / max(total, 1)
	text := fmt.Sprintf("[%s%s] %d/%d", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, total)
	if p.wrong > 0 {
		wrong := fmt.Sprintf("  %d wrong", p.wrong)
		if p.colour {
			wrong = red + wrong + plain
		}
		text += wrong
	}
	fmt.Fprintf(p.out, "\r%s", text)
	p.shown = true
}

// end takes the bar away.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// The colours of terminals (ECMA-48 section 8.3.117).
const (
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

var wrongLine = regexp.MustCompile(`(?m)^  (differs|failed): .*$`)

// coloured gives a report colours where the stream has them.
func coloured(env environment, w io.Writer, text string) string {
	if !hasColour(env, w) {
		return text
	}
	return wrongLine.ReplaceAllString(text, red+"$0"+plain)
}
