package schema

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestContentsAreUnambiguous makes words whose arguments and links look like parts of each
// other, and schemas of one and two of them: no two that ask for different things have the
// same content.
func TestContentsAreUnambiguous(t *testing.T) {
	t.Parallel()
	args := map[string]any{"none": nil}
	for i := range 256 {
		args[fmt.Sprint("types ", i)] = Types(i)
	}
	for _, n := range []int{0, 1, 2, -1, 31, 32, -32, 49, 63, 97, math.MaxInt32} {
		args[fmt.Sprint("int ", n)] = n
		args[fmt.Sprint("bound ", n)] = bound{text: fmt.Sprint(n)}
		args[fmt.Sprint("value ", n)] = &source.Node{Kind: source.Number, Text: fmt.Sprint(n)}
	}
	for _, b := range []bool{true, false} {
		args[fmt.Sprint("bool ", b)] = b
		args[fmt.Sprint("value ", b)] = &source.Node{Kind: source.Bool, Text: fmt.Sprint(b)}
	}
	for _, text := range []string{"", "a", "aa", "a;", "true", "?", "\x01a", "\x00", "\x01", "1", "date"} {
		args[fmt.Sprintf("value %q", text)] = &source.Node{Kind: source.String, Text: text}
		args[fmt.Sprintf("requires %q", text)] = []requirement{{name: text}}
		args[fmt.Sprintf("requires %q and a", text)] = []requirement{{name: text}, {name: "a"}}
		args[fmt.Sprintf("format %q", text)] = &format.Format{Name: text}
		if p, err := pattern.Compile(text); err == nil {
			args[fmt.Sprintf("pattern %q", text)] = p
		}
	}
	type link struct {
		key    string
		serial uint32
	}
	links := [][]link{nil, {{"", 0}}, {{"", 1}}, {{"a", 1}}, {{"", 97}}, {{"a", 97}}, {{"", 1}, {"", 1}}, {{"\x01", 1}}, {{"", 1}, {"a", 1}}, {{"", 200}}, {{"a;", 49}}}
	contents, keys := map[string]string{}, map[contentKey]string{}
	var last *object
	add := func(name, described string, arg any, unless bool, held []link) {
		w := word{name: name, arg: arg, unlessNull: unless}
		var to []*object
		for _, l := range held {
			w.subs = append(w.subs, sub{key: l.key})
			to = append(to, &object{reading: &reading{}, checker: &checker{serial: l.serial}})
		}
		o := &object{reading: &reading{words: []word{w}}, links: [][]*object{to}}
		described = fmt.Sprint(name, " ", unless, " ", described, " ", held)
		content, ok := o.wordContent(0)
		if other, again := contents[content]; again || !ok {
			t.Errorf("%s has the content of %s", described, other)
		}
		contents[content] = described
		schemas := []*object{o}
		if last != nil {
			schemas = append(schemas, &object{reading: &reading{words: append(last.words[:1:1], o.words...)}, links: append(last.links[:1:1], o.links...)})
		}
		for _, o := range schemas {
			key, ok := o.content()
			if other, again := keys[key]; again || !ok {
				t.Errorf("%s, of %d words, has the key of %s", described, len(o.words), other)
			}
			keys[key] = described
		}
		last = o
	}
	for _, name := range []string{"a", "a-", strings.Repeat("a", 97)} {
		for _, unless := range []bool{false, true} {
			for described, arg := range args {
				for _, held := range links {
					add(name, described, arg, unless, held)
				}
			}
		}
	}
}
