package starter

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// form is how much of an answer is written.
type form uint8

const (
	withBody form = iota // the body is written out
	plain                // the status alone: the body is the contract's own
	leftOut              // nothing
)

// Limits on a body that is written out.
const (
	maxBodyLines = 30
	maxBodyWidth = 160 // characters of a line
)

// entry is one status of one operation.
type entry struct {
	op       *contract.Operation
	response *contract.Response
	name     string

	form    form
	reason  string       // why it is left out
	body    *source.Node // the body, below the keyword that states it
	origin  string       // where the body comes from
	headers *source.Node // those that the contract requires, nil for none
}

// settle makes what is to be written.
func (e *entry) settle() {
	e.requiredHeaders()
	content := e.response.Content()
	if _, number, _ := e.op.Respond(e.response.Status); len(content) == 0 || exchange.Bodiless(number) {
		e.form = plain
		return
	}
	media := content[0]
	if i := slices.IndexFunc(content, func(m *contract.Media) bool { return m.Type.IsJSON() && m.Type.Concrete() }); i >= 0 {
		media = content[i]
	}
	e.bodyOf(media)
	if e.form == leftOut && slices.ContainsFunc(content, canBeSent) {
		e.form = plain
	}
}

// bodyOf takes the first example that fits, else a generated body.
func (e *entry) bodyOf(m *contract.Media) {
	var text []byte
	for _, example := range m.Examples {
		if body, broken := m.Encode(example); len(broken) == 0 {
			text, e.origin = body, "the contract's example"
			if example.Name != "" {
				e.origin = "the example " + example.Name
			}
			break
		}
	}
	if text == nil {
		_, status, _ := e.op.Respond(e.response.Status)
		body, err := sample.Body(m, sample.Options{Status: status})
		if err != nil {
			e.form, e.reason = leftOut, reasonOf(m, err)
			return
		}
		text, e.origin = body, "generated from the schema"
	}
	keyword := "body"
	var n *source.Node
	switch {
	case m.Type.IsJSON():
		n, _ = source.Parse(&source.File{Name: "body.json", Data: text}, source.Options{})
	case m.Type.Type == "text" && m.Type.Subtype != "event-stream" && m.IsText(m.Type):
		keyword = "text"
		made := source.New(nil, source.String, "", string(text))
		n = &made
	}
	if n == nil || !author.Literal(n) {
		e.form = plain
		return
	}
	named := n.Renamed(keyword)
	e.body = &named
	if !e.readable() {
		e.form = plain
	}
}

// canBeSent tells whether the mock has a body of its own for a media type.
func canBeSent(m *contract.Media) bool {
	for _, example := range m.Examples {
		if _, broken := m.Encode(example); len(broken) == 0 {
			return true
		}
	}
	_, err := sample.Body(m, sample.Options{})
	return err == nil || errors.Is(err, sample.ErrMediaType)
}

func reasonOf(m *contract.Media, err error) string {
	var unsatisfiable *sample.Unsatisfiable
	switch {
	case errors.Is(err, sample.ErrMediaType):
		return "it has a body of " + m.Name + ", which is not generated; add an example to the contract or write the body with text or file"
	case errors.As(err, &unsatisfiable):
		return "no body fits its schema: " + unsatisfiable.Reason
	}
	return "no body could be made: " + author.Comment(err.Error())
}

// requiredHeaders makes the headers that the contract requires.
func (e *entry) requiredHeaders() {
	var kids []source.Node
	for _, h := range e.response.Headers() {
		if !h.Required {
			continue
		}
		made, err := sample.Headers(e.response, sample.Options{})
		if err != nil {
			return // proving tells it
		}
		for name, lines := range made {
			if strings.EqualFold(name, h.Name) && len(lines) > 0 {
				kids = append(kids, source.New(nil, source.String, h.Name, lines[0]))
			}
		}
	}
	if len(kids) == 0 {
		return
	}
	n := source.New(nil, source.Object, "headers", "", kids...)
	if author.Literal(&n) {
		e.headers = source.Link(&n)
	}
}

// readable tells whether the body is short enough to be written out.
func (e *entry) readable() bool {
	text := string(e.body.AppendYAML(nil, bodyIndent))
	if strings.Count(text, "\n") > maxBodyLines {
		return false
	}
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(line) > maxBodyWidth {
			return false
		}
	}
	return true
}

const bodyIndent = 6

// render writes the entry.
func (e *entry) render(w *page, status string, bare bool) {
	key, about := "  "+source.YAMLKey(e.name)+":", e.about()
	body := e.body
	if e.form != withBody || bare {
		body = nil
	}
	if body == nil && e.headers == nil {
		w.Line("%s %s%s", key, status, author.Behind(about))
		return
	}
	respond := source.New(nil, source.Object, "respond", "", statusNode(status))
	origin := ""
	for _, n := range []*source.Node{e.headers, body} {
		if n != nil {
			respond.Kids = append(respond.Kids, *n)
		}
	}
	if body != nil {
		origin = e.origin
	}
	w.Line("%s%s", key, author.Behind(about))
	if short := source.Link(&respond).AppendYAML(nil, 4); !strings.Contains(string(short), "\n") {
		w.Line("    respond:%s%s", short, author.Behind(origin))
		return
	}
	w.Line("    respond:%s", author.Behind(origin))
	w.Line("      status: %s", status)
	for i := range respond.Kids[1:] {
		n := &respond.Kids[1+i]
		w.Line("      %s:%s", n.Key, n.AppendYAML(nil, bodyIndent))
	}
}

// statusNode is the member status of a response.
func statusNode(status string) source.Node {
	kind := source.Number
	if _, err := strconv.Atoi(status); err != nil {
		kind = source.String
	}
	return source.New(nil, kind, "status", status)
}

// about says what the operation is, as far as its name does not.
func (e *entry) about() string {
	if e.op.ID == "" {
		return e.op.Summary
	}
	return e.op.Method + " " + e.op.Template
}
