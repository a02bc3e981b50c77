package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Results of expressions are written by the functions of this file. They bound
// what they write: a small expression can make a value that refers to itself many
// times over.

var errNotFinite = errors.New("the number is not finite, and JSON has no such number")

// appendJSON writes the result of an expression as JSON: members in name order,
// times as RFC 3339 text.
func appendJSON(dst []byte, value any) ([]byte, error) {
	if len(dst) > maxText {
		return dst, errTextTooLong
	}
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return source.AppendJSONString(dst, v), nil
	case json.Number:
		return append(dst, v...), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return dst, errNotFinite
		}
		return appendFloat(dst, v), nil
	case time.Time:
		return source.AppendJSONString(dst, v.Format(time.RFC3339Nano)), nil
	case time.Duration:
		return source.AppendJSONString(dst, v.String()), nil
	case []any:
		return appendItems(dst, v)
	}
	return appendReflected(dst, reflect.ValueOf(value))
}

// appendReflected writes the lists, objects and rare numbers that the functions
// of expr make.
func appendReflected(dst []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return appendList(dst, v)
	case reflect.Map:
		return appendObject(dst, v)
	case reflect.String:
		return source.AppendJSONString(dst, v.String()), nil
	}
	switch {
	case v.CanInt():
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case v.CanUint():
		return strconv.AppendUint(dst, v.Uint(), 10), nil
	case v.CanFloat():
		return appendJSON(dst, v.Float())
	}
	return dst, fmt.Errorf("a value of type %s cannot be written as JSON", v.Type())
}

func appendItems(dst []byte, items []any) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, item); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendList(dst []byte, v reflect.Value) (_ []byte, err error) {
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, v.Index(i).Interface()); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, v reflect.Value) (_ []byte, err error) {
	names := make([]string, 0, v.Len())
	members := make(map[string]any, v.Len())
	for key, value := range v.Seq2() {
		name, err := appendText(nil, key.Interface())
		if err != nil {
			return dst, err
		}
		if _, again := members[string(name)]; !again {
			names = append(names, string(name))
		}
		members[string(name)] = value.Interface()
	}
	slices.Sort(names)
	dst = append(dst, '{')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(source.AppendJSONString(dst, name), ':')
		if dst, err = appendJSON(dst, members[name]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// appendText writes the result of an expression inside of a text: text as it is,
// nothing for a value that is absent, everything else as JSON.
func appendText(dst []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return dst, nil
	case string:
		if len(dst)+len(v) > maxText {
			return dst, errTextTooLong
		}
		return append(dst, v...), nil
	case time.Time:
		return v.AppendFormat(dst, time.RFC3339Nano), nil
	case time.Duration:
		return append(dst, v.String()...), nil
	}
	return appendJSON(dst, value)
}

// appendFloat writes a finite number as encoding/json does.
func appendFloat(dst []byte, f float64) []byte {
	text, err := json.Marshal(f)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, text...)
}
