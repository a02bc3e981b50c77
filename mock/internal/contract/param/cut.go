package param

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// A cut splits off what stands before the first delimiter. Delimiters are looked
// for in the text as sent, before percent-decoding, so that an encoded delimiter
// is data.
type cut func(raw string) (before, after string, found bool)

func cutComma(raw string) (string, string, bool)     { return strings.Cut(raw, ",") }
func cutDot(raw string) (string, string, bool)       { return strings.Cut(raw, ".") }
func cutSemicolon(raw string) (string, string, bool) { return strings.Cut(raw, ";") }

// cutSpace splits at a space, which a query cannot hold as such: it is sent as
// %20 or, by form encoding, as +.
func cutSpace(raw string) (string, string, bool) {
	return cutAt(raw, func(c byte) bool { return c == ' ' || c == '+' }, "20")
}

// cutEncodedSpace is cutSpace for places where + is no space.
func cutEncodedSpace(raw string) (string, string, bool) {
	return cutAt(raw, func(c byte) bool { return c == ' ' }, "20")
}

// cutPipe splits at |, which RFC 3986 wants encoded and many clients do not.
func cutPipe(raw string) (string, string, bool) {
	return cutAt(raw, func(c byte) bool { return c == '|' }, "7C")
}

// cutTab splits at a tab, the tsv of Swagger 2.0.
func cutTab(raw string) (string, string, bool) {
	return cutAt(raw, func(c byte) bool { return c == '\t' }, "09")
}

func cutAt(raw string, plain func(byte) bool, hex string) (string, string, bool) {
	for i := 0; i < len(raw); i++ {
		if plain(raw[i]) {
			return raw[:i], raw[i+1:], true
		}
		if raw[i] == '%' && i+2 < len(raw) && strings.EqualFold(raw[i+1:i+3], hex) {
			return raw[:i], raw[i+3:], true
		}
	}
	return raw, "", false
}

// split appends the pieces of raw to dst; ok is false when there would be more
// than MaxMembers of them.
func (c cut) split(dst []string, raw string) (pieces []string, ok bool) {
	if c == nil {
		return append(dst, raw), len(dst) < MaxMembers
	}
	for {
		before, after, found := c(raw)
		if dst = append(dst, before); !found {
			return dst, len(dst) <= MaxMembers
		}
		if len(dst) >= MaxMembers {
			return dst, false
		}
		raw = after
	}
}

// cutInside separates the items of an array that is an item itself: Swagger 2.0 has
// a collectionFormat for it.
func (d *Decoder) cutInside(shape *schema.Shape) cut {
	if shape == nil || shape.Source == nil {
		return cutComma
	}
	switch shape.Source.Get("collectionFormat").Scalar() {
	case "ssv":
		if d.inPairs() {
			return cutSpace
		}
		return cutEncodedSpace
	case "tsv":
		return cutTab
	case "pipes":
		return cutPipe
	}
	return cutComma
}
