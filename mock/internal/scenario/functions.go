package scenario

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/vm/runtime"
)

// maxText bounds the text that an expression makes, in bytes.
const maxText = MaxFileSize

var errTextTooLong = fmt.Errorf("the text is longer than %d MiB", maxText>>20)

// functions are those of Understudy, beside the builtin ones of expr. Some take
// the place of a builtin one: to bound its result, or to write data as JSON does.
var functions = newFunctions()

func newFunctions() conf.FunctionsTable {
	table := conf.FunctionsTable{}
	add := func(name string, call func(args ...any) (any, error), signatures ...any) {
		f := &builtin.Function{Name: name, Func: call}
		for _, s := range signatures {
			f.Types = append(f.Types, reflect.TypeOf(s))
		}
		table[name] = f
	}
	add("uuid", func(...any) (any, error) { return uuid(), nil }, func() string { return "" })
	add("fake", fake, (func(string) string)(nil), (func(string, any) string)(nil))
	add("base64", onText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }), (func(string) string)(nil))
	add("sha256", onText(func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }), (func(string) string)(nil))
	add("md5", onText(func(s string) string { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]) }), (func(string) string)(nil))
	add("toJSON", func(args ...any) (any, error) {
		text, err := appendJSON(nil, args[0])
		return string(text), err
	}, (func(any) string)(nil))
	add("string", func(args ...any) (any, error) {
		text, err := appendText(nil, args[0])
		return string(text), err
	}, (func(any) string)(nil))
	add("repeat", repeatText, (func(string, int) string)(nil))
	add("replace", replaceText, (func(string, string, string) string)(nil), (func(string, string, string, int) string)(nil))
	add("join", joinTexts, (func([]any, string) string)(nil), (func([]any) string)(nil), (func([]string, string) string)(nil), (func([]string) string)(nil))
	add(boundFunction, bounded)
	add(tickFunction, tick)
	add(weighFunction, weighed)
	add(plusFunction, plus)
	return table
}

// functionNames lists all functions that an expression may call: not those of expr
// that a name of the environment hides.
func functionNames() []string {
	var names []string
	for name := range functions {
		if !strings.HasPrefix(name, "·") {
			names = append(names, name)
		}
	}
	for _, name := range builtin.Names {
		if name != zoneFunction && !slices.Contains(names, name) && !slices.Contains(rootNames, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func onText(f func(string) string) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		s, err := textArgument(args, 0)
		if err != nil {
			return nil, err
		}
		return f(s), nil
	}
}

func textArgument(args []any, i int) (string, error) {
	if i >= len(args) {
		return "", errors.New("an argument is missing")
	}
	s, ok := args[i].(string)
	if !ok {
		return "", fmt.Errorf("expected text, got %s", nounOf(args[i]))
	}
	return s, nil
}

// nounOf names the kind of a value for people.
func nounOf(v any) string {
	switch rv := reflect.ValueOf(v); {
	case v == nil:
		return "nothing"
	case rv.Kind() == reflect.Bool:
		return "true/false"
	case rv.CanInt(), rv.CanUint(), rv.CanFloat():
		return "a number"
	case rv.Kind() == reflect.Slice, rv.Kind() == reflect.Array:
		return "a list"
	case rv.Kind() == reflect.Map:
		return "a mapping"
	}
	return fmt.Sprintf("a value of type %T", v)
}

// uuid makes a random one (RFC 9562 section 5.4).
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func repeatText(args ...any) (any, error) {
	s, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	n := runtime.ToInt(args[1])
	if n < 0 || len(s) > 0 && n > maxText/len(s) {
		return nil, errTextTooLong
	}
	return strings.Repeat(s, n), nil
}

func replaceText(args ...any) (any, error) {
	var texts [3]string
	for i := range texts {
		var err error
		if texts[i], err = textArgument(args, i); err != nil {
			return nil, err
		}
	}
	s, old, with, n := texts[0], texts[1], texts[2], -1
	if len(args) > 3 {
		n = runtime.ToInt(args[3])
	}
	if grown := len(with) - len(old); grown > 0 && strings.Count(s, old) > (maxText-len(s))/grown {
		return nil, errTextTooLong
	}
	return strings.Replace(s, old, with, n), nil
}

func joinTexts(args ...any) (any, error) {
	glue := ""
	if len(args) > 1 {
		var err error
		if glue, err = textArgument(args, 1); err != nil {
			return nil, err
		}
	}
	var b []byte
	list := reflect.ValueOf(args[0])
	if list.Kind() != reflect.Slice {
		return nil, fmt.Errorf("expected a list, got %s", nounOf(args[0]))
	}
	for i := range list.Len() {
		if i > 0 {
			b = append(b, glue...)
		}
		var err error
		if b, err = appendText(b, list.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return string(b), nil
}

// plus is the function behind plusFunction: addition with bounded text.
func plus(args ...any) (any, error) {
	a, aOK := args[0].(string)
	b, bOK := args[1].(string)
	if aOK && bOK && len(a)+len(b) > maxText {
		return nil, errTextTooLong
	}
	return runtime.Add(args[0], args[1]), nil
}
