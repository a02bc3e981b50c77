package source

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Code is the stable name of a kind of finding. Every code has a section in
// docs/errors.md; a code is never given a new meaning.
type Code string

// Severity says what a finding means for the one who loads the file.
type Severity uint8

// Error means the thing cannot be used as it is; Warning that it is used, but
// perhaps not as meant.
const (
	Error Severity = iota
	Warning
)

// String gives "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Related is a second place that a finding speaks of, such as the line of the
// contract that a scenario contradicts.
type Related struct {
	At      Span
	Message string
}

// Diagnostic is one finding: what is wrong, where, and what to write instead.
type Diagnostic struct {
	Code     Code
	Severity Severity
	// Message says what is wrong, in one line without a full stop.
	Message string
	// At is the place; the zero Span where the finding has none.
	At Span
	// Hint stands behind the caret: what to write instead. May be empty.
	Hint    string
	Related []Related
}

// Error gives the first line of the finding, without the source line.
func (d Diagnostic) Error() string {
	head := fmt.Sprintf("%s [%s]", d.Message, d.Code)
	if d.Severity == Warning {
		head = "warning: " + head
	}
	if d.At.File != nil {
		head = d.At.String() + ": " + head
	}
	return strings.Map(visible, head)
}

// Diagnostics are the findings of one load or check.
type Diagnostics []Diagnostic

// Error renders all findings as Render does, so that a plain error print of a
// failed load already shows lines and carets.
func (ds Diagnostics) Error() string {
	var b strings.Builder
	_ = ds.Render(&b)
	return strings.TrimSuffix(b.String(), "\n")
}

// Err gives the findings as an error if one of them is an Error, else nil.
func (ds Diagnostics) Err() error {
	if ds.Errors() == 0 {
		return nil
	}
	return ds
}

// Errors counts the findings of severity Error.
func (ds Diagnostics) Errors() int {
	n := 0
	for i := range ds {
		if ds[i].Severity == Error {
			n++
		}
	}
	return n
}

// Sort orders the findings by file and position; findings without a place come
// first. Of findings that say the same about one place, one is kept.
func (ds Diagnostics) Sort() Diagnostics {
	name := func(s Span) string {
		if s.File == nil {
			return ""
		}
		return s.File.Name
	}
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(name(a.At), name(b.At)), cmp.Compare(a.At.Off, b.At.Off))
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.Code == b.Code && a.Message == b.Message && a.At.File == b.At.File && a.At.Off == b.At.Off
	})
}

// Render writes each finding as file:line:col, the line itself with a caret
// under the place, the hint, and the related places in the same form.
func (ds Diagnostics) Render(w io.Writer) error {
	for i := range ds {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := ds[i].Render(w); err != nil {
			return err
		}
	}
	return nil
}

// Render writes one finding; see Diagnostics.Render.
func (d *Diagnostic) Render(w io.Writer) error {
	var b strings.Builder
	b.WriteString(d.Error())
	b.WriteByte('\n')
	hint := strings.Map(visible, d.Hint)
	if d.At.File == nil {
		if hint != "" {
			fmt.Fprintf(&b, "  %s\n", hint)
		}
	} else {
		renderLine(&b, d.At, hint)
	}
	for _, r := range d.Related {
		fmt.Fprintf(&b, "%s: %s\n", r.At, strings.Map(visible, r.Message))
		renderLine(&b, r.At, "")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxShownLine bounds a shown source line, in characters: minified JSON has one
// line of megabytes.
const maxShownLine = 160

func renderLine(b *strings.Builder, at Span, hint string) {
	if at.File == nil || len(at.File.Data) == 0 {
		if hint != "" {
			fmt.Fprintf(b, "  %s\n", hint)
		}
		return
	}
	number, start := at.File.line(at.Off)
	text := at.File.lineText(number)
	before := min(int(at.Off)-start, len(text))
	extent := max(1, min(int(at.Len), len(text)-before))
	from, to := 0, len(text)
	if len(text) > utf8.UTFMax*maxShownLine || utf8.RuneCount(text) > maxShownLine {
		from = runeStart(text, max(0, before-60))
		to = runeStart(text, min(len(text), from+maxShownLine))
		extent = max(1, min(extent, to-before))
	}
	lead, shown := string(text[from:before]), string(text[from:to])
	if from > 0 {
		shown, lead = "…"+shown, "…"+lead
	}
	if to < len(text) {
		shown += "…"
	}
	gutter := strings.Repeat(" ", len(strconv.Itoa(number)))
	// Tabs stay tabs in the caret line so that the caret stands below its column.
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, lead)
	carets := 1
	if before < len(text) {
		carets = max(1, utf8.RuneCount(text[before:min(len(text), before+extent)]))
	}
	if hint != "" {
		hint = " " + hint
	}
	fmt.Fprintf(b, "%s |\n%d | %s\n%s | %s%s%s\n", gutter, number, strings.Map(visible, shown), gutter, pad, strings.Repeat("^", carets), hint)
}

// visible keeps a file from writing to the terminal what is no text, such as the sequences
// that begin with ESC, and from showing characters in another order than it has them. Each
// stays one character, so that the caret stands below its column.
func visible(r rune) rune {
	if r != '\t' && r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
		return utf8.RuneError
	}
	return r
}

// runeStart moves i back to the first byte of the character it is in.
func runeStart(s []byte, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
