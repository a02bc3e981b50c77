package journal

import (
	"maps"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// alwaysHidden are headers whose values are secrets by their nature.
var alwaysHidden = []string{"authorization", "proxy-authorization", "cookie", "set-cookie"}

// Redactor takes secrets out of what is shown: the values behind certain names, and
// the same values where they stand in other texts. It is immutable.
type Redactor struct {
	// names are hidden names in lower case: case never counts.
	names map[exchange.Location]map[string]bool
	// properties are hidden names of properties in bodies and parameters.
	properties map[string]bool
}

// newRedactor hides what always is, and the names of a user.
func newRedactor(names []string) *Redactor {
	r := &Redactor{properties: lowered(names)}
	r.names = map[exchange.Location]map[string]bool{}
	for _, in := range []exchange.Location{exchange.Path, exchange.Query, exchange.Header} {
		r.names[in] = maps.Clone(r.properties)
	}
	for _, name := range alwaysHidden {
		r.names[exchange.Header][name] = true
	}
	return r
}

func lowered(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" {
			set[strings.ToLower(name)] = true
		}
	}
	return set
}

// with gives a redactor that hides further names in a place.
func (r *Redactor) with(in exchange.Location, names []string) *Redactor {
	next := &Redactor{names: maps.Clone(r.names), properties: r.properties}
	next.names[in] = maps.Clone(r.names[in])
	maps.Copy(next.names[in], lowered(names))
	return next
}

// hides tells whether the values of a parameter, header or cookie are secret:
// as the header Cookie is, each cookie is.
func (r *Redactor) hides(in exchange.Location, name string) bool {
	if in == exchange.Cookie || r.names[in][strings.ToLower(name)] {
		return true
	}
	if in != exchange.Query || len(r.properties) == 0 {
		return false
	}
	_, inside, found := strings.Cut(name, "[") // a property of a deepObject: filter[password]
	for found {
		var property string
		property, inside, found = strings.Cut(inside, "[")
		if r.hidesProperty(strings.TrimSuffix(property, "]")) {
			return true
		}
	}
	return false
}

func (r *Redactor) hidesProperty(name string) bool {
	return len(r.properties) > 0 && r.properties[strings.ToLower(name)]
}

// value hides properties inside of a decoded value. What has none it gives back.
func (r *Redactor) value(v any) any {
	if len(r.properties) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		shown := make(map[string]any, len(v))
		for name, member := range v {
			if shown[name] = exchange.Redacted; !r.hidesProperty(name) {
				shown[name] = r.value(member)
			}
		}
		return shown
	case []any:
		shown := make([]any, len(v))
		for i := range v {
			shown[i] = r.value(v[i])
		}
		return shown
	}
	return v
}

// content hides properties inside of what a body says. What has none is not read.
func (r *Redactor) content(c *exchange.Content) exchange.Content {
	if len(r.properties) == 0 || !c.IsDecoded() {
		return *c
	}
	return exchange.Decoded(r.value(c.Value()))
}

// query hides values in a query as it was sent.
func (r *Redactor) query(raw string) string {
	if raw == "" {
		return ""
	}
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		name, _, found := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if found && r.hides(exchange.Query, plain) {
			parts[i] = name + "=" + exchange.Redacted
		}
	}
	return strings.Join(parts, "&")
}

// violation hides what a violation has of the value behind a hidden name.
func (r *Redactor) violation(v exchange.Violation) exchange.Violation {
	if v.Got == "" {
		return v
	}
	// A hidden name may stand behind the place where the pointer or the name was cut.
	hidden := v.In == exchange.Security || r.hides(v.In, v.Name) ||
		len(r.properties) > 0 && (exchange.IsShortened(v.Pointer) || exchange.IsShortened(v.Name))
	for token := range strings.SplitSeq(v.Pointer, "/") {
		hidden = hidden || r.hidesProperty(strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
	}
	if hidden {
		v.Got = exchange.Redacted
		return v
	}
	v.Got = string(r.json([]byte(v.Got)))
	return v
}
