package author

import (
	"fmt"
	"path"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// writing is one call of Write.
type writing struct {
	scenario Scenario
	apis     []*contract.Contract
	opts     Options
	drafts   []*draft
}

// NameOf is how scenario files call an operation of one of several descriptions; nil
// stands for all of them.
func NameOf(op *contract.Operation, apis []*contract.Contract) string {
	if op == nil {
		return "*"
	}
	if len(apis) > 1 {
		return op.Contract().Name + "." + op.Name()
	}
	return op.Name()
}

// render writes the file. With files, the bodies that shall not stand in it come
// beside it.
func (w *writing) render(files bool) (*Page[part], []File) {
	s, p := &w.scenario, &Page[part]{}
	if w.opts.Schema != "" {
		p.Line("# yaml-language-server: $schema=%s", w.opts.Schema)
	}
	for _, line := range s.Comment {
		p.Line("# %s", Comment(line))
	}
	if s.Description != "" {
		p.Line("description: %s", source.YAMLString(s.Description))
	}
	if s.Default {
		p.Line("default: true")
	}
	if len(s.Tags) > 0 {
		tags := source.New(nil, source.Array, "tags", "")
		for _, tag := range s.Tags {
			tags.Kids = append(tags.Kids, source.New(nil, source.String, "", tag))
		}
		p.Line("tags:%s", tags.AppendYAML(nil, 0))
	}
	if s.State != nil {
		p.Line("state:%s", s.State.AppendYAML(nil, 0))
	}
	p.Line("operations:")
	var bodies []File
	file := func(ext string, data []byte) string {
		name := fmt.Sprintf("%s.%d%s", path.Base(s.Name), len(bodies)+1, ext)
		bodies = append(bodies, File{Path: path.Join(path.Dir(s.Name), name), Data: data})
		return name
	}
	if !files {
		file = nil
	}
	for _, op := range w.operations() {
		p.Line("  %s:%s", source.YAMLKey(NameOf(op, w.apis)), Behind(about(op)))
		for _, d := range w.drafts {
			if d.stub.Operation == op && d.leftOut == "" {
				d.render(p, file)
			}
		}
	}
	return p, bodies
}

// operations lists those that have a stub, as they first occur.
func (w *writing) operations() []*contract.Operation {
	var list []*contract.Operation
	seen := map[*contract.Operation]bool{}
	for _, d := range w.drafts {
		if op := d.stub.Operation; d.leftOut == "" && !seen[op] {
			seen[op] = true
			list = append(list, op)
		}
	}
	return list
}

// about says what an operation is, as far as its name does not.
func about(op *contract.Operation) string {
	if op == nil {
		return ""
	}
	if op.ID == "" {
		return op.Summary
	}
	return op.Method + " " + op.Template
}

// render writes the stub, a member to a line.
func (d *draft) render(p *Page[part], file func(ext string, data []byte) string) {
	for _, line := range d.notes {
		p.Line("    # %s", Comment(line))
	}
	lead := "    - "
	member := func(n *source.Node) {
		p.Owner = part{draft: d, key: n.Key}
		p.Line("%s%s:%s", lead, source.YAMLKey(n.Key), n.AppendYAML(nil, 6))
		lead = "      "
	}
	if d.name != "" {
		member(text("name", d.name))
	}
	if d.when != nil && len(d.when.Kids) > 0 {
		when := d.when.Renamed("when")
		member(&when)
	}
	for i := range d.stub.More {
		member(&d.stub.More[i])
	}
	p.Owner = part{draft: d, key: "respond"}
	if len(d.answers) == 1 {
		n := d.answers[0].node(file, false)
		p.Owner.reply = d.answers[0]
		p.Line("%srespond:%s", lead, n.AppendYAML(nil, 6))
	} else {
		p.Line("%srespond:", lead)
		for _, r := range d.answers {
			n := r.node(file, true)
			n.Key = ""
			p.Owner.reply = r
			p.Line("        -%s", strings.Replace(string(n.AppendYAML(nil, 8)), "\n          ", " ", 1))
		}
	}
	p.Owner = part{}
}
