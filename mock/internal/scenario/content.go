package scenario

import (
	"encoding/base64"
	"fmt"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// stated compiles the body that a response states.
func (c *compiler) stated(r *respondSpec, a *answer) {
	wanted := c.contentTypeOf(r)
	if exchange.Bodiless(a.status) || r.body == nil || a.response == nil || len(a.response.Content()) == 0 {
		c.withoutMedia(r, a, wanted)
		return
	}
	if media, contentType := c.media(r, a, wanted); contentType != "" {
		c.encode(r, a, media, contentType)
	}
}

// withoutMedia deals with a response that states no body, and with one whose
// status describes none.
func (c *compiler) withoutMedia(r *respondSpec, a *answer, wanted *source.Node) {
	switch {
	case r.body != nil && exchange.Bodiless(a.status):
		c.fault(CodeBodyNotAllowed, r.body.KeyAt(), fmt.Sprintf("an answer with status %d never has a body", a.status), "leave the body out, or choose another status")
	case r.body != nil && r.offContract == nil:
		c.fault(CodeBodyNotDescribed, r.body.KeyAt(), fmt.Sprintf("status %s of %s describes no body", a.written, c.op.Name()), "leave the body out, or say why it is there: offContract",
			related(a.response.At(), "the contract describes the status without content")...)
	case r.body != nil:
		if contentType := c.looseType(r, wanted); contentType != "" {
			c.encode(r, a, nil, contentType)
		}
	case a.response != nil && len(a.response.Content()) > 0 && !exchange.Bodiless(a.status):
		a.outcome.FromContract = true
		if wanted != nil {
			a.outcome.Media, _ = c.describedMedia(a, wanted)
		}
	default:
		c.withoutBody(wanted, "a media type")
		c.withoutBody(r.dribble, "dribble")
	}
}

// withoutBody reports a key that is about the body of a response that has none.
func (c *compiler) withoutBody(n *source.Node, what string) {
	if n != nil {
		c.fault(CodeMisplacedKey, n.KeyAt(), what+" says nothing where there is no body", "leave it out")
	}
}

// looseType is the Content-Type of a body that no contract speaks of, "" where
// what is written is none.
func (c *compiler) looseType(r *respondSpec, wanted *source.Node) string {
	if wanted != nil {
		if t, ok := contract.ParseMediaType(wanted.Text); !ok || !t.Concrete() {
			c.fault(CodeUnknownMediaType, wanted.At(), fmt.Sprintf("%q is not a media type", wanted.Text), "write it as type/subtype, such as application/json")
			return ""
		}
		return wanted.Text
	}
	switch r.body.Key {
	case "text":
		return "text/plain; charset=utf-8"
	case "base64":
		return "application/octet-stream"
	case "file":
		return typeOfFile(r.body.Text)
	}
	return "application/json"
}

// typeOfFile guesses the media type by the extension of a file's name.
func typeOfFile(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".json":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
	}
	return "application/octet-stream"
}

// describedMedia finds the media type that a response asks for by name.
func (c *compiler) describedMedia(a *answer, wanted *source.Node) (*contract.Media, string) {
	t, ok := contract.ParseMediaType(wanted.Text)
	media := a.response.Media(wanted.Text)
	if ok && t.Concrete() && media != nil {
		return media, wanted.Text
	}
	var known []string
	for _, m := range a.response.Content() {
		known = append(known, m.Name)
	}
	c.fault(CodeUnknownMediaType, wanted.At(), fmt.Sprintf("status %s of %s does not describe %q", a.written, c.op.Name(), wanted.Text), source.DidYouMean(wanted.Text, known),
		related(a.response.At(), "the status")...)
	return nil, ""
}

// media picks the media type for a stated body: the one that is asked for, else
// the first that suits the way in which the body is stated.
func (c *compiler) media(r *respondSpec, a *answer, wanted *source.Node) (*contract.Media, string) {
	if wanted != nil {
		if r.offContract != nil && a.response.Media(wanted.Text) == nil {
			return nil, c.looseType(r, wanted)
		}
		return c.describedMedia(a, wanted)
	}
	content := a.response.Content()
	i := slices.IndexFunc(content, c.suits(r))
	media := content[max(i, 0)]
	contentType := media.ContentType(nil)[0]
	if !media.Type.Concrete() {
		// A range leaves the choice: what the body would be without a contract, if
		// the range admits it.
		loose := c.looseType(r, nil)
		if t, ok := contract.ParseMediaType(loose); ok {
			if _, admitted := media.Type.Admits(t); admitted {
				contentType = loose
			}
		}
	}
	return media, contentType
}

// suits tells which media types a body can be of, by its keyword.
func (c *compiler) suits(r *respondSpec) func(m *contract.Media) bool {
	isJSON := func(m *contract.Media) bool { return m.Type.IsJSON() || m.Type.Subtype == "*" || m.Type.Type == "*" }
	switch r.body.Key {
	case "text":
		return func(m *contract.Media) bool { return m.Type.Type == "text" && !m.Type.IsJSON() }
	case "base64":
		return func(m *contract.Media) bool { return !m.Type.IsJSON() && m.Type.Type != "text" }
	case "example":
		return func(m *contract.Media) bool { return m.Example(r.body.Text) != nil }
	case "generate":
		return func(m *contract.Media) bool { return isJSON(m) || m.IsText(m.Type) }
	case "file":
		t, _ := contract.ParseMediaType(typeOfFile(r.body.Text))
		return func(m *contract.Media) bool {
			_, ok := m.Type.Admits(t)
			return ok || t.IsJSON() && m.Type.IsJSON()
		}
	}
	return isJSON
}

// encode compiles the body by its keyword. media is nil off the contract.
func (c *compiler) encode(r *respondSpec, a *answer, media *contract.Media, contentType string) {
	a.outcome.Header["Content-Type"] = []string{contentType}
	t, _ := contract.ParseMediaType(contentType)
	n := r.body
	switch n.Key {
	case "body":
		c.literal(r, a, media, n, t)
	case "merge":
		c.merge(r, a, media, t)
	case "example":
		c.example(r, a, media)
	case "generate":
		c.generate(r, a, media, t)
	case "text":
		c.plainText(r, a, media, n)
	case "base64":
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Text), ""))
		if err != nil {
			c.fault(CodeBadBase64, n.At(), "this is not base64: "+err.Error(), "use the alphabet with + and /, and padding")
			return
		}
		c.bytes(r, a, media, n, decoded)
	case "file":
		if contents, ok := c.bodyFile(n); ok {
			c.bytes(r, a, media, n, contents)
		}
	}
}

// literal compiles a body that is written as data.
func (c *compiler) literal(r *respondSpec, a *answer, media *contract.Media, n *source.Node, t contract.MediaType) {
	switch {
	case t.Type == "text" && t.Subtype == "event-stream":
		c.events(r, a, n)
	case t.IsJSON():
		c.tree(r, a, media, n)
	case isScalar.has(n.Kind):
		c.plainText(r, a, media, n)
	default:
		c.fault(CodeBodyNotEncodable, n.KeyAt(), fmt.Sprintf("data cannot be written as %s/%s", t.Type, t.Subtype), "write the body with text, file or base64, or name a JSON type with mediaType",
			mediaPlace(media)...)
	}
}

func mediaPlace(media *contract.Media) []source.Related {
	if media == nil {
		return nil
	}
	return related(media.At(), "the media type that the contract describes")
}

// tree compiles a JSON body and proves what of it does not depend on the request.
func (c *compiler) tree(r *respondSpec, a *answer, media *contract.Media, n *source.Node) {
	w := c.data(n)
	if w == nil {
		return
	}
	proved := media != nil && r.offContract == nil
	encoded, static := w.out.fixed()
	if !static {
		a.body = w.out
		if proved {
			c.conform(a, r.body, n, w.certain(n, media))
		}
		return
	}
	a.outcome.Body = encoded
	if proved {
		value, err := jsonvalue.Decode(encoded)
		if err == nil {
			c.conform(a, r.body, n, media.CheckValue(value))
		}
	}
}

// plainText is a text body that depends on the request.
type plainText struct{ *template }

func (p plainText) render(e *evaluation) ([]byte, error) {
	text, err := p.text(e)
	return []byte(text), err
}

func (p plainText) fixed() ([]byte, bool) {
	text, ok := p.constant()
	return []byte(text), ok
}

func (p plainText) templates(note func(*template)) { note(p.template) }

// plainText compiles a body that is sent as it is written.
func (c *compiler) plainText(r *respondSpec, a *answer, media *contract.Media, n *source.Node) {
	t := c.template(n)
	if t == nil {
		return
	}
	if fixed, ok := t.constant(); ok {
		c.bytes(r, a, media, n, []byte(fixed))
		return
	}
	a.body = plainText{t}
}

// bytes takes an encoded body and proves it.
func (c *compiler) bytes(r *respondSpec, a *answer, media *contract.Media, n *source.Node, body []byte) {
	a.outcome.Body = body
	if media != nil && r.offContract == nil {
		c.conform(a, n, nil, media.CheckBytes(body))
	}
}

// example takes one of the contract's examples.
func (c *compiler) example(r *respondSpec, a *answer, media *contract.Media) {
	if media == nil {
		c.unknownExample(r.body, a)
		return
	}
	e := media.Example(r.body.Text)
	if e == nil {
		c.unknownExample(r.body, a)
		return
	}
	body, violations := media.Encode(e)
	a.outcome.Body = body
	if r.offContract == nil {
		c.conform(a, r.body, e.Node, violations)
	}
}

// unknownExample reports an example that the status does not have.
func (c *compiler) unknownExample(n *source.Node, a *answer) {
	var known []string
	for _, m := range a.content() {
		for _, e := range m.Examples {
			if e.Name != "" && !slices.Contains(known, e.Name) {
				known = append(known, e.Name)
			}
		}
	}
	hint, at := source.DidYouMean(n.Text, known), c.op.At()
	if len(known) == 0 {
		hint = "the contract names no example for it"
	}
	if a.response != nil {
		at = a.response.At()
	}
	c.fault(CodeUnknownExample, n.At(), fmt.Sprintf("status %s of %s has no example %q", a.written, c.op.Name(), n.Text), hint, related(at, "the contract describes the status here")...)
}

// content lists the media types that the contract describes for the answer.
func (a *answer) content() []*contract.Media {
	if a.response == nil {
		return nil
	}
	return a.response.Content()
}
