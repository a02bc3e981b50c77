package param

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// maxJSONDepth bounds nested arrays and objects of a JSON parameter.
const maxJSONDepth = 1000

var (
	errTooDeep = fmt.Errorf("arrays and objects are nested more than %d deep", maxJSONDepth)
	errMore    = errors.New("there is more text behind the value")
)

// jsonText keeps a decoder and its buffers between requests.
type jsonText struct {
	dec  jsontext.Decoder
	text strings.Reader
}

var jsonTexts = sync.Pool{New: func() any { return new(jsonText) }}

// parseJSON reads a JSON text (RFC 8259) strictly: duplicate names and invalid
// UTF-8 are errors. Numbers keep their text.
func parseJSON(text string) (any, error) {
	j := jsonTexts.Get().(*jsonText)
	defer jsonTexts.Put(j)
	j.text.Reset(text)
	defer j.text.Reset("")
	j.dec.Reset(&j.text)
	value, err := jsonValue(&j.dec)
	if err != nil {
		return nil, err
	}
	if _, err := j.dec.ReadToken(); err != io.EOF {
		if err == nil {
			err = errMore
		}
		return nil, err
	}
	return value, nil
}

func jsonValue(dec *jsontext.Decoder) (any, error) {
	switch dec.PeekKind() {
	case '0':
		raw, err := dec.ReadValue()
		return json.Number(raw), err
	case '[', '{':
		return jsonContainer(dec)
	}
	token, err := dec.ReadToken()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

func jsonContainer(dec *jsontext.Decoder) (any, error) {
	begin, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	if dec.StackDepth() > maxJSONDepth {
		return nil, errTooDeep
	}
	if begin.Kind() == '[' {
		list := []any{}
		for dec.PeekKind() != ']' {
			item, err := jsonValue(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = dec.ReadToken()
		return list, err
	}
	object := map[string]any{}
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if object[name], err = jsonValue(dec); err != nil {
			return nil, err
		}
	}
	_, err = dec.ReadToken()
	return object, err
}

// reason takes the position and the package's name out of a syntax error.
func reason(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && syntax.Err != nil {
		err = syntax.Err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "the text ends too early"
	}
	return strings.TrimPrefix(err.Error(), "jsontext: ")
}
