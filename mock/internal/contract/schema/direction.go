package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// isHidden tells whether a property's schema says that the property is not sent
// in this direction: by itself, or by what it refers to with $ref and allOf.
func (c *Compiler) isHidden(n *source.Node, dir Direction) bool {
	left := maxParts
	return c.hides(n, dir, 0, &left)
}

func (c *Compiler) hides(n *source.Node, dir Direction, hops int, left *int) bool {
	r := c.read(n)
	if dir == Request && r.readOnly || dir == Response && r.writeOnly {
		return true
	}
	if *left--; hops > maxHops || *left < 0 {
		return false
	}
	for _, w := range r.words {
		if w.name != "$ref" && w.name != "allOf" {
			continue
		}
		for _, s := range w.subs {
			if c.hides(s.node, dir, hops+1, left) {
				return true
			}
		}
	}
	return false
}

// hiddenBy gives the rule that a forbidden property breaks, "" for others.
func (o *object) hiddenBy() string {
	switch {
	case !o.forbidden:
		return ""
	case o.dir == Request:
		return exchange.RuleReadOnly
	}
	return exchange.RuleWriteOnly
}

// droppedNames gives the names that no required demands in a schema that speaks
// about an object, in the form of context.dropped.
func (c *Compiler) droppedNames(n *source.Node, dir Direction, sc *scope) string {
	r := c.read(n)
	if len(r.words) == 1 && isReference(r.words[0].name) {
		n, sc = c.scopes.follow(sc, &r.words[0], r.words[0].subs[0]) // they are those of the target, which many share
	}
	key := objectKey{node: n, context: context{dir: dir, scope: sc}}
	if names, ok := c.dropped[key]; ok {
		return names
	}
	all := c.composite(n, dir, sc)
	maps.DeleteFunc(all.hidden, func(name string, _ bool) bool { return !all.required[name] })
	names := strings.Join(slices.Sorted(maps.Keys(all.hidden)), "\x00")
	c.dropped[key] = names
	return names
}

// within gives the context for a schema n, with the scope there, that speaks about the
// same value as one in the context ctx: of the dropped names, those that count for n.
func (c *Compiler) within(ctx context, n *source.Node, sc *scope) context {
	ctx.scope = sc
	if ctx.dropped == "" {
		return ctx
	}
	required := c.composite(n, ctx.dir, sc).required
	names := slices.DeleteFunc(strings.Split(ctx.dropped, "\x00"), func(name string) bool { return !required[name] })
	ctx.dropped = strings.Join(names, "\x00")
	return ctx
}

// composite collects from all schemas that speak about the same object.
type composite struct {
	hidden   map[string]bool // properties that are not sent in this direction
	required map[string]bool
	seen     map[step]bool
}

func (c *Compiler) composite(n *source.Node, dir Direction, sc *scope) composite {
	all := composite{hidden: map[string]bool{}, required: map[string]bool{}, seen: map[step]bool{}}
	c.collect(n, dir, sc, &all)
	return all
}

func (c *Compiler) collect(n *source.Node, dir Direction, sc *scope, all *composite) {
	here := step{sc, n}
	if all.seen[here] {
		return
	}
	all.seen[here] = true
	for _, w := range c.read(n).words {
		switch w.name {
		case "properties":
			for _, s := range w.subs {
				if c.isHidden(s.node, dir) {
					all.hidden[s.key] = true
				}
			}
		case "required":
			all.require(w.arg.([]requirement))
		case "dependentRequired":
			for _, d := range w.arg.([]dependency) {
				all.require(d.names)
			}
		case "not", "if":
		default:
			if keywords[w.name].inPlace {
				for _, s := range w.subs {
					to, there := c.scopes.follow(sc, &w, s)
					c.collect(to, dir, there, all)
				}
			}
		}
	}
}

func (all *composite) require(names []requirement) {
	for _, r := range names {
		all.required[r.name] = true
	}
}
