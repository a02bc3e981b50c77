package importer

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// request maps the request pattern; false where it cannot be said.
func (w *wireRule) request(request *source.Node) bool {
	if b, ok := w.t.names[urlPattern]; ok {
		subject := "request.url"
		if b.name == "path" {
			subject = `split(request.url, "?")[0]`
		}
		w.s.exprs = append(w.s.exprs, subject+" matches "+quote("^(?:"+b.fixed+")$"))
	}
	if b, ok := w.t.names[methodOnly]; ok {
		w.s.exprs = append(w.s.exprs, "request.method == "+quote(b.fixed))
	}
	ok := true
	for key, n := range request.Members() {
		ok = w.requestKey(key, n) && ok
	}
	return ok
}

func (w *wireRule) requestKey(key string, n *source.Node) bool {
	if n.Is(source.Null) {
		return true
	}
	switch key {
	case "method", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate":
		return true
	case "url":
		return w.urlQuery(n)
	case "pathParameters":
		return w.parameters(n, func(name string, value *source.Node) bool { return w.pathParameter(name, value) })
	case "queryParameters":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.query, exchange.Query, name, value)
		})
	case "headers":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.headers, exchange.Header, name, value)
		})
	case "cookies":
		return w.parameters(n, func(name string, value *source.Node) bool {
			return w.parameter(&w.s.cookies, exchange.Cookie, name, value)
		})
	case "basicAuthCredentials", "basicAuth":
		pair := n.Get("username").Str() + ":" + n.Get("password").Str()
		w.s.headers.add("Authorization", text("Basic "+base64.StdEncoding.EncodeToString([]byte(pair))))
		return true
	case "formParameters":
		return w.formParameters(n)
	case "bodyPatterns":
		return w.bodyPatterns(n)
	case "multipartPatterns":
		return w.multipart(n)
	case "host", "port", "scheme", "clientIp":
		w.leftOut(n.KeyAt(), "serve each API under a base path of its own: SPEC=/base", "conditions on %s cannot be carried over", key)
	case "customMatcher":
		w.leftOut(n.KeyAt(), "write what it asks under when", "a custom matcher is code, which cannot be carried over")
	default:
		w.leftOut(n.KeyAt(), "", "the condition %s is not known", key)
	}
	return false
}

func (w *wireRule) parameters(n *source.Node, each func(name string, value *source.Node) bool) bool {
	ok := n.Is(source.Object)
	if !ok {
		w.leftOut(n.At(), "", "%s is no object", n.Key)
	}
	for name, value := range n.Members() {
		ok = each(name, value) && ok
	}
	return ok
}

// urlQuery states the query of a url.
func (w *wireRule) urlQuery(n *source.Node) bool {
	_, query, found := strings.Cut(n.Str(), "?")
	if !found {
		return true
	}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			w.leftOut(n.At(), "", "the query cannot be read")
			return false
		}
		if name != "" {
			w.s.query.add(name, w.inList(exchange.Query, name, scalar(w.t.op, exchange.Query, name, value)))
		}
	}
	return true
}

// inList asks for an element where the contract describes a list.
func (w *wireRule) inList(in exchange.Location, name string, value source.Node) source.Node {
	if isList(w.t.op, in, name) {
		return matcher("contains", value)
	}
	return value
}

func (w *wireRule) pathParameter(name string, n *source.Node) bool {
	b, known := w.t.names[name]
	switch {
	case !known:
		w.leftOut(n.KeyAt(), "", "the path has no variable %s", name)
		return false
	case b.name != "":
		return w.parameter(&w.s.path, exchange.Path, b.name, n)
	case n.Get("equalTo").Str() == b.fixed:
		return true
	}
	w.leftOut(n.KeyAt(), "", "%s has %q in the place of {%s}, and the condition on it cannot be carried over", w.t.op.Name(), b.fixed, name)
	return false
}

// parameter states a condition on a parameter.
func (w *wireRule) parameter(to *conditions, in exchange.Location, name string, n *source.Node) bool {
	value, ok := w.textMatcher(n, func(s string) source.Node { return scalar(w.t.op, in, name, s) })
	if !ok {
		return false
	}
	if only := value.Get("equalTo"); only != nil && len(value.Kids) == 1 && only.Kind != source.Array && only.Kind != source.Object {
		value = only.Renamed("")
	}
	switch each := value.Get("allOf"); {
	case wantsAbsence(&value):
	case n.Has("includes") && each != nil:
		for i := range each.Kids {
			each.Kids[i] = w.inList(in, name, each.Kids[i])
		}
	default:
		value = w.inList(in, name, value)
	}
	to.add(name, value)
	return true
}

func wantsAbsence(n *source.Node) bool { return n.Has("absent") || n.Has("present") }
