package contract

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// parts is how the parts of multipart bodies are read.
type parts struct {
	form      *param.Form
	encodings map[string]*partEncoding
	// prefix and rest are the encodings of parts by position (OpenAPI 3.2 section 4.15.4).
	prefix []*partEncoding
	rest   *partEncoding
	// found are the warnings about the headers of parts.
	found source.Diagnostics
}

// partEncoding is what an encoding object says about parts.
type partEncoding struct {
	types   []MediaType // nil for any
	headers []*ResponseHeader
	at      source.Span
}

// anyPart is the encoding of parts of which nothing is said.
var anyPart = &partEncoding{}

// multipartReader reads parts by the schema and the encoding objects.
func (p *payload) multipartReader() *parts {
	p.partsOnce.Do(func() {
		form, _, _ := param.CompileForm(p.node, p.encodingsOf(), false, p.contract.schemas, p.dir) // told when the description is checked
		p.parts = &parts{form: form, encodings: map[string]*partEncoding{}}
		plan := &planner{op: &Operation{contract: p.contract}}
		for name, n := range p.media.Get("encoding").Members() {
			p.parts.encodings[name] = plan.partEncoding(n, p.dir)
		}
		for _, n := range p.media.Get("prefixEncoding").Items() {
			p.parts.prefix = append(p.parts.prefix, plan.partEncoding(n, p.dir))
		}
		if n := p.media.Get("itemEncoding"); n != nil {
			p.parts.rest = plan.partEncoding(n, p.dir)
		}
		p.parts.found = plan.found
	})
	return p.parts
}

func (p *planner) partEncoding(n *source.Node, dir schema.Direction) *partEncoding {
	e := &partEncoding{at: n.At()}
	styled := n.Has("style") || n.Has("explode") || n.Has("allowReserved")
	for name := range strings.SplitSeq(n.Get("contentType").Str(), ",") {
		if t, ok := ParseMediaType(strings.TrimSpace(name)); ok && !styled {
			e.types = append(e.types, t)
		}
	}
	e.headers = p.headers(n.Get("headers"), dir)
	for _, key := range []string{"encoding", "prefixEncoding", "itemEncoding"} {
		if inner := n.Get(key); inner != nil {
			p.add(CodeMediaNotEnforced, source.Warning, inner.KeyAt(), "parts that are multipart themselves are not taken apart: "+key+" of an encoding object says nothing", "describe the part as a file")
		}
	}
	return e
}

// named gives the encoding of a property's parts.
func (x *parts) named(name string) *partEncoding {
	if e := x.encodings[name]; e != nil {
		return e
	}
	return anyPart
}

// numbered gives the encoding of a part by its position.
func (x *parts) numbered(i int) *partEncoding {
	switch {
	case i < len(x.prefix):
		return x.prefix[i]
	case x.rest != nil:
		return x.rest
	}
	return anyPart
}

// decodeMultipart reads a body of parts: by their names where the schema describes an
// object, else by their positions.
func (p *payload) decodeMultipart(t MediaType, body io.Reader) (value any, decoded bool, found []exchange.Violation) {
	x := p.multipartReader()
	types := param.Meant(x.form.Shape())
	list := types.Has(schema.TypeArray) && types != schema.AnyType || p.item != nil || p.node == nil && t.Subtype != "form-data"
	before := map[string]int{} // parts of a name
	sent, v := splitParts(t, body, cmp.Or(p.contract.opts.MaxHeld, DefaultMaxHeld), func(s *part, index int) bool {
		if list {
			return kindOf(s, p.itemShape(x, index), x.numbered(index)).isFile()
		}
		shape := x.memberShape(s.name, before[s.name])
		if s.named {
			before[s.name]++
		}
		return kindOf(s, shape, x.named(s.name)).isFile()
	})
	switch {
	case v != nil:
		return nil, false, []exchange.Violation{*v}
	case list:
		value, found = p.listOfParts(x, sent)
	default:
		value, found = p.objectOfParts(x, sent)
	}
	return value, true, found
}

// itemShape is what is described for a part by its position.
func (p *payload) itemShape(x *parts, index int) *schema.Shape {
	if p.item != nil {
		return p.contract.schemas.ShapeOf(p.item)
	}
	return x.form.Shape().Item(index)
}

// memberShape is what is described for a part by its name; before counts those of that
// name before it.
func (x *parts) memberShape(name string, before int) *schema.Shape {
	shape := x.form.Shape().Member(name)
	if shape != nil && param.Meant(shape).Has(schema.TypeArray) && param.Meant(shape) != schema.AnyType {
		return shape.Item(before)
	}
	return shape
}

// objectOfParts gives the object whose members are the parts.
func (p *payload) objectOfParts(x *parts, sent []*part) (any, []exchange.Violation) {
	fields := make([]param.Field, 0, len(sent))
	files := map[string][]map[string]any{}
	var told []exchange.Violation
	for i, s := range sent {
		if !s.named {
			told = append(told, exchange.Violation{In: exchange.Body, Rule: exchange.RuleDecode, Expected: "parts with names", Got: fmt.Sprintf("part %d without one", i+1), Fix: `send each part with Content-Disposition: form-data; name="…"`})
			continue
		}
		shape := x.memberShape(s.name, len(files[s.name]))
		pointer := "/" + source.EscapePointer(s.name)
		told = append(told, x.named(s.name).check(s, pointer)...)
		field := param.Field{Name: s.name}
		file, found := p.read(s, shape, x.named(s.name), pointer, &field)
		told = append(told, found...)
		fields = append(fields, field)
		files[s.name] = append(files[s.name], file)
	}
	value, found := x.form.Decode(fields)
	object, _ := value.(map[string]any)
	for name, list := range files {
		for i, file := range list {
			if file != nil {
				pointer := "/" + source.EscapePointer(name)
				if _, isList := object[name].([]any); isList {
					pointer += fmt.Sprintf("/%d", i)
				}
				countBytes(found, pointer, sizeOf(file))
			}
		}
		showFiles(object, name, list)
	}
	return value, append(told, unlessTold(found, told)...)
}

// unlessTold leaves out the violations of parts that could not be read.
func unlessTold(found, told []exchange.Violation) []exchange.Violation {
	if len(told) == 0 {
		return found
	}
	var rest []exchange.Violation
	for _, v := range found {
		covered := false
		for _, t := range told {
			covered = covered || t.Rule == exchange.RuleDecode && t.Pointer != "" && (v.Pointer == t.Pointer || strings.HasPrefix(v.Pointer, t.Pointer+"/"))
		}
		if !covered {
			rest = append(rest, v)
		}
	}
	return rest
}

// showFiles puts what conditions see of files in the place of their bytes.
func showFiles(object map[string]any, name string, files []map[string]any) {
	list, isList := object[name].([]any)
	for i, file := range files {
		switch {
		case file == nil:
		case isList && len(list) == len(files):
			list[i] = file
		case i == 0:
			object[name] = file
		}
	}
}

// listOfParts gives the array whose items are the parts.
func (p *payload) listOfParts(x *parts, sent []*part) (any, []exchange.Violation) {
	list := make([]any, len(sent))
	var told []exchange.Violation
	files := make([]map[string]any, len(sent))
	r := x.form.Reading()
	for i, s := range sent {
		shape := p.itemShape(x, i)
		at := param.Item("", list, i)
		e := x.numbered(i)
		told = append(told, e.check(s, at.Pointer())...)
		var field param.Field
		var found []exchange.Violation
		files[i], found = p.read(s, shape, e, at.Pointer(), &field)
		told = append(told, found...)
		if list[i] = field.Value; !field.Decoded {
			list[i] = r.Text(shape, field.Raw, at)
		}
	}
	found := r.Judge(list)
	if p.item != nil {
		found = append(found, p.checkItems(list)...)
	}
	for i, file := range files {
		if file != nil {
			list[i] = file
			countBytes(found, fmt.Sprintf("/%d", i), sizeOf(file))
		}
	}
	return list, append(told, unlessTold(found, told)...)
}

// check holds a part to its encoding object.
func (e *partEncoding) check(s *part, pointer string) []exchange.Violation {
	var found []exchange.Violation
	if s.contentType != "" && len(e.types) > 0 && MostExact(e.types, s.contentType) < 0 {
		names := make([]string, len(e.types))
		for i, t := range e.types {
			names[i] = t.String()
		}
		expected := strings.Join(names, " or ")
		found = append(found, exchange.Violation{In: exchange.Body, Pointer: pointer, Rule: exchange.RuleMediaType, Expected: expected, Got: fmt.Sprintf("%q", shorten(s.contentType)), Fix: "send the part with Content-Type: " + expected, Contract: e.at})
	}
	in := param.Input{Header: s.header}
	for _, h := range e.headers {
		var out exchange.Parameter
		for _, v := range h.decoder.Decode(&in, &out) {
			v.In, v.Pointer = exchange.Body, pointer
			found = append(found, v)
		}
	}
	return found
}
