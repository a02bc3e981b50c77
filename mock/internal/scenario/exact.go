package scenario

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Exact is what a stub states of an answer, as far as it does not depend on a request:
// its headers and its body, with the places of each value.
type Exact struct {
	headers []exactHeader
	// body is stated as data, nil where it is not. open tells that other members are
	// allowed, as with merge.
	body *source.Node
	open bool
	// bytes are the whole body where it is stated as text or bytes; at is where.
	bytes []byte
	at    source.Span
	// texts are those that expressions or escapes stand in; fixed ones have their text,
	// others have none, so that anything may stand there.
	texts map[*source.Node]*string
}

type exactHeader struct {
	name  string
	lines []*source.Node
}

// Difference is one thing in which an answer is not what a stub states.
type Difference struct {
	// Where names the place, such as header "Location" or body; Pointer is the JSON
	// pointer into a body.
	Where, Pointer string
	Expected, Got  string
	// At is where the scenario states it.
	At source.Span
}

// exactOf gives what an answer states; nil where nothing of it is wanted.
func (c *compiler) exactOf(r *respondSpec, a *answer) *Exact {
	l := &Exact{texts: map[*source.Node]*string{}}
	for name, entry := range r.headers.Members() {
		lines := []*source.Node{entry}
		if entry.Is(source.Array) {
			lines = nil
			for _, line := range entry.Items() {
				lines = append(lines, line)
			}
		}
		l.headers = append(l.headers, exactHeader{name, lines})
		for _, line := range lines {
			c.exactTexts(line, l)
		}
	}
	n := r.body
	if n == nil {
		return l
	}
	l.at = n.At()
	switch n.Key {
	case "body":
		if a.message.events != nil || a.message.fixedEvents != nil {
			return l // a stream has its own times
		}
		l.body = n
	case "merge":
		l.body, l.open = n, true
	case "text":
		l.body = n
	case "example", "base64", "file":
		l.bytes = a.message.fixed
	}
	c.exactTexts(l.body, l)
	return l
}

// exactTexts notes which texts below n are no plain text.
func (c *compiler) exactTexts(n *source.Node, l *Exact) {
	if n == nil {
		return
	}
	if n.Is(source.String) && hasExpressions(n.Text) {
		quiet := *c
		quiet.findings = &findings{} // it was told when the answer was compiled
		l.texts[n] = nil
		if t := quiet.template(n); t != nil {
			if text, ok := t.constant(); ok {
				l.texts[n] = &text
			}
		}
	}
	for i := range n.Kids {
		c.exactTexts(&n.Kids[i], l)
	}
}

// Compare lists in what an answer differs. response describes it, nil for nothing.
func (l *Exact) Compare(header http.Header, body []byte, response *contract.Response) []Difference {
	var found []Difference
	for _, h := range l.headers {
		found = append(found, l.compareHeader(h, header.Values(h.name))...)
	}
	switch {
	case l.bytes != nil:
		if !bytes.Equal(l.bytes, body) && !sameData(l.bytes, body) {
			found = append(found, Difference{Where: "body", Expected: shownBytes(l.bytes), Got: shownBytes(body), At: l.at})
		}
	case l.body == nil:
	case l.body.Key == "text":
		if want, fixed := l.text(l.body); fixed && want != string(body) {
			found = append(found, Difference{Where: "body", Expected: strconv.Quote(shorten(want)), Got: shownBytes(body), At: l.at})
		}
	default:
		value, ok := dataIn(header.Get("Content-Type"), body, response)
		if !ok {
			return append(found, Difference{Where: "body", Expected: shownNode(l.body), Got: shownBytes(body), At: l.at})
		}
		found = append(found, l.compare(l.body, "", value, true)...)
	}
	return found
}

// dataIn decodes the body of an answer.
func dataIn(contentType string, body []byte, response *contract.Response) (any, bool) {
	t, ok := contract.ParseMediaType(contentType)
	if response != nil && ok && !t.IsJSON() {
		if media := response.Media(contentType); media != nil {
			return media.DecodeAs(t, body)
		}
	}
	value, err := jsonvalue.Decode(body)
	return value, err == nil
}

func sameData(a, b []byte) bool {
	x, err := jsonvalue.Decode(a)
	if err != nil {
		return false
	}
	y, err := jsonvalue.Decode(b)
	if err != nil {
		return false
	}
	return equalValue(parsed("stub.json", a), y, false) && x != nil == (y != nil)
}

func (l *Exact) compareHeader(h exactHeader, got []string) []Difference {
	where := "header " + strconv.Quote(h.name)
	if len(got) == 0 {
		return []Difference{{Where: where, Expected: strconv.Quote(shorten(h.lines[0].Text)), Got: "absent", At: h.lines[0].At()}}
	}
	var found []Difference
	for i, line := range h.lines {
		want, fixed := l.text(line)
		if !fixed || slices.Contains(got, want) || strings.EqualFold(h.name, "Content-Type") && sameType(want, got[0]) {
			continue
		}
		found = append(found, Difference{Where: where, Expected: strconv.Quote(shorten(want)), Got: strconv.Quote(shorten(got[min(i, len(got)-1)])), At: line.At()})
	}
	return found
}

func sameType(a, b string) bool {
	x, ok := contract.ParseMediaType(a)
	y, also := contract.ParseMediaType(b)
	return ok && also && x.Type == y.Type && x.Subtype == y.Subtype
}

// text gives a text as it is sent; fixed is false for one that depends on the request.
func (l *Exact) text(n *source.Node) (text string, fixed bool) {
	known, special := l.texts[n]
	switch {
	case !special:
		return n.Text, true
	case known == nil:
		return "", false
	}
	return *known, true
}

// compare lists in what a value differs from what is stated; there tells whether there
// is a value.
func (l *Exact) compare(want *source.Node, pointer string, got any, there bool) []Difference {
	differs := func() []Difference {
		o := operand{}
		if there {
			o = valueOf(got, false)
		}
		return []Difference{{Where: "body", Pointer: pointer, Expected: shownNode(want), Got: o.String(), At: want.At()}}
	}
	if l.open && isNullWord(want) {
		if !there || got != nil {
			return []Difference{{Where: "body", Pointer: pointer, Expected: "null", Got: valueOf(got, false).String(), At: want.At()}}
		}
		return nil
	}
	switch want.Kind {
	case source.Object:
		object, ok := got.(map[string]any)
		if !ok {
			return differs()
		}
		return l.compareMembers(want, pointer, object)
	case source.Array:
		list, ok := got.([]any)
		if !ok || len(list) != len(want.Kids) {
			return differs()
		}
		var found []Difference
		for i, item := range want.Items() {
			found = append(found, l.compare(item, pointer+"/"+strconv.Itoa(i), list[i], true)...)
		}
		return found
	case source.String:
		text, fixed := l.text(want)
		if fixed && (!there || got != text) || !there {
			return differs()
		}
		return nil
	}
	if !there || !equalValue(want, got, false) {
		return differs()
	}
	return nil
}

func (l *Exact) compareMembers(want *source.Node, pointer string, object map[string]any) []Difference {
	var found []Difference
	for name, member := range want.Members() {
		at := pointer + "/" + source.EscapePointer(name)
		value, there := object[name]
		if l.open && member.Is(source.Null) { // merge removes it
			if there {
				found = append(found, Difference{Where: "body", Pointer: at, Expected: "absent", Got: valueOf(value, false).String(), At: member.At()})
			}
			continue
		}
		found = append(found, l.compare(member, at, value, there)...)
	}
	if l.open {
		return found
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !want.Has(name) {
			found = append(found, Difference{Where: "body", Pointer: pointer + "/" + source.EscapePointer(name), Expected: "absent", Got: valueOf(object[name], false).String(), At: want.At()})
		}
	}
	return found
}

// shownBytes shows a body for people.
func shownBytes(b []byte) string {
	if len(b) == 0 {
		return "no body"
	}
	if !utf8.Valid(b) {
		return fmt.Sprintf("%d bytes", len(b))
	}
	return strconv.Quote(shorten(string(b)))
}
