package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

var (
	// regexFilter is Jayway's comparison with a regular expression.
	regexFilter = regexp.MustCompile(`(@[A-Za-z0-9_.'\[\]]*)\s*=~\s*/((?:[^/\\]|\\.)*)/(i?)`)
	// rootFilter asks the object that is the body, which in RFC 9535 its members are
	// asked for.
	rootFilter = regexp.MustCompile(`^\$\[\?\(\s*@\.([A-Za-z0-9_.]+)\s*==\s*('[^'\\]*'|-?[0-9.]+|true|false)\s*\)\]$`)
)

// matchesJSONPath maps a query, with a matcher for what it selects or without.
func (w *wireRule) matchesJSONPath(n *source.Node, negated bool) bool {
	query, value := n.Str(), source.Node{}
	simple := n.Is(source.String)
	if !simple {
		query = n.Get("expression").Str()
		var ok bool
		if value, ok = w.selected(n); !ok {
			return false
		}
	}
	if found := rootFilter.FindStringSubmatch(query); found != nil && simple && !w.listBody() {
		literal := matcher("equalTo", number(found[2]))
		switch {
		case found[2][0] == '\'':
			literal = matcher("equalTo", text(strings.Trim(found[2], "'")))
		case found[2] == "true" || found[2] == "false":
			literal = matcher("equalTo", truth(found[2] == "true"))
		}
		query, value, simple = "$."+found[1], literal, false
	}
	if strings.HasPrefix(query, "$[?") && !w.listBody() {
		w.leftOut(n.At(), "ask for the members by name: $.name", "this query filters the body itself, and in RFC 9535 a filter looks at members")
		return false
	}
	query = regexFilter.ReplaceAllStringFunc(query, func(found string) string {
		parts := regexFilter.FindStringSubmatch(found)
		flags := ""
		if parts[3] != "" {
			flags = "(?i)"
		}
		return "match(" + parts[1] + ", '" + flags + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(parts[2]) + "')"
	})
	if _, err := jsonpath.Parse(query); err != nil {
		w.leftOut(n.At(), "queries are those of RFC 9535", "the query %s cannot be carried over: %v", query, err)
		return false
	}
	if simple {
		value = something(query)
	}
	if negated {
		value = matcher("anyOf", list(matcher("absent", truth(true)), matcher("not", value)))
		if strings.ContainsAny(query, "*?:,") || strings.Contains(query, "..") {
			value = matcher("absent", truth(true))
			if !simple {
				w.leftOut(n.At(), "", "a matcher that must hold for none of several nodes cannot be carried over")
				return false
			}
		}
	}
	w.s.jsonPath.add(query, value)
	return true
}

// something is what a query without a matcher asks for: a node, and where it leads to
// one alone, neither null nor empty.
func something(query string) source.Node {
	if strings.ContainsAny(query, "*?:,") || strings.Contains(query, "..") {
		return matcher("present", truth(true))
	}
	return matcher("not", matcher("oneOf", list(null(), list(), object())))
}

// selected maps the matcher for what a query selects: there, values are compared as
// texts.
func (w *wireRule) selected(n *source.Node) (source.Node, bool) {
	word := wireWord(n)
	if word == nil {
		w.leftOut(n.At(), "", "matchesJsonPath has no matcher that is known")
		return source.Node{}, false
	}
	if word.Key == "equalToJson" {
		return w.equalToJSON(n)
	}
	if word.Key == "equalTo" && !n.Has("caseInsensitive") {
		return eitherType(word.Scalar()), true
	}
	return w.textMatcher(n, text)
}

// listBody tells whether bodies of the operation are lists by the contract.
func (w *wireRule) listBody() bool {
	if w.t.op == nil {
		return false
	}
	return slices.ContainsFunc(w.t.op.RequestBody(), func(r contract.RequestMedia) bool {
		return r.SchemaNode.Get("type").Str() == "array" || r.SchemaNode.Has("items")
	})
}
