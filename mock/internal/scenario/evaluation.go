package scenario

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// evaluation is what the expressions of one condition or answer run on. It is
// made for each and not shared.
type evaluation struct {
	ex     *exchange.Exchange
	values Values // nil for the keys of states, which see no state
	now    time.Time
	states []*stateRef

	env map[string]any
}

// environment gives the values of the names that an expression asks for. They are
// made once and kept for the next expression of the same answer.
func (e *evaluation) environment(roots []string) (map[string]any, error) {
	if e.env == nil {
		e.env = make(map[string]any, len(roots)+1)
		e.env[stepsName] = newSteps()
	}
	for _, root := range roots {
		if _, ok := e.env[root]; ok {
			continue
		}
		value, err := e.root(root)
		if err != nil {
			return nil, err
		}
		e.env[root] = value
	}
	return e.env, nil
}

func (e *evaluation) root(name string) (any, error) {
	switch name {
	case "request":
		return e.request(), nil
	case "path":
		return e.parameters(exchange.Path), nil
	case "query":
		return e.query(), nil
	case "headers":
		return e.headers(), nil
	case "body":
		return e.body(), nil
	case "state":
		return e.current()
	case "session":
		return e.ex.Session, nil
	case "violations":
		return violationsOf(e.ex), nil
	}
	return e.now, nil
}

func (e *evaluation) request() map[string]any {
	r := &e.ex.Request
	url := r.Path
	if r.RawQuery != "" {
		url += "?" + r.RawQuery
	}
	return map[string]any{
		"method": r.Method, "url": url, "id": e.ex.ID,
		"path": e.parameters(exchange.Path), "query": e.query(), "headers": e.headers(),
		"cookies": e.cookies(), "body": e.body(),
	}
}

// parameters gives the declared parameters of a place that the request has.
func (e *evaluation) parameters(in exchange.Location) map[string]any {
	values := map[string]any{}
	for i := range e.ex.Parameters {
		if p := &e.ex.Parameters[i]; p.In == in && p.Present {
			values[p.Name] = plain(p.Value)
		}
	}
	return values
}

// query adds the parameters that are not declared, as text.
func (e *evaluation) query() map[string]any {
	values := e.parameters(exchange.Query)
	for _, pair := range e.ex.QueryPairs() {
		if _, ok := values[pair.Name]; !ok && e.ex.Parameter(exchange.Query, pair.Name) == nil {
			values[pair.Name] = pair.Value
		}
	}
	return values
}

// headers gives all headers by their names in lower case, declared ones decoded.
func (e *evaluation) headers() map[string]any {
	values := map[string]any{}
	for name := range e.ex.Request.Header {
		values[strings.ToLower(name)] = headerOperand(&e.ex.Request, name).text
	}
	if _, ok := values["host"]; !ok && e.ex.Request.Host != "" {
		values["host"] = e.ex.Request.Host
	}
	for name, value := range e.parameters(exchange.Header) {
		values[strings.ToLower(name)] = value
	}
	return values
}

func (e *evaluation) cookies() map[string]any {
	values := map[string]any{}
	for _, pair := range e.ex.CookiePairs() {
		if _, known := values[pair.Name]; !known {
			values[pair.Name] = pair.Value
		}
	}
	for name, value := range e.parameters(exchange.Cookie) {
		values[name] = value
	}
	return values
}

// body gives the decoded body, and its text where it could not be decoded.
func (e *evaluation) body() any {
	switch {
	case e.ex.Body.IsDecoded():
		return plain(e.ex.Body.Value())
	case len(e.ex.Request.Body) > 0:
		return string(e.ex.Request.Body)
	}
	return nil
}

// current gives the values of the states that the expressions ask for.
func (e *evaluation) current() (map[string]string, error) {
	values := make(map[string]string, len(e.states))
	for _, ref := range e.states {
		value, err := ref.current(e.ex, e.values)
		if err != nil {
			return nil, err
		}
		values[ref.machine.name] = value
	}
	return values, nil
}

func violationsOf(ex *exchange.Exchange) []any {
	list := make([]any, len(ex.Violations))
	for i, v := range ex.Violations {
		list[i] = map[string]any{
			"in": string(v.In), "name": v.Name, "pointer": v.Pointer, "rule": v.Rule, "expected": v.Expected,
			"got": v.Got, "fix": v.Fix, "message": v.String(), "contract": v.ContractLine(),
		}
	}
	return list
}

// plain gives a decoded value with the numbers that expressions reckon with.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		return number(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[name] = plain(member)
		}
		return object
	}
	return value
}

// number gives an int64 or float64 that is exactly the number written, and the
// text where there is none: a number is never silently another one.
func number(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || !equalNumber(string(n), formatFloat(f)) {
		return n
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

// formatFloat writes the shortest JSON number that reads as f.
func formatFloat(f float64) string { return string(appendFloat(nil, f)) }
