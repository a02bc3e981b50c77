package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// runtimeText is a text with runtime expressions in braces (OpenAPI 3.1 section
// 4.8.20.4); a text that begins with $ is an expression as a whole.
type runtimeText []runtimePart

// runtimePart is fixed text, or an expression.
type runtimePart struct {
	fixed string
	expr  *runtimeExpression
}

// runtimeExpression reads one value of a request and its answer.
type runtimeExpression struct {
	text string
	read func(*exchange.Exchange) (any, error)
}

// parseRuntimeText reads a text with expressions. The error says what is wrong, and
// behind a colon what to write.
func parseRuntimeText(text string) (runtimeText, error) {
	if strings.HasPrefix(text, "$") {
		e, err := parseRuntimeExpression(text)
		return runtimeText{{expr: e}}, err
	}
	var parts runtimeText
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			parts = append(parts, runtimePart{fixed: before})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, fmt.Errorf("%q has no closing brace: write {$request.body#/url}", "{"+rest)
		}
		e, err := parseRuntimeExpression(inner)
		if err != nil {
			return nil, err
		}
		parts = append(parts, runtimePart{expr: e})
		text = after
	}
	return parts, nil
}

// parseRuntimeExpression reads an expression by the ABNF of the specification.
func parseRuntimeExpression(text string) (*runtimeExpression, error) {
	e := &runtimeExpression{text: text}
	switch text {
	case "$url":
		e.read = func(ex *exchange.Exchange) (any, error) { return ex.Request.URL(), nil }
		return e, nil
	case "$method":
		e.read = func(ex *exchange.Exchange) (any, error) { return ex.Request.Method, nil }
		return e, nil
	case "$statusCode":
		e.read = func(ex *exchange.Exchange) (any, error) { return strconv.Itoa(ex.Answer.Status), nil }
		return e, nil
	}
	message, from, _ := strings.Cut(text, ".")
	kind, name, named := strings.Cut(from, ".")
	body, pointer, hasPointer := strings.Cut(from, "#")
	request := message == "$request"
	switch {
	case !request && message != "$response":
	case body == "body" && (!hasPointer || pointer == "" || pointer[0] == '/'):
		e.read = func(ex *exchange.Exchange) (any, error) { return bodyValue(ex, request, pointer) }
	case kind == "header" && named && isToken(name):
		e.read = func(ex *exchange.Exchange) (any, error) { return headerValue(ex, request, name) }
	case kind == "query" && named && request:
		e.read = func(ex *exchange.Exchange) (any, error) { return queryValue(ex, name) }
	case kind == "path" && named && request:
		e.read = func(ex *exchange.Exchange) (any, error) { return pathValue(ex, name) }
	}
	if e.read == nil {
		return nil, fmt.Errorf("%q is no runtime expression: write one such as $request.body#/url, $request.query.url, $response.header.Location or $url", text)
	}
	return e, nil
}

// isToken tells whether a text can be the name of a header (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r) })
}

var errNotThere = errors.New("it is not there")

func headerValue(ex *exchange.Exchange, request bool, name string) (any, error) {
	h := ex.Answer.Header
	if request {
		h = ex.Request.Header
		if strings.EqualFold(name, "Host") {
			return ex.Request.Host, nil
		}
	}
	if value := h.Get(name); value != "" {
		return value, nil
	}
	return nil, errNotThere
}

func queryValue(ex *exchange.Exchange, name string) (any, error) {
	for pair := range strings.SplitSeq(ex.Request.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key, err := url.QueryUnescape(key); err == nil && key == name {
			return url.QueryUnescape(value)
		}
	}
	return nil, errNotThere
}

func pathValue(ex *exchange.Exchange, name string) (any, error) {
	if p := ex.Parameter(exchange.Path, name); p != nil && p.Present {
		return p.Raw, nil
	}
	return nil, errNotThere
}

func bodyValue(ex *exchange.Exchange, request bool, pointer string) (any, error) {
	if request {
		if !ex.Body.IsDecoded() {
			return nil, errNotThere
		}
		return atPointer(ex.Body.Value(), pointer)
	}
	value, err := jsonvalue.Decode(ex.Answer.Body)
	if err != nil && pointer == "" {
		value, err = string(ex.Answer.Body), nil
	}
	if err != nil || len(ex.Answer.Body) == 0 {
		return nil, errNotThere
	}
	return atPointer(value, pointer)
}

// atPointer follows a JSON pointer (RFC 6901) through decoded data.
func atPointer(value any, pointer string) (any, error) {
	if pointer == "" {
		return value, nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = source.UnescapePointer(token)
		switch v := value.(type) {
		case map[string]any:
			member, ok := v[token]
			if !ok {
				return nil, errNotThere
			}
			value = member
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) || strconv.Itoa(i) != token {
				return nil, errNotThere
			}
			value = v[i]
		default:
			return nil, errNotThere
		}
	}
	return value, nil
}

// resolve puts the values into the text: scalars as their text, other data as JSON.
func (t runtimeText) resolve(ex *exchange.Exchange) (string, error) {
	var b strings.Builder
	for _, p := range t {
		if p.expr == nil {
			b.WriteString(p.fixed)
			continue
		}
		value, err := p.expr.read(ex)
		if err == nil {
			err = writeValue(&b, value)
		}
		if err != nil {
			return "", fmt.Errorf("%s cannot be resolved: %w", p.expr.text, err)
		}
	}
	return b.String(), nil
}

func writeValue(b *strings.Builder, value any) error {
	switch v := value.(type) {
	case nil:
		return errors.New("it is null")
	case string:
		b.WriteString(v)
	default:
		text, err := json.Marshal(v)
		b.Write(text)
		return err
	}
	return nil
}
