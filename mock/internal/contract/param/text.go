package param

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// decodeScalar reads a parameter that is one piece of text: most parameters there
// are.
func decodeScalar(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	raw, count := d.first(d, in)
	if count == 0 {
		return d.absent()
	}
	out.Present = true
	body, ok := raw, true
	if d.opening != nil {
		if body, ok = d.opening(d, raw); !ok {
			return d.refuse(out, raw, d.notOpened(raw))
		}
	}
	text, ok := d.text(body)
	if !ok {
		return d.refuse(out, raw, d.notEscaped("", raw))
	}
	out.Raw = text
	if d.opening != nil {
		out.Raw, _ = d.text(raw)
	}
	return d.judgeScalar(out, text, count)
}

// judgeScalar is judge for scalar types alone.
func (d *Decoder) judgeScalar(out *exchange.Parameter, text string, count int) []exchange.Violation {
	read := false
	for i := range d.order {
		value, ok := scalar(d.order[i].scalar, text)
		if !ok {
			continue
		}
		if d.valid(value) {
			out.Value = value
			return d.once(nil, count)
		}
		if !read {
			read, out.Value = true, value
		}
	}
	if !read {
		out.Value = text
	}
	if d.emptyOK && text == "" && count == 1 {
		return nil
	}
	r := reader{d: d}
	if !read {
		r.notRead("", text)
	}
	if count > 1 {
		r.repeated("", count)
	}
	return r.explain(out.Value)
}

// decodeText reads parameters that stand under their own name and may be arrays
// or objects.
func decodeText(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	raw, count := d.first(d, in)
	if count == 0 {
		return d.absent()
	}
	return d.decodeValues(in, out, raw, count)
}

// decodeValues is decodeText for count values that were found, first among them.
func (d *Decoder) decodeValues(in *Input, out *exchange.Parameter, first string, count int) []exchange.Violation {
	w := borrow()
	defer w.giveBack()
	s := &w.sent
	out.Present = true
	s.raws = d.values(s.raws, in, first, count)
	out.Raw = d.shown(s.raws)
	if d.opening != nil {
		body, ok := d.opening(d, first)
		if !ok {
			return d.refuse(out, first, d.notOpened(first))
		}
		s.raws[0] = body
	}
	if !d.splitAll(s) {
		return d.refuse(out, first, d.tooMany(""))
	}
	violations := d.judge(out, w)
	if d.emptyOK && len(s.raws) == 1 && s.raws[0] == "" {
		return nil
	}
	return violations
}

func (d *Decoder) splitAll(s *sent) (ok bool) {
	for _, raw := range s.raws {
		if s.pieces, ok = d.cut.split(s.pieces, raw); !ok {
			return false
		}
	}
	if s.count = len(s.raws); d.named {
		s.count = len(s.pieces)
	}
	s.text, s.textOK = d.wholeText(s)
	return true
}

// wholeText gives the text that a scalar would be read from.
func (d *Decoder) wholeText(s *sent) (string, bool) {
	raw := s.raws[0]
	if d.named {
		name, value, _ := strings.Cut(s.pieces[0], "=")
		if plain, ok := d.text(name); !ok || plain != d.Name {
			return raw, false
		}
		raw = value
	}
	text, ok := d.text(raw)
	if !ok {
		return raw, false
	}
	return text, true
}

// judge tries the readings in order and keeps the first that the schema accepts,
// else the first of all.
func (d *Decoder) judge(out *exchange.Parameter, w *work) []exchange.Violation {
	var best reader
	r := &w.reader
	for _, k := range d.order {
		*r = reader{d: d}
		value, ok := k.read(r, &w.sent)
		if !ok {
			continue
		}
		if r.settle(value) {
			out.Value = value
			return r.repeats
		}
		if best.d == nil {
			best, out.Value = *r, value
		}
	}
	if best.d == nil || len(best.faults) > 0 && d.types&scalarTypes != 0 {
		return d.unread(out, &w.sent)
	}
	return best.explain(out.Value)
}

// unread tells of text that none of the types admits.
func (d *Decoder) unread(out *exchange.Parameter, s *sent) []exchange.Violation {
	r := reader{d: d}
	out.Value = s.text
	switch {
	case d.named && (!s.textOK || s.count > 1):
		out.Value = out.Raw
		r.fault(d.notOpened(out.Raw))
	case !s.textOK:
		r.fault(d.notEscaped("", s.raws[0]))
	case d.types&^schema.TypeNull == schema.TypeObject:
		r.fault(d.notMembers(out.Raw))
	default:
		r.notRead("", s.text)
	}
	return r.explain(out.Value)
}

// shown is the text for Parameter.Raw: a single value decoded, several ones as
// pairs.
func (d *Decoder) shown(raws []string) string {
	if len(raws) == 1 {
		if text, ok := d.text(raws[0]); ok {
			return text
		}
		return raws[0]
	}
	pairs := make([]Pair, len(raws))
	for i, raw := range raws {
		pairs[i] = Pair{d.Name, raw}
	}
	return d.shownPairs(pairs)
}

func (d *Decoder) shownPairs(pairs []Pair) string {
	separator, size := "&", 0
	if d.In == exchange.Cookie {
		separator = "; "
	}
	for i := range pairs {
		size += len(pairs[i].Name) + len(pairs[i].RawValue) + 3
	}
	var b strings.Builder
	b.Grow(size)
	for i, p := range pairs {
		if i > 0 {
			b.WriteString(separator)
		}
		value, ok := d.text(p.RawValue)
		if !ok {
			value = p.RawValue
		}
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(value)
	}
	return b.String()
}

// openLabel takes off the point of the label style.
func openLabel(_ *Decoder, raw string) (string, bool) { return strings.CutPrefix(raw, ".") }

// openMatrix takes off ;name= of the matrix style; without text RFC 6570 leaves
// out the = as well.
func openMatrix(d *Decoder, raw string) (string, bool) {
	body, ok := strings.CutPrefix(raw, ";")
	if !ok {
		return "", false
	}
	name, value, _ := strings.Cut(body, "=")
	plain, ok := d.text(name)
	return value, ok && plain == d.Name
}

// openMatrixList takes off the first semicolon of the exploded matrix style,
// whose items carry the name themselves.
func openMatrixList(_ *Decoder, raw string) (string, bool) { return strings.CutPrefix(raw, ";") }
