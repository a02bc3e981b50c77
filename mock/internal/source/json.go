package source

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// json reads the text behind the first skip bytes.
func (p *parser) json(skip int) (*Node, error) {
	// Duplicate names are found by unique, with both positions.
	dec := jsontext.NewDecoder(bytes.NewBuffer(p.file.Data[skip:]), jsontext.AllowDuplicateNames(true))
	r := jsonReader{parser: p, dec: dec, skip: skip}
	root, err := r.value(1)
	if err != nil {
		return nil, err
	}
	end := int(dec.InputOffset())
	if rest := bytes.TrimLeft(p.file.Data[skip+end:], " \t\r\n"); len(rest) > 0 {
		p.add(CodeSyntax, Error, p.file.token(uint32(len(p.file.Data)-len(rest))), "there is more text after the end of the JSON value")
		return nil, errors.New("trailing text")
	}
	return &root, nil
}

type jsonReader struct {
	*parser
	dec  *jsontext.Decoder
	skip int
	// stack collects the kids of all open arrays and objects, so that each gets
	// a slice of exactly its size in the end.
	stack []Node
}

// str reads a string token; it gives the text and where the token begins.
func (r *jsonReader) str() (string, uint32, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return "", 0, err
	}
	at := uint32(r.skip + int(r.dec.InputOffset()) - len(raw))
	if bytes.IndexByte(raw, '\\') < 0 {
		return r.sharedBytes(raw[1 : len(raw)-1]), at, nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), at, err
}

func (r *jsonReader) value(depth int) (Node, error) {
	n := Node{file: r.file}
	switch kind := r.dec.PeekKind(); kind {
	case '{', '[':
		n.Kind = Object
		if kind == '[' {
			n.Kind = Array
		}
		err := r.kids(&n, kind, depth)
		return n, err
	case '"':
		text, at, err := r.str()
		n.Kind, n.Text, n.at = String, text, at
		if err != nil {
			return n, err
		}
	default:
		raw, err := r.dec.ReadValue()
		if err != nil {
			return n, err
		}
		n.at = uint32(r.skip + int(r.dec.InputOffset()) - len(raw))
		switch kind {
		case '0':
			n.Kind, n.Text = Number, r.sharedBytes(raw)
		case 't', 'f':
			n.Kind, n.Text = Bool, map[jsontext.Kind]string{'t': "true", 'f': "false"}[kind]
		}
	}
	return n, r.count(n.at, depth)
}

// kids reads what stands between the opening bracket and its closing one.
func (r *jsonReader) kids(n *Node, opening jsontext.Kind, depth int) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	n.at = uint32(r.skip + int(r.dec.InputOffset()) - 1)
	if err := r.count(n.at, depth); err != nil {
		return err
	}
	base := len(r.stack)
	for closing := opening + 2; r.dec.PeekKind() != closing; {
		var key string
		var keyAt uint32
		var err error
		if n.Kind == Object {
			if key, keyAt, err = r.str(); err != nil {
				return err
			}
		}
		kid, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		kid.Key, kid.keyAt = key, keyAt
		r.stack = append(r.stack, kid)
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	n.Kids = append(make([]Node, 0, len(r.stack)-base), r.stack[base:]...)
	clear(r.stack[base:])
	r.stack = r.stack[:base]
	if n.Kind == Object {
		n.Kids = r.unique(n.Kids)
	}
	return nil
}

func (p *parser) addJSONError(err error, skip int) {
	if p.addEncodingError() {
		return
	}
	at := Span{File: p.file, Off: uint32(len(p.file.Data))}
	message := err.Error()
	if err == io.EOF {
		message = "there is nothing in it"
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at = p.file.token(uint32(min(skip+int(syntax.ByteOffset), len(p.file.Data))))
		message = strings.TrimPrefix(syntax.Err.Error(), "jsontext: ")
		if strings.Contains(message, "EOF") {
			message = "the text ends in the middle of a value"
		}
	}
	p.add(CodeSyntax, Error, at, "this is not JSON: "+message)
}
