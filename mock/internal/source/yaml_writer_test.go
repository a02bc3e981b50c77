package source

import (
	"strings"
	"testing"
)

func TestAppendYAML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`null`:                          " null",
		`1.0`:                           " 1.0",
		`"x"`:                           " x",
		`""`:                            ` ""`,
		`[]`:                            " []",
		`{}`:                            " {}",
		`"no"`:                          ` "no"`,
		`"2026-01-31"`:                  ` "2026-01-31"`,
		`{"a":1,"b":["x: y","z #1"]}`:   ` {a: 1, b: ["x: y", "z #1"]}`,
		`"It's over."`:                  ` It's over.`,
		`"- a"`:                         ` "- a"`,
		`"one line\n"`:                  ` "one line\n"`,
		`"<a>\n  <b/>\n\n</a>"`:         " |-\n  <a>\n    <b/>\n\n  </a>",
		`"a: b\n# c\n"`:                 " |\n  a: b\n  # c",
		`" a\nb"`:                       ` " a\nb"`,
		`"a\nb\n\n"`:                    ` "a\nb\n\n"`,
		`"a\r\nb"`:                      ` "a\r\nb"`,
		`{"a":["x\ny",{"b":"x\ny\n"}]}`: "\n  a:\n    - |-\n      x\n      y\n    - b: |\n        x\n        y",
		`{"text":"` + strings.Repeat("long ", 20) + `","list":[{"a":"` + strings.Repeat("b", 90) + `","c":[1,2]},[["` + strings.Repeat("d", 99) + `"]],3]}`: `
  text: "` + strings.Repeat("long ", 20) + `"
  list:
    - a: ` + strings.Repeat("b", 90) + `
      c: [1, 2]
    - - - ` + strings.Repeat("d", 99) + `
    - 3`,
		// What is empty never becomes nothing, which would be null.
		`{"` + strings.Repeat("k", 99) + `":[],"` + strings.Repeat("l", 120) + `":{}}`: "\n  " + strings.Repeat("k", 99) + ": []\n  " + strings.Repeat("l", 120) + ": {}",
		`["` + strings.Repeat("e", 99) + `",[],{}]`:                                    "\n  - " + strings.Repeat("e", 99) + "\n  - []\n  - {}",
	} {
		n := parseJSON(t, text)
		if got := string(n.AppendYAML(nil, 0)); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// TestNestedYAML holds that values are written which are nested as deeply as they are read.
func TestNestedYAML(t *testing.T) {
	t.Parallel()
	for _, levels := range []int{40, 48, 49, 50, 51, 100, 300} {
		for _, inner := range []string{"[]", "{}", "[[],{}]", `{"a":[],"b":{}}`, `"x"`, `"a\nb\n"`, "null"} {
			for _, around := range [][2]string{{"[", "]"}, {`{"a":`, "}"}, {`[{"a":`, "}]"}, {`{"a":[1,`, "]}"}} {
				depth := levels / (strings.Count(around[0], "[") + strings.Count(around[0], "{"))
				text := strings.Repeat(around[0], depth) + inner + strings.Repeat(around[1], depth)
				doc := "key:" + string(parseJSON(t, text).AppendYAML(nil, 6)) + "\n"
				got, found := Parse(&File{Name: "x.yaml", Data: []byte(doc)}, Options{})
				if err := found.Err(); err != nil {
					t.Fatalf("%s of %s, %d times: %v", inner, around, depth, err)
				}
				if got := string(got.Get("key").AppendJSON(nil)); got != text {
					t.Errorf("%s in %s, %d times: read as %.100s…", inner, around, depth, got)
				}
			}
		}
	}
}

func parseJSON(t testing.TB, text string) *Node {
	t.Helper()
	n, found := Parse(&File{Name: "x.json", Data: []byte(text)}, Options{})
	if err := found.Err(); err != nil {
		t.Skip(err)
	}
	return n
}

// FuzzAppendYAML holds that what is written is read as the same value.
func FuzzAppendYAML(f *testing.F) {
	for _, text := range []string{
		`{"a b":[1,-0,1e5,1E400,true,null,"~","<<","=",".","..","-","?"],"<<":{"x":"\u2028\u0085\u007f\ufeff\u0000"}}`,
		`[[[]],[{}],[{"a":[]}],"${x}","a: b","a #b","'","\"","\\","| x","> y","&a","*a","!a","%a","@a","` + "`" + `a"]`,
		`{"GET /a/{b}":{"x":{"y":{"z":"` + strings.Repeat("0123456789 ", 15) + `","w":["` + strings.Repeat("v", 120) + `",{"u":"` + strings.Repeat("t", 120) + `","s":1}]}}}}`,
		`{"a":"x\ny","b":["x\n y\n","\tx\ny","x\n\ty",["x\n\ny ",{"c":"--- \n...\n","d":"%YAML\nx"}]],"e":"x\n  \ny"}`,
		`{"GET /a/{b}":{"GET /{c}":1}}`, `"é\n\t "`, `"1:30"`, `"0x10"`, `"1_000"`, `".5"`, `"a'b"`, `"(x)"`, `"a=b+c"`,
	} {
		f.Add(text, uint8(0))
		f.Add(text, uint8(6))
	}
	f.Fuzz(func(t *testing.T, text string, indent uint8) {
		n := parseJSON(t, text)
		if hasLongKey(n) {
			t.Skip()
		}
		level := int(indent % 8)
		doc := strings.Repeat(" ", level) + "key:" + string(n.AppendYAML(nil, level)) + "\n"
		got, found := Parse(&File{Name: "x.yaml", Data: []byte(doc)}, Options{})
		if err := found.Err(); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		if want, got := string(n.AppendJSON(nil)), string(got.Get("key").AppendJSON(nil)); got != want {
			t.Errorf("%s\nread as %s\nwant    %s", doc, got, want)
		}
	})
}

func hasLongKey(n *Node) bool {
	for i := range n.Kids {
		if len(n.Kids[i].Key) > 1000 || hasLongKey(&n.Kids[i]) {
			return true
		}
	}
	return false
}
