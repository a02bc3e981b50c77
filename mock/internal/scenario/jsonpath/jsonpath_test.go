package jsonpath_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
)

func decode(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// selected lists the nodes of a query as JSON, sorted: objects have no order.
func selected(t testing.TB, path *jsonpath.Path, v any) []string {
	t.Helper()
	var nodes []string
	_, err := path.Any(v, func(node any) bool {
		text, err := json.Marshal(node)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, string(text))
		return false
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(nodes)
	return nodes
}

const store = `{"store": {"book": [
	{"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
	{"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
	{"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
	{"category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99}],
	"bicycle": {"color": "red", "price": 399}}}`

const letters = `["a", "b", "c", "d", "e", "f", "g"]`

const mixed = `{"a": [3, 5, 1, 2, 4, 6, {"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}], "o": {"p": 1, "q": 2, "r": 3, "s": 5, "t": {"u": 6}}, "e": "f"}`

const nested = `{"o": {"j": 1, "k": 2}, "a": [5, 3, [{"j": 4}, {"k": 6}]]}`

const compared = `{"obj": {"x": "y"}, "arr": [2, 3]}`

// TestSelect follows the tables of RFC 9535 and adds what they leave out.
func TestSelect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		query, value string
		want         string // nodes as JSON, sorted, separated by spaces
	}{
		// Table 2.
		{`$.store.book[*].author`, store, `"Evelyn Waugh" "Herman Melville" "J. R. R. Tolkien" "Nigel Rees"`},
		{`$..author`, store, `"Evelyn Waugh" "Herman Melville" "J. R. R. Tolkien" "Nigel Rees"`},
		{`$.store..price`, store, `12.99 22.99 399 8.95 8.99`},
		{`$..book[2].title`, store, `"Moby Dick"`},
		{`$..book[-1].title`, store, `"The Lord of the Rings"`},
		{`$..book[0,1].price`, store, `12.99 8.95`},
		{`$..book[:2].price`, store, `12.99 8.95`},
		{`$..book[?@.isbn].price`, store, `22.99 8.99`},
		{`$..book[?@.price<10].title`, store, `"Moby Dick" "Sayings of the Century"`},
		// Names (tables 4 and 5).
		{`$`, `{"k": "v"}`, `{"k":"v"}`},
		{`$.o['j j']`, `{"o": {"j j": {"k.k": 3}}, "'": {"@": 2}}`, `{"k.k":3}`},
		{`$.o['j j']['k.k']`, `{"o": {"j j": {"k.k": 3}}, "'": {"@": 2}}`, `3`},
		{`$.o["j j"]["k.k"]`, `{"o": {"j j": {"k.k": 3}}, "'": {"@": 2}}`, `3`},
		{`$["'"]["@"]`, `{"o": {"j j": {"k.k": 3}}, "'": {"@": 2}}`, `2`},
		{`$['\'']['@']`, `{"'": {"@": 2}}`, `2`},
		{`$["\u0061\n\uD83D\uDE00\/\\"]`, `{"a\n😀/\\": 1}`, `1`},
		{`$.ä_1`, `{"ä_1": 1}`, `1`},
		{`$.a`, `[1]`, ``},
		{`$['']`, `{"": 1}`, `1`},
		// Wildcards (table 6).
		{`$[*]`, nested, `[5,3,[{"j":4},{"k":6}]] {"j":1,"k":2}`},
		{`$.o[*, *]`, nested, `1 1 2 2`},
		{`$.a[*]`, nested, `3 5 [{"j":4},{"k":6}]`},
		{`$.*`, `1`, ``},
		// Indices (table 7).
		{`$[1]`, `["a", "b"]`, `"b"`},
		{`$[-2]`, `["a", "b"]`, `"a"`},
		{`$[-3]`, `["a", "b"]`, ``},
		{`$[0]`, `{"0": 1}`, ``},
		// Slices (table 9).
		{`$[1:3]`, letters, `"b" "c"`},
		{`$[5:]`, letters, `"f" "g"`},
		{`$[1:5:2]`, letters, `"b" "d"`},
		{`$[5:1:-2]`, letters, `"d" "f"`},
		{`$[::-1]`, letters, `"a" "b" "c" "d" "e" "f" "g"`},
		{`$[ : : ]`, letters, `"a" "b" "c" "d" "e" "f" "g"`},
		{`$[::0]`, letters, ``},
		{`$[-2:]`, letters, `"f" "g"`},
		{`$[:-5]`, letters, `"a" "b"`},
		{`$[-1:-3:-1]`, letters, `"f" "g"`},
		{`$[100:-100:-3]`, letters, `"a" "d" "g"`},
		{`$[-100:100]`, `[]`, ``},
		{`$[9007199254740991:-9007199254740991:-9007199254740991]`, `[1, 2]`, `2`},
		// Comparisons (table 11), as filters over one element.
		{`$..[?$.absent1 == $.absent2][?@ == 2]`, compared, `2`},
		{`$.arr[?$.absent1 == $.absent2]`, compared, `2 3`},
		{`$.arr[?$.absent1 <= $.absent2]`, compared, `2 3`},
		{`$.arr[?$.absent == 'g']`, compared, ``},
		{`$.arr[?$.absent1 != $.absent2]`, compared, ``},
		{`$.arr[?$.absent != 'g']`, compared, `2 3`},
		{`$.arr[?1 <= 2]`, compared, `2 3`},
		{`$.arr[?1 > 2]`, compared, ``},
		{`$.arr[?13 == '13']`, compared, ``},
		{`$.arr[?'a' <= 'b']`, compared, `2 3`},
		{`$.arr[?'a' > 'b']`, compared, ``},
		{`$.arr[?$.obj == $.arr]`, compared, ``},
		{`$.arr[?$.obj != $.arr]`, compared, `2 3`},
		{`$.arr[?$.obj == $.obj]`, compared, `2 3`},
		{`$.arr[?$.obj != $.obj]`, compared, ``},
		{`$.arr[?$.arr == $.arr]`, compared, `2 3`},
		{`$.arr[?$.obj == 17]`, compared, ``},
		{`$.arr[?$.obj <= $.arr]`, compared, ``},
		{`$.arr[?$.obj < $.arr]`, compared, ``},
		{`$.arr[?$.obj <= $.obj]`, compared, `2 3`},
		{`$.arr[?1 <= $.arr]`, compared, ``},
		{`$.arr[?true <= true]`, compared, `2 3`},
		{`$.arr[?true > true]`, compared, ``},
		{`$[?@ == null]`, `[null, false, 0, ""]`, `null`},
		{`$[?@ < 'b']`, `["a", "b", "ä", 1]`, `"a"`},
		{`$[?@ == 1]`, `[1, 1.0, 10e-1, "1", 2]`, `1 1.0 10e-1`},
		{`$[?@ > 9007199254740992]`, `[9007199254740993, 9007199254740992]`, `9007199254740993`},
		{`$[?@ == -0]`, `[0, -0.0]`, `-0.0 0`},
		{`$[?@ == 1.5E+1]`, `[15]`, `15`},
		{`$[?@.a == $[0].a]`, `[{"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2}]}, {"a": [1]}, {"a": [1, {"c": 2}]}]`, `{"a":[1,{"b":2}]} {"a":[1.0,{"b":2}]}`},
		// Filters (table 12).
		{`$.a[?@.b == 'kilo']`, mixed, `{"b":"kilo"}`},
		{`$.a[?(@.b == 'kilo')]`, mixed, `{"b":"kilo"}`},
		{`$.a[?@>3.5]`, mixed, `4 5 6`},
		{`$.a[?@.b]`, mixed, `{"b":"j"} {"b":"k"} {"b":"kilo"} {"b":{}}`},
		{`$[?@.*]`, mixed, `[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}] {"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}`},
		{`$[?@[?@.b]]`, mixed, `[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]`},
		{`$.o[?@<3, ?@<3]`, mixed, `1 1 2 2`},
		{`$.a[?@<2 || @.b == "k"]`, mixed, `1 {"b":"k"}`},
		{`$.a[?match(@.b, "[jk]")]`, mixed, `{"b":"j"} {"b":"k"}`},
		{`$.a[?search(@.b, "[jk]")]`, mixed, `{"b":"j"} {"b":"k"} {"b":"kilo"}`},
		{`$.o[?@>1 && @<4]`, mixed, `2 3`},
		{`$.o[?@.u || @.x]`, mixed, `{"u":6}`},
		{`$.a[?@.b == $.x]`, mixed, `1 2 3 4 5 6`},
		{`$.a[?@ == @]`, mixed, `1 2 3 4 5 6 {"b":"j"} {"b":"k"} {"b":"kilo"} {"b":{}}`},
		{`$.o[?!@.u && !(@ > 1)]`, mixed, `1`},
		{`$.o[? ! ( @.u || @ > 1 ) ]`, mixed, `1`},
		{"$ .o [ ?\t@ \n.u ]", mixed, `{"u":6}`},
		// Functions.
		{`$[?length(@) == 2]`, `["ab", "äö", "abc", [1, 2], {"a": 1, "b": 2}, 2, null]`, `"ab" "äö" [1,2] {"a":1,"b":2}`},
		{`$[?length(@.a) == length(@.b)]`, `[{"a": 1}, {"a": "x", "b": "y"}, {"a": "x"}]`, `{"a":"x","b":"y"} {"a":1}`},
		{`$[?count(@.*) >= 2]`, `[[1], [1, 2], {"a": 1, "b": 2}]`, `[1,2] {"a":1,"b":2}`},
		{`$[?count(@..*) == 3]`, `[[[1, 2]], [1]]`, `[[1,2]]`},
		{`$[?value(@..a) == 1]`, `[{"x": {"a": 1}}, {"a": 1, "x": {"a": 1}}]`, `{"x":{"a":1}}`},
		{`$[?match(@, $[0])]`, `["b.?b", "bab", "bba", "(", 1]`, `"bab"`},
		{`$[?match(@, '.')]`, `["\u2028", "\n", "\r", "a", "ab"]`, `"\u2028" "a"`},
		{`$[?match(@, 'a[.b]c\\.')]`, `["abc.", "a.c.", "axc.", "abcx"]`, `"a.c." "abc."`},
		{`$[?match(@, 'a|ab')]`, `["ab", "b"]`, `"ab"`},
		{`$[?!match(@, 'a')]`, `["a", "b", 1]`, `"b" 1`},
		{`$[?match(1, 'a')]`, `[1]`, ``},
		{`$[?match(@, 1)]`, `["1"]`, ``},
		// Descendants (table 15).
		{`$..j`, nested, `1 4`},
		{`$..[0]`, nested, `5 {"j":4}`},
		{`$..o`, nested, `{"j":1,"k":2}`},
		{`$.o..[*, *]`, nested, `1 1 2 2`},
		{`$.a..[0, 1]`, nested, `3 5 {"j":4} {"k":6}`},
		{`$..*`, `{"a": [1]}`, `1 [1]`},
		// Null (table 16).
		{`$.a[0]`, `{"a": null}`, ``},
		{`$.b[?@==null]`, `{"b": [null]}`, `null`},
		{`$.c[?@.d==null]`, `{"c": [{}]}`, ``},
		{`$.null`, `{"null": 1}`, `1`},
	} {
		t.Run(test.query, func(t *testing.T) {
			t.Parallel()
			path, err := jsonpath.Parse(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.Join(selected(t, path, decode(t, test.value)), " ")); diff != "" {
				t.Error(diff)
			}
			if path.String() != test.query {
				t.Error(path)
			}
		})
	}
}

// TestSyntax holds where a mistake is shown. The place stands between » and «.
func TestSyntax(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ query, message string }{
		{"»«", "a query begins with $"},
		{"»s«tore", "a query begins with $"},
		{"» «$", "a query begins with $"},
		{"$» «", "' ' stands where a step such as .name, [0] or ..name is expected"},
		{"$»a«", "'a' stands where"},
		{"$.»«", "a dot needs a name or * behind it"},
		{"$.»1«a", "a dot needs a name"},
		{"$.»-«a", "a dot needs a name"},
		{"$.a»-«b", "'-' stands where"},
		{"$.»[«0]", "'[' stands where a name or * is expected"},
		{"$..»«", ".. needs a name or * behind it"},
		{"$..» «a", ".. needs"},
		{"$..».«a", ".. needs"},
		{"$[»«", "the query ends where a name in quotes"},
		{"$[»]«", "']' stands where a name in quotes"},
		{"$[»a«]", "a name in brackets stands in quotes"},
		{"$[»price«]", "a name in brackets stands in quotes"},
		{"$[0»«", "the query ends where , or ] is expected"},
		{"$[0,»]«", "']' stands where a name"},
		{"$[»01«]", "01 is no index"},
		{"$[»-0«]", "-0 is no index"},
		{"$[-»]«", "']' stands where a digit is expected"},
		{"$[1»«.0]", "'.' stands where , or ]"},
		{"$[»9007199254740992«]", "the index is too large"},
		{"$[1:2:3»:«4]", "':' stands where , or ]"},
		{`$[»"a«`, "the text in quotes does not end"},
		{`$["»` + "\n" + `«"]`, "a control character cannot stand in quotes"},
		{`$["»\'«"]`, "there is no such escape"},
		{`$["»\u12«"]`, "\\u needs four hexadecimal digits"},
		{`$["»\uD83D«"]`, "this is half of a character"},
		{`$["»\uDE00«"]`, "this is half of a character"},
		{"$['»\xff«']", "the text in quotes is not UTF-8"},
		{"$[?»]«", "']' stands where @, $, a literal or a function is expected"},
		{"$[?@.a »«= 1]", "there is no operator ="},
		{"$[?»name« == 1]", "name means nothing here"},
		{"$[?@.a == »01«]", "01 is no number"},
		{"$[?@.a == »1.«]", "1. is no number"},
		{"$[?»@.*« == 1]", "the query may select several nodes and is no value"},
		{"$[?»@..a« == 1]", "the query may select several nodes and is no value"},
		{"$[?»@[0,1]« == 1]", "the query may select several nodes and is no value"},
		{"$[?»true«]", "a literal is no condition"},
		{"$[?@.a && »'x'«]", "a literal is no condition"},
		{"$[?»!«@.a == 1]", "! cannot stand before a comparison"},
		{"$[?(@.a»«]", "']' stands where ) is expected"},
		{"$[?(@.a) »=«= 1]", "'=' stands where , or ]"},
		{"$[?@.a == 1 »=«= 2]", "'=' stands where , or ]"},
		{"$[?@.a &»«& ]", "stands where @, $"},
		{"$[?»lenght«(@) == 1]", "there is no function lenght"},
		{"$[?»length(@, 1)« == 1]", "length takes 1 arguments, not 2"},
		{"$[?»count()« == 1]", "count takes 1 arguments, not 0"},
		{"$[?»length(@)«]", "the function gives a value, which is no condition"},
		{"$[?length(»@.*«) == 1]", "the query may select several nodes and is no value"},
		{"$[?count(»1«) == 1]", "the function takes a query"},
		{"$[?»match(@, 'a')« == true]", "the function is true or false and gives no value"},
		{"$[?length(»match(@, 'a')«) == 1]", "the function is true or false and gives no value"},
		{"$[?»count« (@) == 1]", "count means nothing here"},
		{"$[?match(@, »'a('«)]", "this is no regular expression: missing closing )"},
		{"$[?match(@, »'a)|(b'«)]", "this is no regular expression: unexpected )"},
		{"$" + strings.Repeat("[?@", jsonpath.MaxDepth) + "»«", "brackets and parentheses stand inside of each other"},
		{"»$«" + strings.Repeat(".a", jsonpath.MaxLength), "the query is longer than"},
	} {
		before, rest, _ := strings.Cut(test.query, "»")
		place, after, _ := strings.Cut(rest, "«")
		t.Run(test.query[:min(30, len(test.query))], func(t *testing.T) {
			t.Parallel()
			_, err := jsonpath.Parse(before + place + after)
			var wrong *jsonpath.SyntaxError
			switch {
			case !errors.As(err, &wrong) || !strings.Contains(wrong.Message, test.message):
				t.Errorf("got %v, want %q", err, test.message)
			case place != "" && (wrong.Offset != len(before) || wrong.Length != len(place)):
				t.Errorf("at %d, %d long; want %d, %d", wrong.Offset, wrong.Length, len(before), len(place))
			}
		})
	}
}

// TestBounded holds that a hostile value ends an evaluation instead of occupying
// the server.
func TestBounded(t *testing.T) {
	t.Parallel()
	deep := decode(t, strings.Repeat("[", 5000)+strings.Repeat("]", 5000))
	wide := decode(t, "["+strings.Repeat(`{"a": 1},`, 5000)+"1]")
	long := decode(t, `["`+strings.Repeat("a", 5_000_000)+`","`+strings.Repeat("a", 5_000_000)+`", "x"]`)
	digits := decode(t, "["+strings.Repeat("7", 1_000_000)+strings.Repeat(", 5", 5000)+"]")
	for name, test := range map[string]struct {
		query string
		value any
	}{
		"long numbers":        {`$[?@ > $[0]]`, digits},
		"long equal numbers":  {`$[?@ == $[0] && @ == 1]`, digits},
		"descents in filters": {`$..[?@..[?@..x]]`, deep},
		"two descents":        {`$..*..x`, deep},
		"every with every":    {`$[?count($[?@.a == 2]) == 1]`, wide},
		"negated":             {`$[?!($[?@.a == 2])][?@ == 5]`, wide},
		"long texts":          {`$[?match($[0], '(a|aa)*b') || $[0] == $[1] && @ == 'y']`, long},
		"slices":              {`$..[?$..[::-1][?@.b]]`, wide},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := jsonpath.Parse(test.query)
			if err != nil {
				t.Fatal(err)
			}
			found, err := path.Any(test.value, func(any) bool { return false })
			if !errors.Is(err, jsonpath.ErrTooLong) || found {
				t.Errorf("%t %v", found, err)
			}
		})
	}
}

func TestAnyStops(t *testing.T) {
	t.Parallel()
	path, err := jsonpath.Parse("$..a")
	if err != nil {
		t.Fatal(err)
	}
	visits := 0
	found, err := path.Any(decode(t, `[{"a": 1}, {"a": 2}]`), func(any) bool { visits++; return true })
	if !found || err != nil || visits != 1 {
		t.Error(found, err, visits)
	}
}

func TestLead(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"$": "", "$.a['b'][0].c": "a b [] c", "$.a[*].b..c": "a * b", "$[0,1].a": "", "$.a[?@.b].c": "a", "$.a[1:].b": "a",
	} {
		path, err := jsonpath.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		steps, whole := path.Lead()
		if whole != (len(steps) == strings.Count(query, ".")+strings.Count(query, "[")) {
			t.Errorf("%s: whole %t with %d steps", query, whole, len(steps))
		}
		for _, s := range steps {
			switch {
			case s.Every:
				got = append(got, "*")
			case s.Item:
				got = append(got, "[]")
			default:
				got = append(got, s.Name)
				if at := query[s.Offset : s.Offset+s.Length]; strings.Trim(at, "'") != s.Name {
					t.Errorf("%s: the step %s stands at %q", query, s.Name, at)
				}
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"$", "$..a[?@.b == 1 && match(@, 'x')]", "$[1:2:-1,*]", `$["\u0041"]`, "$[?!(@.a||length(@)>1)]", "$[?count(@..*) != value($.a)]"} {
		f.Add(seed)
	}
	v := decode(f, mixed)
	f.Fuzz(func(t *testing.T, text string) {
		path, err := jsonpath.Parse(text)
		var wrong *jsonpath.SyntaxError
		if errors.As(err, &wrong) {
			if wrong.Offset < 0 || wrong.Length < 0 || wrong.Offset+wrong.Length > len(text)+1 || wrong.Message == "" {
				t.Errorf("%q: %+v", text, wrong)
			}
			return
		}
		if _, err := path.Any(v, func(any) bool { return false }); err != nil && !errors.Is(err, jsonpath.ErrTooLong) {
			t.Error(err)
		}
		path.Lead()
	})
}

func ExamplePath_Any() {
	path, err := jsonpath.Parse("$.items[?@.quantity > 1].sku")
	if err != nil {
		panic(err)
	}
	body := map[string]any{"items": []any{
		map[string]any{"sku": "A-1", "quantity": json.Number("1")},
		map[string]any{"sku": "A-2", "quantity": json.Number("2")},
	}}
	found, _ := path.Any(body, func(node any) bool { fmt.Println(node); return true })
	fmt.Println(found)
	// Output:
	// A-2
	// true
}
