package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario/fullmatch"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// RequestPattern chooses requests as WireMock's request patterns do: by method, one of
// url, urlPath, urlPattern and urlPathPattern, and headers with equalTo, matches or
// contains. It knows no other key, so that nothing is passed over in silence. Regular
// expressions are of RE2 and are held to the whole text.
type RequestPattern struct {
	method  string                // "" for any
	url     textTest              // of the path with the query, nil for any
	path    textTest              // of the path alone, nil for any
	headers map[string][]textTest // by canonical name
}

// textTest is a condition on a text, such as the line of a header.
type textTest func(text string) bool

// urlKeys are the keys of which a pattern has one, with what each is about.
var urlKeys = []struct{ key, about string }{
	{"url", "the path with the query"},
	{"urlPath", "the path alone"},
	{"urlPattern", "a regular expression for the path with the query"},
	{"urlPathPattern", "a regular expression for the path alone"},
}

// headerTests make the conditions that a header may have.
var headerTests = map[string]func(want string) (textTest, error){
	"equalTo": equalTo,
	"contains": func(want string) (textTest, error) {
		return func(line string) bool { return strings.Contains(line, want) }, nil
	},
	"matches": matchesAll,
}

func equalTo(want string) (textTest, error) {
	return func(text string) bool { return text == want }, nil
}

// matchesAll holds a regular expression to the whole text.
func matchesAll(want string) (textTest, error) {
	re, err := fullmatch.Compile(want, false)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression of RE2: %w", source.Cut(want, maxToldPattern), err)
	}
	return re.MatchString, nil
}

// maxToldPattern is how many bytes of a regular expression an error shows.
const maxToldPattern = 200

// methodOf reads a method, "" for any. An empty text is none, and is not taken for any: what
// leads to it is a variable that somebody has forgotten.
func methodOf(value json.RawMessage) (string, error) {
	method, err := textOf("method", value)
	switch {
	case err == nil && method == "":
		return "", errors.New("method is empty: write one, or ANY")
	case strings.EqualFold(method, "ANY"):
		return "", err
	}
	return strings.ToUpper(method), err
}

// ReadRequestPattern reads a pattern in JSON. The error names the key that is wrong.
func ReadRequestPattern(data []byte) (*RequestPattern, error) {
	members, err := objectOf("the pattern", data)
	if err != nil {
		return nil, err
	}
	p := &RequestPattern{headers: map[string][]textTest{}}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		switch value := members[key]; key {
		case "method":
			p.method, err = methodOf(value)
		case "url":
			p.url, err = testOf(key, value, equalTo)
		case "urlPath":
			p.path, err = testOf(key, value, equalTo)
		case "urlPattern":
			p.url, err = testOf(key, value, matchesAll)
		case "urlPathPattern":
			p.path, err = testOf(key, value, matchesAll)
		case "headers":
			err = p.readHeaders(value)
		default:
			err = fmt.Errorf("%q is not supported in a request pattern: there are method, url, urlPath, urlPattern, urlPathPattern and headers; operation and when, which say more, are for POST /__admin/verify and /__admin/exchanges/find", key)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := oneURL(members); err != nil {
		return nil, err
	}
	return p, nil
}

// oneURL refuses two keys for the URL, of which WireMock would pass one over.
func oneURL(members map[string]json.RawMessage) error {
	first := -1
	for i, u := range urlKeys {
		switch _, given := members[u.key]; {
		case given && first >= 0:
			return fmt.Errorf("%s and %s are both given: %s is %s, %s %s", urlKeys[first].key, u.key, urlKeys[first].key, urlKeys[first].about, u.key, u.about)
		case given:
			first = i
		}
	}
	return nil
}

func (p *RequestPattern) readHeaders(data []byte) error {
	headers, err := objectOf("headers", data)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		conditions, err := objectOf("the header "+name, headers[name])
		if err != nil {
			return err
		}
		if len(conditions) == 0 {
			return fmt.Errorf("the header %s has no condition: write {\"equalTo\": …}", name)
		}
		for _, word := range slices.Sorted(maps.Keys(conditions)) {
			known := headerTests[word]
			if known == nil {
				return fmt.Errorf("%q is not supported for the header %s: there are equalTo, matches and contains", word, name)
			}
			want, err := textOf(word, conditions[word])
			if err != nil {
				return err
			}
			test, err := known(want)
			if err != nil {
				return fmt.Errorf("%s for the header %s: %w", word, name, err)
			}
			canonical := http.CanonicalHeaderKey(name)
			p.headers[canonical] = append(p.headers[canonical], test)
		}
	}
	return nil
}

// objectOf reads an object member by member; a key that stands twice is an error.
func objectOf(what string, data []byte) (map[string]json.RawMessage, error) {
	wrong := func(err error) error {
		if err != nil {
			return fmt.Errorf("%s is no JSON object: %w", what, err)
		}
		return fmt.Errorf("%s is no JSON object", what)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		return nil, wrong(err)
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, wrong(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, wrong(err)
		}
		name := key.(string) // the decoder takes nothing else for a key
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("%s has %q twice", what, name)
		}
		members[name] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, wrong(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows %s", what)
	}
	return members, nil
}

func textOf(key string, data []byte) (string, error) {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil || text == nil {
		return "", fmt.Errorf("%s must be text, not %s", key, source.Cut(string(data), 40))
	}
	return *text, nil
}

// testOf reads the text of a key and makes a condition of it.
func testOf(key string, data []byte, kind func(want string) (textTest, error)) (textTest, error) {
	want, err := textOf(key, data)
	if err != nil {
		return nil, err
	}
	test, err := kind(want)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return test, nil
}

// Matches implements Matcher. Of a header that has several lines one must fulfil all
// its conditions.
func (p *RequestPattern) Matches(ex *exchange.Exchange) bool {
	r := &ex.Request
	url := r.Path
	if r.RawQuery != "" {
		url += "?" + r.RawQuery
	}
	if p.method != "" && p.method != r.Method || p.url != nil && !p.url(url) || p.path != nil && !p.path(r.Path) {
		return false
	}
	for name, tests := range p.headers {
		lines := r.Header[name]
		if name == "Host" {
			lines = []string{r.Host}
		}
		if !slices.ContainsFunc(lines, func(line string) bool {
			return !slices.ContainsFunc(tests, func(test textTest) bool { return !test(line) })
		}) {
			return false
		}
	}
	return true
}

// AsksBody implements Matcher.
func (p *RequestPattern) AsksBody() bool { return false }
