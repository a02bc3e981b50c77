package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxBody bounds the body of a request, in bytes, where it is no scenario.
const maxBody = 1 << 20

// read reads the body, JSON or YAML, into value, which points to a struct without structs
// in it; an absent body leaves it. Members that value does not have are refused.
func (c *call) read(value any) error {
	data, err := c.readBody(maxBody)
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return err
	}
	root, found := source.Parse(&source.File{Name: "body", Data: data}, source.Options{})
	if err := found.Err(); err != nil {
		return invalid("The body cannot be read: %s", found[0].Error())
	}
	if !root.Is(source.Object) {
		return invalid("The body must be an object.")
	}
	known, meant := memberNames(reflect.TypeOf(value).Elem())
	for name := range root.Members() {
		switch {
		case slices.Contains(known, name):
		case meant[name] != "":
			return invalid("The body cannot have %q: did you mean %q?", name, meant[name])
		default:
			return invalid("The body cannot have %q%s", name, choice(name, known))
		}
	}
	if err := json.Unmarshal(root.AppendJSON(nil), value); err != nil {
		return invalid("The body cannot be used: %s.", explainJSON(err))
	}
	return nil
}

// explainJSON says what is wrong with a body in the words of those who wrote it.
func explainJSON(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return wrong.Field + " must be of another type than " + wrong.Value
	}
	return trimJSON(err.Error())
}

// memberNames lists the members that JSON may have for a struct. meant are those under the
// names that other products have for them, which the tag "also" lists.
func memberNames(t reflect.Type) (known []string, meant map[string]string) {
	meant = map[string]string{}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known = append(known, name)
		for also := range strings.FieldsSeq(field.Tag.Get("also")) {
			meant[also] = name
		}
	}
	return known, meant
}
