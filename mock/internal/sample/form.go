package sample

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// boundary separates the parts of multipart bodies.
const boundary = "understudy-sample"

// other writes bodies that are neither JSON nor text. Forms are written simply: one
// field for each member or item.
func other(n *source.Node, t contract.MediaType) (body []byte, contentType string) {
	switch {
	case t.Type == "multipart":
		return multipartBody(n), t.Type + "/" + t.Subtype + "; boundary=" + boundary
	case t.Subtype == "x-www-form-urlencoded":
		var fields []string
		for _, f := range fieldsOf(n) {
			fields = append(fields, escape(f.Key)+"="+escape(textOf(f)))
		}
		return []byte(strings.Join(fields, "&")), t.String()
	}
	return []byte(textOf(n)), t.String()
}

// fieldsOf gives the members of an object; arrays count as several of the same name.
func fieldsOf(n *source.Node) []*source.Node {
	var list []*source.Node
	for name, member := range n.Members() {
		if member.Kind != source.Array {
			list = append(list, member)
			continue
		}
		for _, item := range member.Items() {
			field := item.Renamed(name)
			list = append(list, &field)
		}
	}
	return list
}

func multipartBody(n *source.Node) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary) // it has no character that is not allowed
	for _, f := range fieldsOf(n) {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q`, f.Key)}}
		if f.Kind == source.Object {
			header.Set("Content-Type", "application/json")
		}
		if part, err := w.CreatePart(header); err == nil {
			_, _ = part.Write([]byte(textOf(f)))
		}
	}
	_ = w.Close()
	return b.Bytes()
}
