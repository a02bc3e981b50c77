package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// data is a JSON body with expressions in its strings: literal pieces that were
// encoded at load, and texts that are evaluated for each request.
type data []piece

// piece is literal JSON, or a text.
type piece struct {
	literal []byte
	text    *template
}

// data compiles a tree into a JSON body. Only what stands in the scenario file is
// evaluated: an example of the contract may hold any text. It gives nil where
// something is wrong and was reported.
func (c *compiler) data(n *source.Node) *dataWriter {
	w := &dataWriter{c: c, ok: true, dynamic: map[*source.Node]bool{}}
	w.write(n)
	w.flush()
	if !w.ok {
		return nil
	}
	return w
}

// dataWriter compiles one tree.
type dataWriter struct {
	c       *compiler
	out     data
	pending []byte
	ok      bool
	dynamic map[*source.Node]bool // the texts that depend on the request
}

func (w *dataWriter) flush() {
	if len(w.pending) > 0 {
		w.out = append(w.out, piece{literal: w.pending})
		w.pending = nil
	}
}

func (w *dataWriter) write(n *source.Node) {
	switch n.Kind {
	case source.Object:
		w.object(n)
	case source.Array:
		w.pending = append(w.pending, '[')
		for i, item := range n.Items() {
			if i > 0 {
				w.pending = append(w.pending, ',')
			}
			w.write(item)
		}
		w.pending = append(w.pending, ']')
	case source.String:
		w.text(n)
	default:
		w.pending = n.AppendJSON(w.pending)
	}
}

func (w *dataWriter) object(n *source.Node) {
	w.pending = append(w.pending, '{')
	for i := range n.Kids {
		kid := &n.Kids[i]
		if i > 0 {
			w.pending = append(w.pending, ',')
		}
		if w.c.evaluates(kid) && hasExpressions(kid.Key) {
			w.c.fault(CodeMisplacedExpression, kid.KeyAt(), "an expression cannot stand in a key", "write the key as it is; only values are evaluated")
			w.ok = false
		}
		w.pending = append(source.AppendJSONString(w.pending, kid.Key), ':')
		w.write(kid)
	}
	w.pending = append(w.pending, '}')
}

// evaluates tells whether a node stands in the scenario file.
func (c *compiler) evaluates(n *source.Node) bool { return n.File() == c.file.src }

func (w *dataWriter) text(n *source.Node) {
	if !w.c.evaluates(n) || !hasExpressions(n.Text) {
		w.pending = n.AppendJSON(w.pending)
		return
	}
	t := w.c.template(n)
	if t == nil {
		w.ok = false
		return
	}
	if fixed, ok := t.constant(); ok {
		w.pending = source.AppendJSONString(w.pending, fixed)
		return
	}
	w.flush()
	w.dynamic[n] = true
	w.out = append(w.out, piece{text: t})
}

func (d data) templates(note func(*template)) {
	for _, p := range d {
		if p.text != nil {
			note(p.text)
		}
	}
}

// fixed gives the encoded body where nothing in it depends on the request.
func (d data) fixed() ([]byte, bool) {
	switch {
	case len(d) == 0:
		return nil, true
	case len(d) == 1 && d[0].text == nil:
		return d[0].literal, true
	}
	return nil, false
}

// render writes the body for a request.
func (d data) render(e *evaluation) ([]byte, error) {
	var dst []byte
	for _, p := range d {
		if p.text == nil {
			dst = append(dst, p.literal...)
			continue
		}
		var err error
		if dst, err = p.text.appendJSON(dst, e); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// appendJSON writes the text as a JSON string; a text that is nothing but one
// expression keeps its type.
func (t *template) appendJSON(dst []byte, e *evaluation) ([]byte, error) {
	if expr := t.lone(); expr != nil {
		v, err := expr.run(e)
		if err == nil {
			dst, err = appendJSON(dst, v)
		}
		if err != nil {
			return dst, expr.failed(err)
		}
		return dst, nil
	}
	text, err := t.text(e)
	if err != nil {
		return dst, err
	}
	return source.AppendJSONString(dst, text), nil
}
