package contract

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// partNames writes names as browsers do (WHATWG HTML section 4.10.22.8).
var partNames = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// encodeMultipart writes the members of an object, or the items of an array, as parts.
// An array inside of an object is a part for each of its items; a file is a text, or an
// object with the members that conditions see.
func (p *payload) encodeMultipart(t MediaType, n *source.Node, text HeaderText) ([]byte, error) {
	if text == nil {
		text = statedHeader
	}
	x := p.multipartReader()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	boundary := t.Params["boundary"]
	if boundary == "" {
		boundary = Boundary
	}
	if err := w.SetBoundary(boundary); err != nil {
		return nil, err
	}
	var failed error
	write := func(name string, named bool, member *source.Node, shape *schema.Shape, e *partEncoding) {
		header, data := partOf(name, named, member, shape, e)
		if err := e.writeHeaders(header, text); err != nil && failed == nil {
			failed = err
		}
		if part, err := w.CreatePart(header); err == nil { // a Buffer never fails
			_, _ = part.Write(data)
		}
	}
	for i, item := range n.Items() {
		write("", false, item, x.form.Shape().Item(i), x.numbered(i))
	}
	for name, member := range n.Members() {
		shape := x.form.Shape().Member(name)
		switch {
		case x.form.Styled(name):
			one := source.New(member, source.Object, "", "", *member)
			for _, f := range x.form.Fields(&one) {
				text := source.New(member, source.String, f.Name, f.Raw)
				write(f.Name, true, &text, nil, anyPart)
			}
		case member.Is(source.Array):
			for i, item := range member.Items() {
				write(name, true, item, shape.Item(i), x.named(name))
			}
		default:
			write(name, true, member, shape, x.named(name))
		}
	}
	if err := w.Close(); err != nil || failed != nil {
		return nil, cmp.Or(failed, err)
	}
	if bytes.Count(b.Bytes(), []byte("--"+boundary)) != len(n.Kids)+1 && strings.Contains(string(n.AppendJSON(nil)), boundary) {
		return nil, fmt.Errorf("the text %q separates the parts and cannot stand in one", boundary)
	}
	return b.Bytes(), nil
}

// partOf gives the header and the content of a part.
func partOf(name string, named bool, n *source.Node, shape *schema.Shape, e *partEncoding) (textproto.MIMEHeader, []byte) {
	header := textproto.MIMEHeader{}
	disposition := fmt.Sprintf(`form-data; name="%s"`, partNames.Replace(name))
	t := e.assumed(shape)
	binary := shape != nil && shape.Binary
	if n.Is(source.Object) && !n.Is(source.Array) && shape == nil {
		t = MediaType{Type: "application", Subtype: "json"}
	}
	if binary {
		file := "file"
		if n.Is(source.Object) {
			file = n.Get(fileName).Scalar()
		}
		disposition += fmt.Sprintf(`; filename="%s"`, partNames.Replace(file))
		if len(e.types) == 0 {
			t = MediaType{Type: "application", Subtype: "octet-stream"}
		}
		if n.Has(fileType) {
			t, _ = ParseMediaType(n.Get(fileType).Scalar())
		}
	}
	if named {
		header.Set("Content-Disposition", disposition)
	}
	if !named || len(e.types) > 0 || !t.IsText() {
		header.Set("Content-Type", t.String())
	}
	switch {
	case binary && n.Is(source.Object):
		return header, []byte(n.Get(fileContent).Scalar())
	case t.IsJSON():
		return header, n.AppendJSON(nil)
	}
	return header, []byte(param.TextOf(n))
}

// writeHeaders adds the headers that a part must have.
func (e *partEncoding) writeHeaders(header textproto.MIMEHeader, text HeaderText) error {
	for _, h := range e.headers {
		if !h.Required {
			continue
		}
		value, err := text(h)
		if err != nil {
			return fmt.Errorf("the header %q of a part: %w", h.Name, err)
		}
		header.Set(h.Name, value)
	}
	return nil
}

var errNotNamed = errors.New("its schema names no value")

// statedHeader is a value for a header of a part that its schema names.
func statedHeader(h *ResponseHeader) (string, error) {
	for _, key := range []string{"example", "default", "const"} {
		if n := h.decoder.Schema.Get(key); n != nil {
			return param.TextOf(n), nil
		}
	}
	for _, n := range h.decoder.Schema.Get("enum").Items() {
		return param.TextOf(n), nil
	}
	return "", errNotNamed
}
