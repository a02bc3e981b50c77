package schema

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// A description says the same in many places: {type: string} of thousands of properties. A
// checker knows no place, so that objects which ask the same of values share one, and a
// request finds in the processor's cache what another has used. What is told about a value
// that does not fit is made from the objects, of which each has its place.

// maxShared bounds the schemas that one may hold whose checker is shared: larger ones are
// seldom written twice.
const maxShared = 8

// check gives an object its checker, after the objects that it links to.
func (c *Compiler) check(o *object) {
	if o.checker != nil {
		o.met = o.met || !o.checked // it holds itself
		return
	}
	c.made++
	o.checker = &checker{circle: o.circle != 0, serial: c.made}
	held := 0
	for _, links := range o.links {
		for _, to := range links {
			c.check(to)
			held++
		}
	}
	o.checked = true
	if o.circle == 0 && !o.met && held <= maxShared {
		if key, ok := o.content(); ok {
			if known := c.checkers[key]; known != nil {
				o.checker = known
				return
			}
			c.checkers[key] = o.checker
		}
	}
	o.compile()
}

// contentKey is a digest of all that a checker is made from; all zero for one that admits
// nothing.
type contentKey [sha256.Size]byte

// content gives the digest of what the checker of o is made from: its words with what they
// demand here, and the checkers of what they hold. ok is false for an object whose checker
// has something of its own. It reads what compile reads.
func (o *object) content() (key contentKey, ok bool) {
	if o.forbidden || o.verdict != nil && !*o.verdict {
		return key, true
	}
	words := make([]string, len(o.words))
	for i := range o.words {
		if words[i], ok = o.wordContent(i); !ok {
			return key, false
		}
	}
	slices.Sort(words) // in whatever order they are written
	var text []byte
	for _, w := range words {
		text = appendText(text, w)
	}
	return sha256.Sum256(text), true
}

// wordContent is the part of content that the i-th word has: what kind of argument it has,
// the argument, and what it holds. No two words have the same that ask for different things.
func (o *object) wordContent(i int) (content string, ok bool) {
	w := &o.words[i]
	kind, arg, ok := o.argContent(w.arg)
	if !ok {
		return "", false
	}
	text := appendText(nil, w.name)
	text = append(strconv.AppendBool(append(text, kind), w.unlessNull), ';')
	text = appendText(text, string(arg))
	for j, to := range o.links[i] {
		text = appendText(text, w.subs[j].key)
		text = binary.AppendUvarint(text, uint64(to.target().serial))
	}
	return string(text), true
}

// argContent is what a word's argument says, and of which kind it is.
func (o *object) argContent(arg any) (kind byte, text []byte, ok bool) {
	switch arg := arg.(type) {
	case nil:
		return '-', nil, true
	case Types:
		return 't', []byte{byte(arg)}, true
	case bool:
		return 'b', strconv.AppendBool(nil, arg), true
	case int:
		return 'i', strconv.AppendInt(nil, int64(arg), 10), true
	case bound:
		return 'n', []byte(arg.text), true
	case *pattern.Pattern:
		return 'p', []byte(arg.String()), true
	case *format.Format:
		return 'f', []byte(arg.Name), true
	case *source.Node:
		return 'v', arg.AppendJSON(nil), true
	case []requirement:
		for _, name := range o.demanded(arg) {
			text = appendText(text, name)
		}
		return 'r', text, true
	}
	return 0, nil, false
}

// appendText writes a text so that it cannot be mistaken for another and what follows.
func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
