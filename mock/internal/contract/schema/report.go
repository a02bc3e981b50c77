package schema

import "github.com/understudy-mock/understudy/mock/internal/source"

// Unenforced gives the warnings about the schema at n and all that it reaches:
// what is written there and is not enforced, each place once, ordered by place.
// References that lead nowhere are among them, as errors. It does not compile
// anything and never panics.
func (c *Compiler) Unenforced(n *source.Node) source.Diagnostics {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found source.Diagnostics
	seen := map[*source.Node]bool{}
	open := []*source.Node{n}
	for len(open) > 0 {
		n := open[len(open)-1]
		open = open[:len(open)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		r := c.read(n)
		found = append(found, r.found...)
		for _, w := range r.words {
			for _, s := range w.subs {
				open = append(open, s.node)
			}
		}
	}
	return found.Sort()
}
