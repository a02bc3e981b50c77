package contract

import (
	"encoding/json"
	"fmt"
	"regexp"
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

// wantedType finds the Go type that a failed decoding names; kin-openapi's errors
// have it in their text alone.
var wantedType = regexp.MustCompile(`of type (\S+)`)

// expectedType tells from a failed decoding what should have been there.
func expectedType(err error) string {
	m := wantedType.FindStringSubmatch(err.Error())
	if m == nil {
		return firstLine(err)
	}
	switch typ := m[1]; {
	case typ == "bool":
		return "expected true or false"
	case typ == "string":
		return "expected text"
	case strings.HasPrefix(typ, "[]"):
		return "expected a list"
	case strings.HasPrefix(typ, "int"), strings.HasPrefix(typ, "uint"), strings.HasPrefix(typ, "float"):
		return "expected a number"
	}
	return "expected a mapping"
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
