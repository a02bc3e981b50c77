package contract

import (
	"strings"
)

// Match is the outcome of routing. It is a value so that routing allocates nothing.
type Match struct {
	// Op is the operation, nil where there is none for the path and method.
	Op *Operation
	// Base is the base path that was taken off.
	Base string
	// PathKnown tells an unknown path from a known one with another method.
	PathKnown bool

	leaf   *leaf
	values [8]string
	more   []string // the ninth variable and on
	n      int
	method string
	// rejected is a leaf of the same shape whose path parameters did not fit; it is
	// taken where no other fits.
	rejected *leaf
}

// PathValue gives the escaped text of a variable of the matched template.
func (m *Match) PathValue(name string) string {
	if m.leaf == nil {
		return ""
	}
	for i, n := range m.leaf.names {
		if n == name {
			return m.value(i)
		}
	}
	return ""
}

func (m *Match) value(i int) string {
	if i < len(m.values) {
		return m.values[i]
	}
	return m.more[i-len(m.values)]
}

func (m *Match) push(value string) {
	if m.n < len(m.values) {
		m.values[m.n] = value
	} else {
		m.more = append(m.more[:m.n-len(m.values)], value)
	}
	m.n++
}

// Route finds the operation for a method and an escaped path. Base paths are
// tried longest first; bare allows the path without its base path too. A fixed
// segment goes before a variable one, wherever a template with the method can be
// completed. Percent-encoded unreserved characters are taken for themselves (RFC 3986
// section 6.2.2.2); nothing else is cleaned, and nothing is redirected.
func (c *Contract) Route(method, path string, bare bool) Match {
	var known Match
	for i := range c.mounts {
		mount := &c.mounts[i]
		rest, ok := below(path, mount.base)
		if !ok {
			continue
		}
		var m Match
		mount.routes.match(&m, method, rest)
		m.Base = mount.base
		if m.Op != nil {
			return m
		}
		if m.PathKnown {
			known = m
		}
	}
	if bare {
		for i := range c.mounts {
			var m Match
			if c.mounts[i].routes.match(&m, method, path); m.Op != nil || m.PathKnown && !known.PathKnown {
				if m.Op != nil {
					return m
				}
				known = m
			}
		}
	}
	return known
}

// Below takes the base path off an escaped path, the longest that there is, as Route
// does. ok is false where the path is below none of them.
func (c *Contract) Below(path string) (base, rest string, ok bool) {
	for i := range c.mounts {
		if rest, ok = below(path, c.mounts[i].base); ok {
			return c.mounts[i].base, rest, true
		}
	}
	return "", path, false
}

// below takes a base path off at a segment boundary.
func below(path, base string) (string, bool) {
	if base == "" {
		return path, true
	}
	rest, ok := strings.CutPrefix(path, base)
	if !ok && strings.IndexByte(path, '%') >= 0 {
		rest, ok = cutBase(path, base)
	}
	switch {
	case !ok || rest != "" && rest[0] != '/':
		return "", false
	case rest == "":
		return "/", true
	}
	return rest, true
}

func (r *router) match(m *Match, method, path string) {
	m.method = method
	if path == "" || path[0] != '/' {
		return
	}
	if !r.root.match(m, path[1:]) && m.rejected != nil {
		m.leaf = m.rejected
	}
	if m.leaf != nil {
		m.Op = m.leaf.op
	}
}

// match follows the rest of a path; it gives true once a leaf was taken.
func (s *segment) match(m *Match, rest string) bool {
	part, after, more := rest, "", false
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		part, after, more = rest[:i], rest[i+1:], true
	}
	if next := s.find(plainSegment(part)); next != nil && next.step(m, after, more) {
		return true
	}
	for i := range s.patterns {
		n := m.n
		if s.patterns[i].bind(m, part) && s.patterns[i].next.step(m, after, more) {
			return true
		}
		if m.rejected == nil {
			m.n = n
		}
	}
	return false
}

func (s *segment) step(m *Match, after string, more bool) bool {
	if more {
		return s.match(m, after)
	}
	return s.finish(m)
}

// finish takes the leaf with the method. Of several templates of one shape the
// first whose path parameters fit is taken.
func (s *segment) finish(m *Match) bool {
	if m.rejected != nil {
		return false
	}
	for i := range s.leaves {
		l := &s.leaves[i]
		m.PathKnown = true
		if l.op.Method != m.method {
			continue
		}
		if l.op.hasTwin {
			m.leaf = l
			if !l.op.admitsPath(m) {
				if m.rejected == nil {
					m.rejected = l
				}
				m.leaf = nil
				continue
			}
			m.rejected = nil
		}
		m.leaf = l
		return true
	}
	return false
}

// plainSegment decodes a segment for the comparison with fixed text.
func plainSegment(part string) string {
	if strings.IndexByte(part, '%') < 0 {
		return part
	}
	return literal(part)
}

// bind matches a segment against literals with variables between them. Every
// variable takes at least one character, and as few as its right neighbour allows.
func (p *pattern) bind(m *Match, part string) bool {
	if p.plain {
		if part == "" {
			return false
		}
		m.push(part)
		return true
	}
	if strings.IndexByte(part, '%') >= 0 {
		part = canonical(part)
	}
	rest, ok := strings.CutPrefix(part, p.parts[0])
	if !ok {
		return false
	}
	for i, text := range p.parts[1:] {
		last := i == len(p.parts)-2
		end := len(rest) - len(text)
		switch {
		case last:
			if !strings.HasSuffix(rest, text) {
				return false
			}
		case text == "":
			end = 1 // two variables side by side: the first takes one character
		default:
			end = -1
			if len(rest) > 0 {
				if j := strings.Index(rest[1:], text); j >= 0 {
					end = j + 1
				}
			}
		}
		if end < 1 || end+len(text) > len(rest) {
			return false
		}
		m.push(rest[:end])
		rest = rest[end+len(text):]
	}
	return true
}
