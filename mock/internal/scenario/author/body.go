package author

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// body gives the members that state the body and its media type; nil where the body
// is the contract's own, or there is none.
func (r *reply) body(response *contract.Response, file func(ext string, data []byte) string) []source.Node {
	if exchange.Bodiless(r.Status) || r.states("body", "text", "base64", "file", "merge", "example", "generate") {
		return nil
	}
	var content []*contract.Media
	if response != nil {
		content = response.Content()
	}
	sent := r.Header.Get("Content-Type")
	t, ok := contract.ParseMediaType(sent)
	if !ok || !t.Concrete() {
		t, sent = typeOf(r.Body, content), ""
	}
	if r.bare {
		if sent == "" || len(content) < 2 || contract.MediaFor(content, sent) == nil {
			return nil
		}
		return []source.Node{*text("mediaType", sent)}
	}
	if len(r.Body) == 0 && len(content) == 0 {
		return nil
	}
	n := r.stated(t, file)
	if sent == "" || !mustBeNamed(content, n.Key, sent) {
		return []source.Node{n}
	}
	return []source.Node{*text("mediaType", sent), n}
}

// typeOf guesses the media type of a body that says none.
func typeOf(body []byte, content []*contract.Media) contract.MediaType {
	if len(content) > 0 {
		return content[0].Type.Nearest()
	}
	if parsed(body) != nil {
		return contract.MediaType{Type: "application", Subtype: "json"}
	}
	return contract.MediaType{Type: "text", Subtype: "plain"}
}

// mustBeNamed tells whether a body with this keyword would be sent as another media
// type if nothing were said.
func mustBeNamed(content []*contract.Media, keyword, sent string) bool {
	i := 0
	if len(content) > 1 { // then the keyword decides
		i = slices.IndexFunc(content, func(m *contract.Media) bool { return m.Type.IsJSON() || !m.Type.Concrete() })
	}
	switch {
	case len(content) == 0:
		return keyword != "body" || sent != "application/json"
	case i < 0 || len(content) > 1 && keyword != "body":
		return true
	}
	m := content[i]
	return !m.Type.Concrete() || m.Type.Syntax() == contract.Multipart || m.ContentType(nil)[0] != sent
}

// stated writes the body with the keyword that suits it best.
func (r *reply) stated(t contract.MediaType, file func(ext string, data []byte) string) source.Node {
	plain := isPlain(r.Body)
	if file != nil && (len(r.Body) > MaxInline || !plain) {
		return *text("file", file(extension(t), r.Body))
	}
	if t.IsJSON() {
		if n := parsed(r.Body); n != nil && Literal(n) {
			return n.Renamed("body")
		}
	}
	if plain {
		return *text("text", scenario.Literal(string(r.Body)))
	}
	return *text("base64", base64.StdEncoding.EncodeToString(r.Body))
}

// parsed reads a body as JSON, nil for what is none or says something twice.
func parsed(body []byte) *source.Node {
	if !json.Valid(body) { // which YAML may be all the same
		return nil
	}
	n, found := source.Parse(&source.File{Name: "body.json", Data: body}, source.Options{})
	if len(found) > 0 {
		return nil
	}
	return n
}

// maxKey is how long a key may be in YAML.
const maxKey = 1_000

// Literal writes the texts of a tree so that they are sent as they are where a scenario
// states a body. It fails where that cannot be done: expressions cannot stand in keys,
// nor be escaped there.
func Literal(n *source.Node) bool {
	if n.Is(source.String) {
		n.Text = scenario.Literal(n.Text)
	}
	if strings.Contains(n.Key, "${") || utf8.RuneCountInString(n.Key) > maxKey {
		return false
	}
	for i := range n.Kids {
		if !Literal(&n.Kids[i]) {
			return false
		}
	}
	return true
}

// isPlain tells whether a body is text that people can read.
func isPlain(body []byte) bool {
	return utf8.Valid(body) && !bytes.ContainsFunc(body, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// extensions are those of files with bodies, by subtype or type.
var extensions = map[string]string{"xml": ".xml", "html": ".html", "csv": ".csv", "text": ".txt", "png": ".png", "jpeg": ".jpg", "pdf": ".pdf", "zip": ".zip"}

// extension gives the extension for a file with a body.
func extension(t contract.MediaType) string {
	known := extensions[t.Subtype]
	switch {
	case t.IsJSON():
		return ".json"
	case t.IsXML():
		return ".xml"
	case known != "":
		return known
	case t.Type == "text":
		return ".txt"
	}
	if list, err := mime.ExtensionsByType(t.Type + "/" + t.Subtype); err == nil && len(list) == 1 {
		return list[0]
	}
	return ".bin"
}
