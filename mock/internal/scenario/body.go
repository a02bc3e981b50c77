package scenario

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// encode compiles the body by its keyword. media is nil off the contract.
func (c *compiler) encode(r *messageSpec, msg *message, media *contract.Media, contentType string) {
	t, _ := contract.ParseMediaType(contentType)
	n := r.body
	if n.Key != "text" && n.Key != "base64" && n.Key != "file" && t.Syntax() == contract.Multipart {
		t = t.Nearest() // the boundary is ours to choose
		contentType = t.String()
	}
	msg.header["Content-Type"] = []string{contentType}
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
		c.events(r, msg, media, n)
	case t.IsJSON():
		c.tree(r, msg, media, n, t)
	case isScalar.has(n.Kind):
		c.plainText(r, msg, media, n)
	case media == nil && t.Syntax().IsData() || media != nil && media.Data(t):
		c.tree(r, msg, media, n, t)
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

// tree compiles a body of data and proves what of it does not depend on the request. A
// body that is no JSON is encoded when its expressions are known.
func (c *compiler) tree(r *messageSpec, msg *message, media *contract.Media, n *source.Node, t contract.MediaType) {
	w := c.data(n)
	if w == nil {
		return
	}
	proved := media != nil && r.offContract == nil
	encoded, static := w.out.fixed()
	if !static {
		msg.body = w.out
		if !t.IsJSON() {
			msg.body = encodedData{w.out, media, t}
		} else if proved {
			c.conform(msg, r.body, n, w.certain(n, media))
		}
		return
	}
	if !t.IsJSON() {
		var err error
		if encoded, err = encodeAs(media, t, parsed("body.json", encoded)); err != nil {
			c.fault(CodeBodyNotEncodable, r.body.KeyAt(), fmt.Sprintf("the body cannot be written as %s/%s: %s", t.Type, t.Subtype, firstLine(err.Error())), "change the data, or write the body with text, file or base64", mediaPlace(media)...)
			return
		}
		msg.fixed = encoded
		if proved {
			c.conform(msg, r.body, n, media.CheckBytesAs(t, encoded))
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

// encodedData is data that depends on the request and is no JSON when it is sent.
type encodedData struct {
	data
	media *contract.Media // nil off the contract
	t     contract.MediaType
}

func (d encodedData) render(e *evaluation) ([]byte, error) {
	text, err := d.data.render(e)
	if err != nil {
		return nil, err
	}
	return encodeAs(d.media, d.t, parsed("body.json", text))
}

// encodeAs writes data; media is nil off the contract.
func encodeAs(media *contract.Media, t contract.MediaType, n *source.Node) ([]byte, error) {
	if media == nil {
		return contract.EncodeValue(t, n)
	}
	return media.EncodeValue(t, n, sample.PartHeader(sample.Options{}))
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
		t, _ := contract.ParseMediaType(msg.header["Content-Type"][0])
		c.conform(msg, n, nil, media.CheckBytesAs(t, body))
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
