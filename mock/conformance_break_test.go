package mock_test

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// breakRequest sends broken copies of a request. Each must get a 4xx: the contract's own,
// which conforms, or a problem.
func (x *conformance) breakRequest(op *contract.Operation, call *sample.Call) {
	x.Helper()
	broken := breakings(op, call)
	if len(broken) == 0 {
		x.leave("requests that cannot be broken")
	}
	for how, c := range broken {
		x.done["broken requests"]++
		w := x.send(c)
		if w.Code < 400 || w.Code > 499 {
			x.Errorf("%s, %s: status %d\n%s %s?%s\n%.300s", op.Name(), how, w.Code, c.Method, c.Path, c.RawQuery, c.Body)
			continue
		}
		if w.Header().Get("Understudy-Error") != "" || c.Method == "HEAD" {
			continue
		}
		for _, v := range op.ValidateResponse(w.Code, w.Header(), w.Body.Bytes()) {
			x.Errorf("%s, %s: the answer breaks the contract: %s\n%.500s", op.Name(), how, v, w.Body)
		}
	}
}

// breakings are copies of a request with one thing wrong, by what is wrong.
func breakings(op *contract.Operation, call *sample.Call) map[string]*sample.Call {
	broken := map[string]*sample.Call{}
	breaking := func(how string) *sample.Call {
		c := *call
		c.Header = call.Header.Clone()
		broken[how] = &c
		return &c
	}
	for _, d := range op.Parameters() {
		if types := op.Contract().ShapeOf(d.Schema).Types; d.MediaType == "" && types&^(schema.TypeInteger|schema.TypeNumber|schema.TypeBoolean) == 0 {
			breakType(op, call, d, breaking)
		}
		switch {
		case !d.Required || d.AllowEmptyValue:
		case d.In == exchange.Header && call.Header.Get(d.Name) != "":
			breaking("without the header " + d.Name).Header.Del(d.Name)
		case d.In == exchange.Query && has(call.RawQuery, d.Name):
			c := breaking("without the query " + d.Name)
			c.RawQuery = without(c.RawQuery, d.Name)
		case d.In == exchange.Cookie && !strings.Contains(call.Header.Get("Cookie"), ";"):
			breaking("without the cookie " + d.Name).Header.Del("Cookie")
		}
	}
	if len(op.Credentials()) > 0 && call.Header.Get("Authorization") != "" {
		breaking("without credentials").Header.Del("Authorization")
	}
	if call.Body == nil {
		return broken
	}
	if !slices.ContainsFunc(op.RequestBody(), func(m contract.RequestMedia) bool { return !m.Type.Concrete() }) {
		breaking("with another media type").Header.Set("Content-Type", "application/x-no-such-type")
	}
	t, _ := contract.ParseMediaType(call.Header.Get("Content-Type"))
	if !t.IsJSON() {
		breakData(op, call, t, breaking)
		return broken
	}
	breaking("with half of a body").Body = []byte(`{"a":`)
	for _, m := range op.RequestBody() {
		if m.Type.String() == t.String() && !op.Contract().ShapeOf(m.SchemaNode).Types.Has(schema.TypeString) {
			breaking("with text for the body").Body = []byte(`"no-such-value"`)
		}
	}
	return broken
}

// breakData breaks a body that is neither JSON nor text, as far as its type can be broken.
func breakData(op *contract.Operation, call *sample.Call, t contract.MediaType, breaking func(how string) *sample.Call) {
	described := slices.ContainsFunc(op.RequestBody(), func(m contract.RequestMedia) bool {
		return m.Type.Type == t.Type && m.Type.Subtype == t.Subtype && m.Data(t) && m.SchemaNode != nil
	})
	if !described {
		return
	}
	switch t.Syntax() {
	case contract.XML:
		breaking("with half of a document").Body = []byte("<root><a>")
		breaking("with a document type").Body = append([]byte("<!DOCTYPE a []>"), bytes.TrimPrefix(call.Body, []byte(xml.Header))...)
	case contract.Multipart:
		breaking("without a boundary").Header.Set("Content-Type", t.Type+"/"+t.Subtype)
		if len(call.Body) > 40 {
			breaking("with half of its parts").Body = call.Body[:len(call.Body)-6]
		}
	case contract.Form:
		breaking("with an escape that is none").Body = []byte("%zz=1")
	case contract.JSONLines, contract.JSONRecords:
		breaking("with half of an item").Body = []byte("\x1e{\n")
	}
}

// breakType sends text for a number or a boolean.
func breakType(op *contract.Operation, call *sample.Call, d *param.Decoder, breaking func(how string) *sample.Call) {
	const text = "no-such-value"
	switch d.In {
	case exchange.Query:
		c := breaking("with text for the query " + d.Name)
		c.RawQuery = without(c.RawQuery, d.Name) + "&" + url.QueryEscape(d.Name) + "=" + text
	case exchange.Header:
		breaking("with text for the header "+d.Name).Header.Set(d.Name, text)
	case exchange.Path:
		segments := strings.Split(call.Path, "/")
		template := strings.Split(op.Template, "/")
		behind := len(segments) - len(template)
		for i, part := range template {
			if part == "{"+d.Name+"}" {
				segments[i+behind] = text
				breaking("with text for the path parameter " + d.Name).Path = strings.Join(segments, "/")
			}
		}
	}
}

func has(query, name string) bool { return without(query, name) != query }

// without takes the pairs of a name, and of its members in brackets, out of a query.
func without(query, name string) string {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if key, _ = url.QueryUnescape(key); key != name && !strings.HasPrefix(key, name+"[") {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
