package contract

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Methods lists the methods that the contract has for an escaped path, for an
// Allow header. HEAD stands beside GET, and OPTIONS is always answered.
func (c *Contract) Methods(path string, bare bool) []string {
	var list []string
	for _, method := range c.methods {
		if m := c.Route(method, path, bare); m.Op != nil {
			list = append(list, method)
		}
	}
	if len(list) == 0 {
		return nil
	}
	if slices.Contains(list, "GET") {
		list = append(list, "HEAD")
	}
	return sortMethods(append(list, "OPTIONS"))
}

// Closest lists the operations whose paths are most like an escaped path, nearest
// first, at most n.
func (c *Contract) Closest(method, path string, n int) []*Operation {
	type scored struct {
		op    *Operation
		score int
	}
	var all []scored
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, op := range c.Operations {
		score := 2 * unlike(parts, strings.Split(strings.Trim(op.Template, "/"), "/"))
		if op.Method != method {
			score++
		}
		all = append(all, scored{op, score})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.score - b.score })
	var ops []*Operation
	for _, s := range all[:min(n, len(all))] {
		ops = append(ops, s.op)
	}
	return ops
}

// Resembles tells whether an escaped path is so much like that of the operation that it
// was probably meant: it has as many segments, or one more or less, and most of those that
// are no parameters.
func (op *Operation) Resembles(path string) bool {
	parts, template := strings.Split(strings.Trim(path, "/"), "/"), strings.Split(strings.Trim(op.Template, "/"), "/")
	if d := len(parts) - len(template); d < -1 || d > 1 {
		return false
	}
	alike, literal := 0, 0
	for _, want := range template {
		if strings.HasPrefix(want, "{") {
			continue
		}
		literal++
		if slices.Contains(parts, want) || source.Closest(want, parts) != "" {
			alike++
		}
	}
	return 2*alike > literal || literal == 0
}

// unlike counts the segments in which a path departs from a template, aligned
// from whichever end fits better, so that a forgotten prefix costs little.
func unlike(parts, template []string) int {
	differ := func(a, b string) int {
		switch {
		case a == b:
			return 0
		case strings.HasPrefix(b, "{"):
			return 1
		case source.Closest(a, []string{b}) != "":
			return 2
		}
		return 4
	}
	front, back := 0, 0
	for i := range min(len(parts), len(template)) {
		front += differ(parts[i], template[i])
		back += differ(parts[len(parts)-1-i], template[len(template)-1-i])
	}
	gap := len(parts) - len(template)
	if gap < 0 {
		gap = -gap
	}
	return min(front, back) + 3*gap
}
