package scenario

import (
	"fmt"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// stated compiles the body that a response states.
func (c *compiler) stated(r *messageSpec, msg *message) {
	wanted := c.contentTypeOf(r)
	if msg.bodiless != "" || r.body == nil || !msg.described || len(msg.content) == 0 {
		c.withoutMedia(r, msg, wanted)
		return
	}
	if media, contentType := c.media(r, msg, wanted); contentType != "" {
		c.encode(r, msg, media.Sent(contentType), contentType)
	}
}

// withoutMedia deals with a response that states no body, and with one whose
// status describes none.
func (c *compiler) withoutMedia(r *messageSpec, msg *message, wanted *source.Node) {
	switch {
	case r.body != nil && msg.bodiless != "":
		c.fault(CodeBodyNotAllowed, r.body.KeyAt(), msg.bodiless+" never has a body", "leave the body out, or choose another status")
	case r.body != nil && r.offContract == nil:
		c.fault(CodeBodyNotDescribed, r.body.KeyAt(), fmt.Sprintf("%s describes no body", msg.subject), "leave the body out, or say why it is there: offContract",
			related(msg.at, "the contract describes it without content")...)
	case r.body != nil:
		if contentType := c.looseType(r, wanted); contentType != "" {
			c.encode(r, msg, nil, contentType)
		}
	case msg.described && len(msg.content) > 0 && msg.bodiless == "":
		msg.fromContract = true
		if wanted != nil {
			msg.media, _ = c.describedMedia(msg, wanted)
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
func (c *compiler) looseType(r *messageSpec, wanted *source.Node) string {
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
func (c *compiler) describedMedia(msg *message, wanted *source.Node) (*contract.Media, string) {
	t, ok := contract.ParseMediaType(wanted.Text)
	media := contract.MediaFor(msg.content, wanted.Text)
	if ok && t.Concrete() && media != nil {
		return media, wanted.Text
	}
	var known []string
	for _, m := range msg.content {
		known = append(known, m.Name)
	}
	c.fault(CodeUnknownMediaType, wanted.At(), fmt.Sprintf("%s does not describe %q", msg.subject, wanted.Text), source.DidYouMean(wanted.Text, known),
		related(msg.at, "the status")...)
	return nil, ""
}

// media picks the media type for a stated body: the one that is asked for, else
// the first that suits the way in which the body is stated.
func (c *compiler) media(r *messageSpec, msg *message, wanted *source.Node) (*contract.Media, string) {
	if wanted != nil {
		if r.offContract != nil && contract.MediaFor(msg.content, wanted.Text) == nil {
			return nil, c.looseType(r, wanted)
		}
		return c.describedMedia(msg, wanted)
	}
	content := msg.content
	i := slices.IndexFunc(content, c.suits(r))
	if i < 0 && (r.body.Key == "generate" || r.body.Key == "merge" || r.body.Key == "body" && !isScalar.has(r.body.Kind)) {
		i = slices.IndexFunc(content, func(m *contract.Media) bool { return m.Data(m.Type) })
	}
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
func (c *compiler) suits(r *messageSpec) func(m *contract.Media) bool {
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
