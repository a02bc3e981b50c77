package scenario

import "testing"

func TestPlainMessage(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"reflect: call of reflect.Value.Type on zero Value":              "a value is not there, or of a type that this cannot take",
		"invalid operation: int(a)":                                      "int cannot convert this text",
		"invalid operation: int(map[string]interface {})":                "int cannot convert a mapping",
		"invalid operation: <nil> + string ":                             "invalid operation: nothing + text",
		"invalid operation: + (mismatched types int and string)":         "invalid operation: + (mismatched types a number and text)",
		"cannot use string as argument (type int64) to call upper ":      "cannot use text as argument (type a number) to call upper",
		"cannot fetch x from []interface {}":                             "cannot fetch x from a list",
		"the expression walks through more than 10 elements\n | a\n | ^": "the expression walks through more than 10 elements",
	} {
		if got := plainMessage(message); got != want {
			t.Errorf("%q gives %q, want %q", message, got, want)
		}
	}
}
