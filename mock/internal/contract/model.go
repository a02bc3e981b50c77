package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// structural are the members that the models do not read: schemas, examples and
// what holds them stay in the raw tree, where order, number text and positions are.
var structural = map[string]bool{
	"schema": true, "example": true, "examples": true, "content": true, "headers": true, "items": true,
	"default": true, "enum": true, "encoding": true, "itemSchema": true,
}

// model reads one object of the specification into kin-openapi's type for it,
// without schemas and examples. What kin cannot read is reported as a warning and
// left out, member by member.
func model[T any](f *findings, n *source.Node) (T, bool) {
	var out T
	if !n.Is(source.Object) {
		return out, false
	}
	if err := json.Unmarshal(modelJSON(n, nil), &out); err == nil {
		return out, true
	}
	var zero T
	out = zero
	skip := map[string]bool{}
	for key := range n.Members() {
		probe := zero
		only := map[string]bool{}
		for other := range n.Members() {
			only[other] = other != key
		}
		if err := json.Unmarshal(modelJSON(n, only), &probe); err != nil {
			skip[key] = true
			f.add(CodeNotReadable, source.Warning, n.Get(key).KeyAt(), fmt.Sprintf("%q has a value that cannot be read here and is ignored", key), expectedType(err))
		}
	}
	err := json.Unmarshal(modelJSON(n, skip), &out)
	return out, err == nil
}

func modelJSON(n *source.Node, skip map[string]bool) []byte {
	dst := []byte{'{'}
	for key, member := range n.Members() {
		if structural[key] && (member.Kind == source.Object || member.Kind == source.Array) || skip[key] {
			continue
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(source.AppendJSONString(dst, key), ':')
		dst = member.AppendJSON(dst)
	}
	return append(dst, '}')
}

// expectedType tells from a failed decoding what should have been there.
func expectedType(err error) string {
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) {
		return firstLine(err)
	}
	switch mismatch.Type.Kind() {
	case reflect.Bool:
		return "expected true or false"
	case reflect.String:
		return "expected text"
	case reflect.Slice:
		return "expected a list"
	case reflect.Map, reflect.Struct:
		return "expected a mapping"
	}
	return "expected a number"
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// unenforced lists what of a schema the engine does not enforce.
func (c *Contract) unenforced(*source.Node) source.Diagnostics { return nil }
