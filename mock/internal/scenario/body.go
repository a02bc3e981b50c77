package scenario

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// encode compiles the body by its keyword. media is nil off the contract.
func (c *compiler) encode(r *messageSpec, msg *message, media *contract.Media, contentType string) {
	msg.header["Content-Type"] = []string{contentType}
	t, _ := contract.ParseMediaType(contentType)
	n := r.body
	switch n.Key {
	case "body":
		c.literal(r, msg, media, n, t)
	case "merge":
		c.merge(r, msg, media, t)
	case "example":
		c.example(r, msg, media)
	case "generate":
		c.generate(r, msg, media, t)
	case "text":
		c.plainText(r, msg, media, n)
	case "base64":
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Text), ""))
		if err != nil {
			c.fault(CodeBadBase64, n.At(), "this is not base64: "+err.Error(), "use the alphabet with + and /, and padding")
			return
		}
		c.bytes(r, msg, media, n, decoded)
	case "file":
		if contents, ok := c.bodyFile(n); ok {
			c.bytes(r, msg, media, n, contents)
		}
	}
}

// literal compiles a body that is written as data.
func (c *compiler) literal(r *messageSpec, msg *message, media *contract.Media, n *source.Node, t contract.MediaType) {
	switch {
	case t.Type == "text" && t.Subtype == "event-stream":
		c.events(r, msg, n)
	case t.IsJSON():
		c.tree(r, msg, media, n)
	case isScalar.has(n.Kind):
		c.plainText(r, msg, media, n)
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
func (c *compiler) tree(r *messageSpec, msg *message, media *contract.Media, n *source.Node) {
	w := c.data(n)
	if w == nil {
		return
	}
	proved := media != nil && r.offContract == nil
	encoded, static := w.out.fixed()
	if !static {
		msg.body = w.out
		if proved {
			c.conform(msg, r.body, n, w.certain(n, media))
		}
		return
	}
	msg.fixed = encoded
	if proved {
		value, err := jsonvalue.Decode(encoded)
		if err == nil {
			c.conform(msg, r.body, n, media.CheckValue(value))
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
func (c *compiler) plainText(r *messageSpec, msg *message, media *contract.Media, n *source.Node) {
	t := c.template(n)
	if t == nil {
		return
	}
	if fixed, ok := t.constant(); ok {
		c.bytes(r, msg, media, n, []byte(fixed))
		return
	}
	msg.body = plainText{t}
}

// bytes takes an encoded body and proves it.
func (c *compiler) bytes(r *messageSpec, msg *message, media *contract.Media, n *source.Node, body []byte) {
	msg.fixed = body
	if media != nil && r.offContract == nil {
		c.conform(msg, n, nil, media.CheckBytes(body))
	}
}

// example takes one of the contract's examples.
func (c *compiler) example(r *messageSpec, msg *message, media *contract.Media) {
	if media == nil {
		c.unknownExample(r.body, msg)
		return
	}
	e := media.Example(r.body.Text)
	if e == nil {
		c.unknownExample(r.body, msg)
		return
	}
	body, violations := media.Encode(e)
	msg.fixed = body
	if r.offContract == nil {
		c.conform(msg, r.body, e.Node, violations)
	}
}

// unknownExample reports an example that the status does not have.
func (c *compiler) unknownExample(n *source.Node, msg *message) {
	var known []string
	for _, m := range msg.content {
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
	if msg.described {
		at = msg.at
	}
	c.fault(CodeUnknownExample, n.At(), fmt.Sprintf("%s has no example %q", msg.subject, n.Text), hint, related(at, "the contract describes it here")...)
}
