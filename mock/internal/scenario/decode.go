package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// kinds is a set of source.Kind: what a value may be.
type kinds uint8

const (
	isText   = kinds(1 << source.String)
	isNumber = kinds(1 << source.Number)
	isBool   = kinds(1 << source.Bool)
	isList   = kinds(1 << source.Array)
	isObject = kinds(1 << source.Object)
	isNull   = kinds(1 << source.Null)

	isScalar = isText | isNumber | isBool
	isAny    = isScalar | isList | isObject | isNull
)

var kindNames = [...]string{source.Null: "nothing", source.Bool: "true/false", source.Number: "a number", source.String: "text", source.Array: "a list", source.Object: "a mapping"}

func (k kinds) has(kind source.Kind) bool { return k&(1<<kind) != 0 }

// String names the kinds for people: "text or a list".
func (k kinds) String() string {
	var names []string
	for _, kind := range []source.Kind{source.String, source.Number, source.Bool, source.Array, source.Object, source.Null} {
		if k.has(kind) {
			names = append(names, kindNames[kind])
		}
	}
	return orList(names)
}

// orList writes "a, b or c".
func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// object describes one object of the format: the one place that knows its keys.
// Decoding, did-you-mean, the JSON Schema and the reference are made from it.
type object[T any] struct {
	// what names the object in messages: "a stub".
	what   string
	fields []field[T]
	// elsewhere says where a key belongs that the object does not have, "" where it
	// is not known. It may be nil.
	elsewhere func(n *source.Node) string
	// schema says in the JSON Schema what holds for several keys together, nil for
	// nothing.
	schema func(*jsonSchema)
}

// field is one key of an object.
type field[T any] struct {
	name string
	// kinds are what the value may be.
	kinds kinds
	// doc says in a sentence what the key means.
	doc string
	// preset is the value that holds where the key is not there, nil for none; without
	// says in words what holds then.
	preset  any
	without string
	// page is where the reference leads for more: a page of docs, with an anchor.
	page string
	// words are the only texts that the value may be, nil for any.
	words []string
	// instead says what to write where the value is of another kind; STATUS in it
	// stands for the value, if that is a status.
	instead string
	// schema says more of the value in the JSON Schema than kinds and words do, such
	// as holds("condition"); nil where they say it all.
	schema func(*jsonSchema)
	read   func(d *decoder, n *source.Node, into *T)
}

// names lists the keys.
func (o *object[T]) names() []string {
	names := make([]string, len(o.fields))
	for i := range o.fields {
		names[i] = o.fields[i].name
	}
	return names
}

func (o *object[T]) field(name string) *field[T] {
	for i := range o.fields {
		if o.fields[i].name == name {
			return &o.fields[i]
		}
	}
	return nil
}

// hint says what to write in place of a key that the object does not have.
func (o *object[T]) hint(n *source.Node) string {
	if o.elsewhere != nil {
		if hint := o.elsewhere(n); hint != "" {
			return hint
		}
	}
	return source.DidYouMean(n.Key, o.names())
}

// decode reads the members of n into a value. What is wrong is reported and left
// out, so that the rest can still be checked.
func (o *object[T]) decode(d *decoder, n *source.Node, into *T) {
	for key, value := range n.Members() {
		f := o.field(key)
		switch {
		case f == nil:
			d.fault(CodeUnknownKey, value.KeyAt(), fmt.Sprintf("%s has no key %q", o.what, key), o.hint(value))
		case d.expectOr(value, f.kinds, fmt.Sprintf("%q", key), strings.ReplaceAll(f.instead, "STATUS", statusIn(value))) && d.word(value, f.words):
			f.read(d, value, into)
		}
	}
}

// decoder reads the tree of one file.
type decoder struct{ *findings }

// expect reports a value that is of none of the kinds.
func (d *decoder) expect(n *source.Node, want kinds, name string) bool {
	return d.expectOr(n, want, name, "")
}

// expectOr is expect with a hint at what to write instead.
func (d *decoder) expectOr(n *source.Node, want kinds, name, hint string) bool {
	if want.has(n.Kind) {
		return true
	}
	at := n.At()
	message := fmt.Sprintf("%s must be %s, not %s", name, want, kindNames[n.Kind])
	switch {
	case hint != "":
	case n.Kind == source.Null:
		at, message = n.KeyAt(), fmt.Sprintf("%s has no value: it must be %s", name, want)
		hint = "write a value behind it, or leave it out"
	case want.has(source.String) && !want.has(source.Number) && isScalar.has(n.Kind):
		hint = fmt.Sprintf("put it into double quotes: %q", n.Text)
	case want == isNumber && n.Kind == source.String:
		hint = "write a number"
		if _, ok := decimal.Parse(n.Text); ok {
			hint = "write the number without quotes"
		}
	case want == isBool && isScalar.has(n.Kind):
		hint = "write true or false"
		if meant, ok := meantBools[strings.ToLower(n.Text)]; ok {
			hint = fmt.Sprintf("write %t, without quotes", meant)
		}
	}
	d.fault(CodeWrongType, at, message, hint)
	return false
}

// meantBools are words that YAML 1.1 or people take for true and false.
var meantBools = map[string]bool{"true": true, "yes": true, "on": true, "y": true, "1": true, "false": false, "no": false, "off": false, "n": false, "0": false}

// statusIn gives a value that may have been meant for a status, else an example.
func statusIn(n *source.Node) string {
	if _, _, err := contract.ParseStatus(n.Text); err != nil || !isScalar.has(n.Kind) {
		return "409"
	}
	return n.Text
}

// word reports a text that is none of the words.
func (d *decoder) word(n *source.Node, words []string) bool {
	if len(words) == 0 || isList.has(n.Kind) || slices.Contains(words, n.Text) {
		return true
	}
	d.fault(CodeBadValue, n.At(), fmt.Sprintf("%q cannot be %q", n.Key, n.Text), source.DidYouMean(n.Text, words))
	return false
}

// words reads a list of texts, each one of the known ones; a single text stands
// for a list of one.
func (d *decoder) words(n *source.Node, known []string) []string {
	items := n.Kids
	if n.Kind == source.String {
		items = []source.Node{*n}
	}
	var list []string
	for i := range items {
		item := &items[i]
		if d.expect(item, isText, "each entry") && d.listed(item, n.Key, known) {
			list = append(list, item.Text)
		}
	}
	return list
}

func (d *decoder) listed(item *source.Node, name string, known []string) bool {
	if known == nil || slices.Contains(known, item.Text) {
		return true
	}
	d.fault(CodeBadValue, item.At(), fmt.Sprintf("%q cannot have %q", name, item.Text), source.DidYouMean(item.Text, known))
	return false
}
