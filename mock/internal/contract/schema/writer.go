package schema

import (
	"encoding/json"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxCopies bounds how often the schemas of a circle are written into a document
// that leads through it.
const maxCopies = 2000

// writer writes one document for jsonschema. Schemas that stand inside of others
// are written inside of them, what is referred to has a document of its own.
type writer struct {
	*authority
	uri    string
	copies int
}

// write gives the data of an object at the pointer. path are the objects of o's
// circle through which it was reached for the same value, o being the last.
func (w *writer) write(o *object, pointer, holder string, path []*object) any {
	w.places[w.uri+"#"+pointer] = place{object: o, holder: holder}
	switch {
	case o.forbidden:
		return false
	case o.verdict != nil:
		return *o.verdict
	}
	m := map[string]any{}
	w.words(m, o, pointer, false, path)
	notNull := map[string]any{}
	w.words(notNull, o, pointer+"/"+keyNotNull, true, path)
	if len(notNull) > 0 {
		w.places[w.uri+"#"+pointer+"/"+keyNotNull] = place{object: o, holder: holder}
		m[keyNotNull] = notNull
	}
	return m
}

// words writes those keywords of o that do, or do not, speak about null.
func (w *writer) words(m map[string]any, o *object, pointer string, unlessNull bool, path []*object) {
	for i := range o.words {
		word := &o.words[i]
		if word.unlessNull != unlessNull {
			continue
		}
		at := pointer + "/" + source.EscapePointer(word.name)
		switch {
		case isReference(word.name):
		case word.name == "discriminator":
			m[keyChoice] = w.choice(o, i, pointer+"/"+keyChoice, path)
		case word.name == "format":
			m[keyFormat] = word.arg
		case word.name == "minLength":
			m[keyMin] = word.arg
		case word.name == "maxLength":
			m[keyMax] = word.arg
		case word.name == "propertyNames":
			m[keyNames] = w.link(o, i, 0, pointer+"/"+keyNames, path)
		case word.at.Key == "dependencies":
			w.dependencies(m, o, i, pointer, path)
		case len(word.subs) > 0 || keywords[word.name].form == named:
			m[word.name] = w.schemas(o, i, at, path)
		default:
			m[word.name] = o.data(word)
		}
	}
	w.refs(m, o, pointer, unlessNull, path) // at the end, because they may be added to allOf
}

func (w *writer) refs(m map[string]any, o *object, pointer string, unlessNull bool, path []*object) {
	for i := range o.words {
		if word := &o.words[i]; isReference(word.name) && word.unlessNull == unlessNull {
			w.ref(m, o, i, pointer, path)
		}
	}
}

// ref writes the reference that is o's i-th word. Within a circle the schema itself is
// written, so that it ends where it would be met again.
func (w *writer) ref(m map[string]any, o *object, i int, pointer string, path []*object) {
	to := o.links[i][0]
	outside := to.circle == 0 || to.circle != o.circle
	if _, taken := m["$ref"]; outside && !taken {
		m["$ref"] = w.authority.uri(to)
		return
	}
	all, _ := m["allOf"].([]any)
	at := pointer + "/allOf/" + strconv.Itoa(len(all))
	if outside {
		w.places[w.uri+"#"+at] = place{object: o}
		m["allOf"] = append(all, map[string]any{"$ref": w.authority.uri(to)})
		return
	}
	m["allOf"] = append(all, w.again(to, at, o.words[i].name, path))
}

// again writes a member of the circle in which path is.
func (w *writer) again(to *object, pointer, holder string, path []*object) any {
	w.copies++
	for _, o := range path {
		if o == to || w.copies > maxCopies {
			return true
		}
	}
	return w.write(to, pointer, holder, append(path[:len(path):len(path)], to))
}

// link writes a schema that stands inside of o: the k-th of its i-th word.
func (w *writer) link(o *object, i, k int, pointer string, path []*object) any {
	to, name := o.links[i][k], o.words[i].name
	if keywords[name].inPlace && to.circle != 0 && to.circle == o.circle {
		return w.again(to, pointer, name, path)
	}
	return w.write(to, pointer, name, []*object{to})
}

func (w *writer) schemas(o *object, i int, pointer string, path []*object) any {
	word := &o.words[i]
	switch {
	case word.name == "prefixItems", keywords[word.name].form == list:
		all := make([]any, 0, len(word.subs))
		for k := range word.subs {
			all = append(all, w.link(o, i, k, pointer+"/"+strconv.Itoa(k), path))
		}
		return all
	case word.name == "patternProperties", keywords[word.name].form == named:
		all := make(map[string]any, len(word.subs))
		for k, s := range word.subs {
			all[s.key] = w.link(o, i, k, pointer+"/"+source.EscapePointer(s.key), path)
		}
		return all
	}
	return w.link(o, i, 0, pointer, path)
}

// dependencies writes both parts of the keyword of older drafts.
func (w *writer) dependencies(m map[string]any, o *object, i int, pointer string, path []*object) {
	all, ok := m["dependencies"].(map[string]any)
	if !ok {
		all = map[string]any{}
		m["dependencies"] = all
	}
	word := &o.words[i]
	for k, s := range word.subs {
		all[s.key] = w.link(o, i, k, pointer+"/dependencies/"+source.EscapePointer(s.key), path)
	}
	o.addDependencies(all, word)
}

func (o *object) addDependencies(all map[string]any, word *word) {
	lists, _ := word.arg.([]dependency)
	for _, d := range lists {
		all[d.property] = o.names(d.names)
	}
}

// choice writes a discriminator for choiceRule: the plain list, and the schema of
// each case.
func (w *writer) choice(o *object, i int, pointer string, path []*object) any {
	word := &o.words[i]
	d := word.arg.(*choice)
	plain, cases := make([]any, d.branches), make([]any, len(word.subs))
	for k := range word.subs {
		at := pointer + "/cases/" + strconv.Itoa(k)
		if to := o.links[i][k]; k >= d.branches && (to.circle == 0 || to.circle != o.circle) {
			cases[k] = map[string]any{"$ref": w.authority.uri(to)} // the mapping refers to it
			w.places[w.uri+"#"+at] = place{object: to}
			continue
		}
		cases[k] = w.link(o, i, k, at, path)
		if k < d.branches {
			plain[k] = w.link(o, i, k, pointer+"/plain/"+d.keyword+"/"+strconv.Itoa(k), path)
		}
	}
	w.places[w.uri+"#"+pointer+"/plain"] = place{object: o}
	return map[string]any{"word": word, "plain": map[string]any{d.keyword: plain}, "cases": cases}
}

// data gives the plain value of a keyword in the context of o.
func (o *object) data(word *word) any {
	switch arg := word.arg.(type) {
	case Types:
		return typeList(arg)
	case bound:
		return json.Number(tame(arg.text))
	case *pattern.Pattern:
		return arg.String()
	case *format.Format:
		return formatName(arg.Name)
	case []requirement:
		return o.names(arg)
	case []dependency:
		all := make(map[string]any, len(arg))
		o.addDependencies(all, word)
		return all
	case *source.Node:
		return tameAll(arg.Value())
	case int:
		return json.Number(strconv.Itoa(arg))
	}
	return word.arg
}

func (o *object) names(list []requirement) []any {
	names := []any{}
	for _, name := range o.demanded(list) {
		names = append(names, name)
	}
	return names
}

// typeList gives the words of the type keyword; integers are numbers.
func typeList(t Types) []any {
	var names []any
	for i, bit := range []Types{TypeNull, TypeBoolean, TypeInteger, TypeNumber, TypeString, TypeArray, TypeObject} {
		if t&bit != 0 && !(bit == TypeInteger && t&TypeNumber != 0) {
			names = append(names, typeNames[i])
		}
	}
	return names
}
