package author

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// place is where a request says something that a condition can ask for: the key of
// when, and the name below it. For bodies that is a JSON pointer, or a JSONPath query
// where the key is jsonPath.
type place struct{ key, name string }

// keys of when, in the order in which they are tried to tell answers apart.
var keys = []string{"path", "query", "body", "jsonPath", "headers", "cookies"}

// facts are what a request says, by place, as conditions write it; nil where it says
// something that no condition asks for: a secret, a long text, a list or an object of
// the body.
type facts map[place]*source.Node

// Limits on what is taken of a body.
const (
	maxFacts = 200 // values of one request
	maxValue = 200 // bytes of one text
)

// factsOf gives what a request says; noBody tells that this has nothing of the body,
// which may be too large or not there.
func factsOf(op *contract.Operation, ex *exchange.Exchange) (f facts, noBody bool) {
	f = facts{}
	for i := range ex.Parameters {
		p := &ex.Parameters[i]
		if key := keyOf[p.In]; key != "" && p.Present {
			f.add(place{key, p.Name}, p.Value)
		}
	}
	for _, name := range []string{"Accept", "Content-Type"} {
		if lines := ex.Request.Header[name]; len(lines) == 1 && op.Parameter(exchange.Header, name) == nil {
			f.add(place{"headers", name}, lines[0])
		}
	}
	if !ex.Body.IsDecoded() {
		return f, true
	}
	f.body("", "$", false, ex.Body.Value())
	return f, len(f) >= maxFacts
}

var keyOf = map[exchange.Location]string{exchange.Path: "path", exchange.Query: "query", exchange.Header: "headers", exchange.Cookie: "cookies"}

// add notes a value, unless it is a secret, too long to be written, or no UTF-8, of which
// Marshal makes \ufffd.
func (f facts) add(at place, value any) {
	data, err := json.Marshal(value)
	var n *source.Node
	if text := string(data); err == nil && len(data) <= maxValue && !strings.Contains(text, exchange.Redacted) && !strings.Contains(text, `\ufffd`) {
		n = parsed(data)
	}
	if n.Is(source.Object) { // which may read as a matcher
		whole := source.New(nil, source.Object, "", "", n.Renamed("equalTo"))
		n = &whole
	}
	f[at] = n
}

// body notes the scalars of a decoded body, by their JSON pointer. The format has no
// such way below lists, and below members that read as matchers: there query takes its
// place, which says the same in JSONPath.
func (f facts) body(pointer, query string, byQuery bool, value any) {
	at := place{"body", pointer}
	if byQuery {
		at = place{"jsonPath", query}
	}
	if len(f) >= maxFacts {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		f[at] = nil
		for _, name := range slices.Sorted(maps.Keys(v)) {
			f.body(pointer+"/"+source.EscapePointer(name), query+selector(name), byQuery || scenario.IsMatcherWord(name), v[name])
		}
	case []any:
		f[at] = nil
		for i, item := range v {
			f.body(pointer+"/"+strconv.Itoa(i), query+"["+strconv.Itoa(i)+"]", true, item)
		}
	default:
		if f.add(at, v); pointer == "" {
			f[at] = nil // a body that is a scalar as a whole
		}
	}
}

var shorthand = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// selector selects a member in JSONPath (RFC 9535 sections 2.3.1 and 2.5.1).
func selector(name string) string {
	if shorthand.MatchString(name) {
		return "." + name
	}
	return string(source.AppendJSONString([]byte("["), name)) + "]"
}

// text is the value of a fact, "" for one that is not there.
func (f facts) text(at place) string {
	n := f[at]
	if n == nil {
		return ""
	}
	return string(n.AppendJSON(nil))
}

// when writes conditions for the places, and for whether the request keeps to the
// contract: what it says there, or that it says nothing. It gives nil for none.
func (f facts) when(places []place, ex *exchange.Exchange) *source.Node {
	when := source.New(nil, source.Object, "when", "")
	for _, key := range keys {
		group := source.New(nil, source.Object, key, "")
		for _, at := range places {
			n := f[at]
			if n == nil && at.key == "body" { // members of what may not be there
				at = place{"jsonPath", queryOf(at.name)}
			}
			switch {
			case at.key != key:
			case n == nil:
				group.Kids = append(group.Kids, source.New(nil, source.Object, at.name, "", source.New(nil, source.Bool, "absent", "true")))
			case key == "body":
				enter(&group, strings.Split(at.name[1:], "/"), n)
			default:
				group.Kids = append(group.Kids, n.Renamed(at.name))
			}
		}
		if len(group.Kids) > 0 {
			when.Kids = append(when.Kids, group)
		}
	}
	when.Kids = append(when.Kids, validity(ex)...)
	if len(when.Kids) == 0 {
		return nil
	}
	return &when
}

// queryOf is a JSON pointer to members as a JSONPath query.
func queryOf(pointer string) string {
	query := "$"
	for token := range strings.SplitSeq(pointer[1:], "/") {
		query += selector(source.UnescapePointer(token))
	}
	return query
}

// enter puts a value into an object, below the tokens of a JSON pointer.
func enter(n *source.Node, tokens []string, value *source.Node) {
	name := source.UnescapePointer(tokens[0])
	if len(tokens) == 1 {
		n.Kids = append(n.Kids, value.Renamed(name))
		return
	}
	i := slices.IndexFunc(n.Kids, func(kid source.Node) bool { return kid.Key == name })
	if i < 0 {
		i = len(n.Kids)
		n.Kids = append(n.Kids, source.New(nil, source.Object, name, ""))
	}
	enter(&n.Kids[i], tokens[1:], value)
}

// validity is what a stub says that answers requests which break the contract as this
// one does; nothing for a valid one.
func validity(ex *exchange.Exchange) []source.Node {
	if len(ex.Violations) == 0 {
		return nil
	}
	var places []string
	for i := range ex.Violations {
		places = append(places, string(ex.Violations[i].In))
	}
	slices.Sort(places)
	list := source.New(nil, source.Array, "violates", "")
	for _, in := range slices.Compact(places) {
		list.Kids = append(list.Kids, source.New(nil, source.String, "", in))
	}
	return []source.Node{source.New(nil, source.Bool, "valid", "false"), list}
}
