package starter

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// identifier is a name that expressions can write behind a dot.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// file is the tutorial with some parts whose # is taken away, and no others.
func (l *lesson) file(parts []part) *source.File {
	return &source.File{Name: tutorialName + ".yaml", Data: l.render(parts, true)}
}

// render writes the tutorial with some parts: behind #, or open.
func (l *lesson) render(parts []part, open bool) []byte {
	w := &page{}
	w.Line("# yaml-language-server: $schema=%s", SchemaName)
	w.Line("##")
	w.Line("## A scenario is a story about the API. While it is active, the operations named here")
	w.Line("## answer as it says, and all others as the contract says. Its name is its path below")
	w.Line("## this folder, without extension: %s, status/404 and so on.", tutorialName)
	w.Line("##")
	w.Line("##   %s", l.command("serve", "--scenario "+tutorialName))
	w.Line("##   curl -i%s", l.request())
	w.Line("##   %s", l.command("check", ""))
	w.Line("##")
	w.Line("## Lines that begin with ## explain. Lines that begin with # are YAML: take the #")
	w.Line("## away from a part and let check tell what does not fit.")
	w.Line("description: What a scenario file can say, to be tried out.")
	w.Line("tags: [tutorial]")
	for _, p := range parts {
		if p.state != nil {
			w.Line("")
			w.Line("## Values that change as requests come; there is one for each key and session.")
			yaml(w, "", p.state, open)
		}
	}
	w.Line("")
	w.Line("operations:")
	w.Line("  ## %s %s", l.op.Method, author.Comment(l.op.Template))
	last := l.fault
	if last.status == "" {
		last = l.success
	}
	if last.bare {
		w.Line("  ## The shortest form is a status alone: %s: %s", author.Comment(source.YAMLKey(l.nameOf(l.op))), last.status)
	}
	w.Line("  %s:", source.YAMLKey(l.nameOf(l.op)))
	number := 0
	section := func(indent string, elsewhere bool) {
		for _, p := range parts {
			if p.elsewhere != elsewhere {
				continue
			}
			number++
			for n, line := range p.prose {
				lead := "   "
				if n == 0 {
					lead = string(rune('0'+number)) + ". "
				}
				w.Line("%s## %s%s", indent, lead, line)
			}
			yaml(w, indent, p.yaml, open)
			w.Line("")
		}
	}
	section("    ", false)
	w.Line("    ## What is left: every other valid request.")
	w.Line("    - respond: {%s}", last.text)
	if slices.ContainsFunc(parts, func(p part) bool { return p.elsewhere }) {
		w.Line("")
		section("  ", true)
	}
	return w.Text()
}

// request is one that keeps to the contract, as arguments of curl; where none can be
// made, or not in a line, its method and URL.
func (l *lesson) request() string {
	method := ""
	if l.op.Method != "GET" {
		method = " -X " + l.op.Method
	}
	url := func(target string) string { return " " + quoted("http://127.0.0.1:4010"+target) }
	call, err := sample.Request(l.op, sample.Options{})
	if err != nil {
		return method + url(sample.URL(l.op))
	}
	text := method
	for _, name := range slices.Sorted(maps.Keys(call.Header)) {
		switch value := call.Header.Get(name); {
		case name == "User-Agent":
			text += " -A " + quoted(value) // so that another -A takes its place
		case value == "":
			text += " -H " + quoted(name+";")
		default:
			text += " -H " + quoted(name+": "+value)
		}
	}
	if call.Body != nil {
		text += " --data-raw " + quoted(string(call.Body))
	}
	target := call.Path
	if call.RawQuery != "" {
		target += "?" + call.RawQuery
	}
	if text += url(target); len(text) > maxCurl || strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
		return method + url(sample.URL(l.op))
	}
	return text
}

// maxCurl bounds the arguments of curl, in bytes.
const maxCurl = 1000

// quoted writes a text as one word of a command line.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// yaml writes lines of YAML, behind # where they are not open.
func yaml(w *page, indent string, lines []string, open bool) {
	for _, line := range lines {
		if open {
			w.Line("%s%s", indent, line)
		} else {
			w.Line("%s# %s", indent, line)
		}
	}
}
