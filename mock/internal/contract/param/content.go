package param

import (
	"fmt"
	"mime"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// chooseContent sets how a parameter described by content is read (3.1 section
// 4.8.12.3). JSON is parsed; text is read by the schema's scalar types; anything
// else stays text, and is checked only if the schema admits text.
func (d *Decoder) chooseContent() source.Diagnostics {
	media, _, _ := mime.ParseMediaType(d.MediaType)
	kind, subtype, _ := strings.Cut(media, "/")
	d.decode = decodeContent
	if subtype == "json" || strings.HasSuffix(subtype, "+json") {
		d.decode = decodeJSON
		return nil
	}
	if d.In == exchange.Cookie {
		// Cookies are described by content to get around percent-encoding.
		d.text = verbatim
	}
	if d.types.Has(schema.TypeString) || kind == "text" && d.types&scalarTypes != 0 {
		return nil
	}
	d.schema, d.types = nil, schema.TypeString
	d.order = readings(d.types, d.shape)
	return d.warn(d.Node.Get("content"), fmt.Sprintf("parameters of %s are not decoded; any text is accepted", d.MediaType), "use application/json, or describe the text as a string")
}

// decodeContent reads content that is text.
func decodeContent(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	raw, count := d.first(d, in)
	if count == 0 {
		return d.absent()
	}
	out.Present = true
	w := borrow()
	defer w.giveBack()
	s := &w.sent
	s.raws, s.pieces, s.count = append(s.raws, raw), append(s.pieces, raw), 1
	if s.text, s.textOK = d.text(raw); !s.textOK {
		return d.refuse(out, raw, d.notEscaped("", raw))
	}
	out.Raw = s.text
	violations := d.judge(out, w)
	if d.emptyOK && raw == "" {
		return nil
	}
	return d.once(violations, count)
}

// once adds the violation of content that was sent several times.
func (d *Decoder) once(violations []exchange.Violation, count int) []exchange.Violation {
	if count == 1 {
		return violations
	}
	r := reader{d: d}
	r.repeated("", count)
	return append(violations, r.repeats...)
}

// decodeJSON reads content that is JSON.
func decodeJSON(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	raw, count := d.first(d, in)
	if count == 0 {
		return d.absent()
	}
	out.Present = true
	text, ok := d.text(raw)
	if !ok {
		if d.In != exchange.Cookie {
			return d.refuse(out, raw, d.notEscaped("", raw))
		}
		text = raw // not every client encodes cookies: the % may be part of the JSON
	}
	value, err := jsonvalue.Decode([]byte(text))
	out.Raw, out.Value = text, text
	switch {
	case d.emptyOK && text == "":
		return nil
	case err != nil:
		reason, _, _ := jsonvalue.Reason(err)
		v := decodeFault("", "JSON", quoted(text), fmt.Sprintf("send %s as JSON: %s", d.what(), reason))
		return d.once(d.refuse(out, text, v), count)
	}
	out.Value = value
	r := reader{d: d}
	if d.valid(value) {
		return d.once(nil, count)
	}
	return d.once(r.explain(value), count)
}
