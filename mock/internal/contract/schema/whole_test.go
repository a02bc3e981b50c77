package schema

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// whole is the loader for a second opinion of jsonschema: it gives it files as they
// are, with the URIs they have, so that $id, $anchor, $dynamicRef and $schema are its
// own to understand. In the schemas that are reached, what a reading left out is left
// out as well. The discriminator is an annotation here, and the required of composed
// schemas does not demand what must not be sent in any of the contexts that are met.
type whole struct {
	c       *Compiler
	root    *object
	objects map[*source.Node]*object // of the schemas that are reached
	roots   map[string]*source.Node  // of the files that were given, by URI
}

// wholeJudge compiles the schema of root from whole files. The caller holds c.mu.
func (c *Compiler) wholeJudge(root *object) (j *judge, err error) {
	defer func() {
		if p := recover(); p != nil {
			j, err = nil, fmt.Errorf("jsonschema: %v", p)
		}
	}()
	w := &whole{c: c, root: root, objects: map[*source.Node]*object{}, roots: map[string]*source.Node{}}
	w.reach(root)
	compiler := newCompiler(c.assertFormats)
	compiler.UseLoader(w)
	compiled, err := compiler.Compile(w.location(root.node))
	if err != nil {
		return nil, err
	}
	return &judge{Schema: compiled}, nil
}

func (w *whole) reach(o *object) {
	if w.objects[o.node] == nil || o.dropped != "" {
		w.objects[o.node] = o
	}
	seen := map[*object]bool{o: true}
	for open := []*object{o}; len(open) > 0; {
		o := open[len(open)-1]
		open = open[:len(open)-1]
		o.eachLink(func(to *object, _ bool) {
			if seen[to] {
				return
			}
			seen[to] = true
			if known := w.objects[to.node]; known == nil || known.neutral || to.forbidden || len(to.dropped) > len(known.dropped) {
				w.objects[to.node] = to
			}
			open = append(open, to)
		})
	}
}

// location is the URI of a schema: that of its file with a JSON pointer.
func (w *whole) location(n *source.Node) string {
	root := n.Root()
	uri := *w.c.docs.Base(root)
	uri.Fragment, uri.RawFragment = "", ""
	if file, err := w.c.docs.Resolve(n, "#"); err == nil && file.Root() != root {
		// The schema was put together by somebody: it is a document beside its file.
		uri.RawQuery = "understudy"
	}
	w.roots[uri.String()] = root
	tokens := strings.Split(n.Pointer(), "/")
	for i, token := range tokens {
		tokens[i] = escapeFragment(token)
	}
	return uri.String() + "#" + strings.Join(tokens, "/")
}

// Load implements jsonschema.URLLoader with the files of the description.
func (w *whole) Load(uri string) (any, error) {
	root := w.roots[uri]
	if root == nil {
		var err error
		if root, err = w.c.docs.Resolve(w.root.node, uri); err != nil {
			return nil, err
		}
		w.roots[uri] = root
	}
	if !root.Has("openapi") && !root.Has("swagger") {
		w.see(root)
	}
	return w.write(root), nil
}

// see makes sure that a schema which nothing refers to is read too: jsonschema
// refuses files with a schema that breaks the metaschema.
func (w *whole) see(n *source.Node) {
	if w.objects[n] == nil {
		w.reach(w.c.root(n, w.root.dir, false))
	}
}

// write gives a tree as plain data.
func (w *whole) write(n *source.Node) any {
	o := w.objects[n]
	switch {
	case o == nil && n.Kind == source.Object:
		m := make(map[string]any, len(n.Kids))
		for _, member := range members(n) {
			m[member.Key] = w.write(member)
		}
		return m
	case o == nil && n.Kind == source.Array:
		items := make([]any, len(n.Kids))
		for i := range n.Kids {
			items[i] = w.write(&n.Kids[i])
		}
		return items
	case o == nil:
		return tameAll(n.Value())
	case o.forbidden:
		return false
	case o.verdict != nil:
		return *o.verdict
	}
	return w.schema(o)
}

// schema writes a schema object: its keywords as they were read, and the rest of
// its members as they are.
func (w *whole) schema(o *object) any {
	m := map[string]any{}
	for _, keyword := range []string{"$defs", "definitions"} {
		for _, definition := range o.node.Get(keyword).Members() {
			w.see(definition)
		}
	}
	for _, member := range members(o.node) {
		if k, known := keywords[member.Key]; !known || k.form == note || member.Key == "$dynamicAnchor" {
			m[member.Key] = w.write(member)
		}
	}
	for i := range o.words {
		w.word(m, o, &o.words[i])
	}
	return m
}

// word writes a keyword as it was read.
func (w *whole) word(m map[string]any, o *object, word *word) {
	f := keywords[word.name].form
	switch {
	case strings.HasPrefix(word.name, "$"):
		m[word.name] = word.at.Text
	case word.name == "discriminator":
		d := word.arg.(*choice)
		m[d.keyword] = w.list(word.subs[:d.branches])
	case f == list:
		m[word.name] = w.list(word.subs)
	case word.at.Key == "dependencies":
		all, _ := m["dependencies"].(map[string]any)
		if all == nil {
			all = map[string]any{}
			m["dependencies"] = all
		}
		maps.Copy(all, w.named(word.subs))
		o.addDependencies(all, word)
	case f == named || word.name == "patternProperties":
		m[word.name] = w.named(word.subs)
	case len(word.subs) == 1:
		m[word.name] = w.write(word.subs[0].node)
	default:
		m[word.name] = o.data(word)
	}
}

func (w *whole) list(subs []sub) []any {
	all := make([]any, len(subs))
	for i, s := range subs {
		all[i] = w.write(s.node)
	}
	return all
}

func (w *whole) named(subs []sub) map[string]any {
	all := make(map[string]any, len(subs))
	for _, s := range subs {
		all[s.key] = w.write(s.node)
	}
	return all
}

var _ jsonschema.URLLoader = (*whole)(nil)

// escapeFragment writes a token of a pointer into a URI fragment.
func escapeFragment(token string) string {
	var b strings.Builder
	for i := 0; i < len(token); i++ {
		if c := token[i]; c > ' ' && c < 0x7f && c != '%' && c != '#' {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)+0x100, 16)[1:]))
		}
	}
	return b.String()
}
