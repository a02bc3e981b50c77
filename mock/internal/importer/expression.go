package importer

import (
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// The expressions for what other mocks know of a request.

func quote(s string) string { return strconv.Quote(s) }

func queryText(op *contract.Operation, name, otherwise string) phrase {
	return phrase{code: lookUp("query", name, otherwise), text: isText(op, exchange.Query, name)}
}

func headerText(op *contract.Operation, name, otherwise string) phrase {
	return phrase{code: lookUp("headers", strings.ToLower(name), otherwise), text: isText(op, exchange.Header, name)}
}

func cookieText(op *contract.Operation, name, otherwise string) phrase {
	return phrase{code: lookUp("request.cookies", name, otherwise), text: isText(op, exchange.Cookie, name)}
}

func lookUp(what, name, otherwise string) string {
	return "get(" + what + ", " + quote(name) + ") ?? " + quote(otherwise)
}

// isText tells whether a parameter is decoded as text.
func isText(op *contract.Operation, in exchange.Location, name string) bool {
	if op == nil {
		return true
	}
	p := op.Parameter(in, name)
	return p == nil || p.Schema != nil && op.Contract().ShapeOf(p.Schema).Types == schema.TypeString
}

func textual(code string) phrase { return phrase{code: code, text: true} }

// pathText is a path parameter, or the fixed text in its place.
func (t *target) pathText(name string) (phrase, bool) {
	b, ok := t.names[name]
	switch {
	case !ok && t.op != nil && t.op.Parameter(exchange.Path, name) != nil:
		b = binding{name: name}
	case !ok:
		return phrase{}, false
	case b.name == "":
		return phrase{code: b.fixed, fixed: true}, true
	}
	return t.pathParameter(b.name), true
}

func (t *target) pathParameter(name string) phrase {
	return phrase{code: "path[" + quote(name) + "]", text: isText(t.op, exchange.Path, name)}
}

// segmentText is the path's segment at an index.
func (t *target) segmentText(i int) (phrase, bool) {
	if i < 0 || i >= len(t.segments) || t.whole {
		return phrase{}, false
	}
	if name, ok := variableOf(t.segments[i]); ok {
		return t.pathParameter(name), true
	}
	if strings.ContainsRune(t.segments[i], '{') {
		return phrase{}, false
	}
	return phrase{code: plain(t.segments[i]), fixed: true}, true
}

// bodyText is a member of the body, by the names and indexes that lead to it.
func bodyText(steps []string) phrase {
	code := "body"
	for _, step := range steps {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 {
			code = "get(" + code + ", " + strconv.Itoa(i) + ")"
			continue
		}
		code = "get(" + code + ", " + quote(step) + ")"
	}
	return phrase{code: code + ` ?? ""`}
}

// cutPath takes a path of names with dots, or a JSONPath without wildcards, apart. ok is
// false for anything else.
func cutPath(path string) (steps []string, ok bool) {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	for path != "" {
		switch {
		case path[0] == '[':
			end := strings.IndexByte(path, ']')
			if end < 2 {
				return nil, false
			}
			step := strings.Trim(path[1:end], `'"`)
			if step == "" || strings.ContainsAny(step, "*?:,@") || strings.HasPrefix(step, "-") {
				return nil, false
			}
			steps, path = append(steps, step), strings.TrimPrefix(path[end+1:], ".")
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			if end == 0 || strings.ContainsAny(path[:end], "*?()@'\"") {
				return nil, false
			}
			steps = append(steps, path[:end])
			path = strings.TrimPrefix(path[end:], ".")
		}
	}
	return steps, true
}

// jsonPathOf writes names and indexes as a query of RFC 9535.
func jsonPathOf(steps []string) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, step := range steps {
		switch _, err := strconv.Atoi(step); {
		case err == nil:
			b.WriteString("[" + step + "]")
		case isName(step):
			b.WriteString("." + step)
		default:
			b.WriteString("['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(step) + "']")
		}
	}
	return b.String()
}

func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isWordByte(s[i]) || i == 0 && s[i] <= '9' {
			return false
		}
	}
	return s != ""
}

// nowText is the time in a layout of Go, later by a wait.
func nowText(layout string, later time.Duration) phrase {
	code := "now"
	if later != 0 {
		code = "(now + duration(" + quote(later.String()) + "))"
	}
	return textual(code + ".UTC().Format(" + quote(layout) + ")")
}

// timeWords are the letters of formats, longest first, in Java's SimpleDateFormat and
// in date-fns, with their layouts in Go.
var timeWords = []struct{ word, layout string }{
	{"yyyy", "2006"}, {"YYYY", "2006"}, {"uuuu", "2006"}, {"EEEE", "Monday"}, {"EEE", "Mon"}, {"MMMM", "January"}, {"MMM", "Jan"}, {"SSSSSS", "000000"},
	{"XXX", "Z07:00"}, {"xxx", "-07:00"}, {"SSS", "000"}, {"MM", "01"}, {"dd", "02"}, {"HH", "15"}, {"hh", "03"}, {"mm", "04"}, {"ss", "05"}, {"yy", "06"},
	{"M", "1"}, {"d", "2"}, {"h", "3"}, {"a", "PM"}, {"Z", "-0700"}, {"z", "MST"}, {"X", "Z07"},
}

// layoutOf translates the format of a time. ok is false for letters without a layout.
func layoutOf(format string) (layout string, ok bool) {
	var b strings.Builder
	for format != "" {
		if format[0] == '\'' {
			end := strings.IndexByte(format[1:], '\'')
			if end < 0 {
				return "", false
			}
			b.WriteString(format[1 : end+1])
			format = format[end+2:]
			continue
		}
		if c := format[0]; !isWordByte(c) || c <= '9' || c == '_' {
			b.WriteByte(c)
			format = format[1:]
			continue
		}
		found := false
		for _, w := range timeWords {
			if rest, ok := strings.CutPrefix(format, w.word); ok {
				b.WriteString(w.layout)
				format, found = rest, true
				break
			}
		}
		if !found {
			return "", false
		}
	}
	return b.String(), true
}

// wholeBody is the body as text, as the operation's requests have it. ok is false where
// expressions see data that was no JSON.
func wholeBody(op *contract.Operation) (code string, ok bool) {
	if op == nil || len(op.RequestBody()) == 0 {
		return "", false
	}
	json, texts := true, true
	for _, media := range op.RequestBody() {
		json = json && media.Type.IsJSON()
		texts = texts && media.Type.IsText()
	}
	switch {
	case json:
		return "toJSON(body)", true
	case texts:
		return "body", true
	}
	return "", false
}
