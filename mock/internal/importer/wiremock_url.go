package importer

import (
	"net/url"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// wireTargets finds the operations that a request pattern is for.
func (m *maker) wireTargets(request *source.Node, at source.Span) ([]target, bool) {
	method := request.Get("method").Str()
	if request.Has("method") && method == "" {
		m.leftOut(request.Get("method").At(), "write a mapping for each method", "the method is no single one")
		return nil, false
	}
	if strings.EqualFold(method, "ANY") {
		method = ""
	}
	var list []target
	path, n := "", (*source.Node)(nil)
	switch {
	case request.Has("url"):
		n = request.Get("url")
		path, _, _ = strings.Cut(n.Str(), "?")
		list = m.routes(method, path)
	case request.Has("urlPath"):
		n = request.Get("urlPath")
		path = n.Str()
		list = m.routes(method, escapedPath(path))
	case request.Has("urlPathTemplate"):
		n = request.Get("urlPathTemplate")
		path = n.Str()
		list = m.align(method, templateSegments(path))
	case request.Has("urlPattern"), request.Has("urlPathPattern"):
		if n = request.Get("urlPathPattern"); n == nil {
			n = request.Get("urlPattern")
		}
		path = n.Str()
		var ok bool
		if list, ok = m.wirePattern(method, n); !ok {
			return nil, false
		}
	default:
		return m.everywhere(method, at), true
	}
	if len(list) == 0 {
		m.noOperation(n.At(), method, path)
	}
	return list, len(list) > 0
}

// everywhere is the target of a rule for any path.
func (m *maker) everywhere(method string, at source.Span) []target {
	m.changed(at, "", `a rule for all paths becomes a stub for "*": it answers the operations that describe its status, after their own stubs`)
	t := target{whole: true}
	if method != "" {
		t.names = map[string]binding{methodOnly: {fixed: strings.ToUpper(method)}}
	}
	return []target{t}
}

// methodOnly is the name under which a target for all paths keeps its method.
const methodOnly = " method"

// escapedPath writes a path as it is sent, where it is not written so already.
func escapedPath(path string) string {
	if u := (&url.URL{Path: path}); !strings.Contains(path, "%") {
		return u.EscapedPath()
	}
	return path
}

// templateSegments reads /a/{b}.
func templateSegments(path string) []segment {
	var list []segment
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if name, ok := variableOf(part); ok {
			list = append(list, segment{name: name})
			continue
		}
		list = append(list, segment{fixed: plain(part)})
	}
	return list
}

// wirePattern finds the operations for a regular expression; that of urlPattern speaks
// of the query too.
func (m *maker) wirePattern(method string, n *source.Node) ([]target, bool) {
	pattern := n.Str()
	if _, err := compile(pattern); err != nil {
		m.leftOut(n.At(), err.Error(), "the regular expression cannot be carried over")
		return nil, false
	}
	if slices.Contains([]string{".*", "/.*", ".+", "/.+", "^/.*$"}, pattern) {
		return m.everywhere(method, n.At()), true
	}
	path, query := pattern, ""
	if i := strings.Index(pattern, `\?`); i >= 0 && n.Key == "urlPattern" {
		path, query = pattern[:i], pattern[i:]
	}
	segments, ok := cutPattern(path)
	if !ok || n.Key == "urlPattern" && query == "" && strings.HasSuffix(path, "?") {
		m.leftOut(n.At(), "write a mapping for each path, or one with urlPathTemplate", "the regular expression cannot be taken apart at its slashes")
		return nil, false
	}
	list := m.align(method, segments)
	for i := range list {
		if query != "" {
			list[i].whole = true
		}
		if list[i].whole && list[i].names != nil {
			list[i].names[urlPattern] = binding{fixed: pattern}
			if n.Key == "urlPathPattern" {
				list[i].names[urlPattern] = binding{name: "path", fixed: pattern}
			}
			list[i].path = nil
		}
	}
	return list, true
}

// urlPattern is the name under which a target keeps the regular expression of its URL.
const urlPattern = " url"
