package journal

import (
	"encoding/json"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// packed codes what is kept of an exchange as one text: texts, numbers and decoded values.
// Whoever changes it changes batchVersion, because replicas send the text to each other.
type packed struct {
	ex *exchange.Exchange
	// decoded tells that the body's value is part of the text. That of a JSON text is not:
	// it is in the body.
	decoded bool
	// opaque are the decoded values that are no JSON values. They stay outside of the text.
	opaque []any
	// request and sent are the headers when they are read. They are written from the maps
	// of the exchange, which go on with the request.
	request, sent []exchange.Pair
}

// head codes what comes first, because it is looked for.
func (c *coder) head(id, session *string) {
	words(c, id)
	words(c, session)
}

func (p *packed) code(c *coder) {
	ex := p.ex
	c.head(&ex.ID, &ex.Session)
	c.uint(&ex.Number)
	words(c, &ex.Operation)
	words(c, &ex.API)
	r := &ex.Request
	for _, s := range [...]*string{&r.Method, &r.Protocol, &r.Host, &r.Prefix, &r.Path, &r.Base, &r.RawQuery} {
		words(c, s)
	}
	c.header(r.Header, &p.request)
	c.prefer(&ex.Prefer)
	p.parameters(c)
	if p.decoded {
		var value any
		if !c.reading {
			value = ex.Body.Value()
		}
		if value = p.value(c, value); c.reading {
			ex.Body = exchange.Decoded(value)
		}
	}
	d := &ex.Decision
	words(c, &d.Step)
	words(c, &d.Why)
	words(c, &d.Scenario)
	words(c, &d.Stub)
	c.texts(&d.Applied)
	c.texts(&d.Drawn)
	c.texts(&d.Failed)
	a := &ex.Answer
	whole(c, &a.Status)
	whole(c, &a.Delay)
	words(c, &a.Fault)
	words(c, &a.OffContract)
	c.header(a.Header, &p.sent)
}

// header codes a header, a pair for each of its lines and behind the last that there is
// none: going through a map twice to count its lines costs more.
func (c *coder) header(h http.Header, pairs *[]exchange.Pair) {
	more := true
	for name, values := range h {
		for i := range values {
			c.flag(&more)
			words(c, &name)
			words(c, &values[i])
		}
	}
	if !c.reading {
		more = false
		c.flag(&more)
		return
	}
	for c.flag(&more); more && c.err == nil; c.flag(&more) {
		var p exchange.Pair
		words(c, &p.Name)
		words(c, &p.Value)
		*pairs = append(*pairs, p)
	}
}

func (c *coder) prefer(p *exchange.Prefer) {
	given := p.Code != "" || p.Example != "" || p.Scenario != "" || p.Dynamic != "" || p.Seed != "" || p.Delay != "" || p.Expect != "" || p.Bare != "" || len(p.Sessions) > 0
	if c.flag(&given); !given {
		return
	}
	for _, s := range [...]*string{&p.Code, &p.Example, &p.Scenario, &p.Dynamic, &p.Seed, &p.Delay, &p.Expect, &p.Bare} {
		words(c, s)
	}
	c.texts(&p.Sessions)
}

func (p *packed) parameters(c *coder) {
	list(c, &p.ex.Parameters, func(v *exchange.Parameter) {
		words(c, &v.In)
		words(c, &v.Name)
		c.flag(&v.Present)
		c.flag(&v.Valid)
		if v.Present {
			words(c, &v.Raw)
		}
		if value := p.value(c, v.Value); c.reading {
			v.Value = value
		}
	})
}

// The kinds of decoded values, as they stand before the value.
const (
	kindNull = iota
	kindFalse
	kindTrue
	kindText
	kindNumber
	kindArray
	kindObject
	kindOpaque // an index into packed.opaque
)

func kindOf(v any) uint64 {
	switch v := v.(type) {
	case nil:
		return kindNull
	case bool:
		if v {
			return kindTrue
		}
		return kindFalse
	case string:
		return kindText
	case json.Number:
		return kindNumber
	case []any:
		return kindArray
	case map[string]any:
		return kindObject
	}
	return kindOpaque
}

// value codes a decoded value and gives it back: the one that was read, or v.
func (p *packed) value(c *coder, v any) any {
	kind := kindOf(v)
	c.uint(&kind)
	switch kind {
	case kindNull:
		return nil
	case kindFalse, kindTrue:
		return kind == kindTrue
	case kindText:
		s, _ := v.(string)
		if words(c, &s); c.reading {
			return s
		}
	case kindNumber:
		n, _ := v.(json.Number)
		if words(c, &n); c.reading {
			return n
		}
	case kindArray:
		items, _ := v.([]any)
		if items = p.array(c, items); c.reading {
			return items
		}
	case kindObject:
		object, _ := v.(map[string]any)
		if object = p.object(c, object); c.reading {
			return object
		}
	case kindOpaque:
		return p.outside(c, v)
	default:
		c.fail()
	}
	return v
}

func (p *packed) array(c *coder, items []any) []any {
	n := c.length(len(items))
	if !c.reading {
		for _, item := range items {
			p.value(c, item)
		}
		return items
	}
	items = make([]any, 0, min(n, maxAtOnce))
	for range n {
		item := p.value(c, nil)
		if c.err != nil {
			break
		}
		items = append(items, item)
	}
	return items
}

func (p *packed) object(c *coder, object map[string]any) map[string]any {
	n := c.length(len(object))
	if !c.reading {
		for name, member := range object {
			words(c, &name)
			p.value(c, member)
		}
		return object
	}
	object = make(map[string]any, min(n, maxAtOnce))
	for range n {
		var name string
		words(c, &name)
		member := p.value(c, nil)
		if c.err != nil {
			break
		}
		object[name] = member
	}
	return object
}

// outside keeps a value that is no JSON value, such as the measure of a long file, beside
// the text, in which its index stands.
func (p *packed) outside(c *coder, v any) any {
	i := uint64(len(p.opaque))
	c.uint(&i)
	switch {
	case !c.reading:
		p.opaque = append(p.opaque, v)
		return v
	case i < uint64(len(p.opaque)):
		return p.opaque[i]
	}
	c.fail()
	return nil
}
