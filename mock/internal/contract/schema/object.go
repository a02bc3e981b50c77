package schema

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// object is a schema in the context in which it counts, linked to the objects
// that its keywords hold. Objects are made once for each context and shared by
// all that refer to them; they are immutable once Compile has returned.
type object struct {
	*reading
	context
	// id numbers the objects of a Compiler.
	id int
	// links are parallel to the words: the objects of their subs.
	links [][]*object
	// forbidden tells that the property must not be sent in this direction.
	forbidden bool
	// circle is the same number for objects that lead to each other without
	// looking into the value; 0 for all others.
	circle int
	// complete tells that everything below was looked at.
	complete bool

	// checker may be that of other objects too, see check. checked tells that it is final,
	// met that one below refers to it, which keeps it from being another's.
	checker      *checker
	checked, met bool
}

// context is what the meaning of a schema depends on beside its text.
type context struct {
	dir Direction
	// neutral is set below not and if: what is asked there is how a value looks,
	// so that readOnly and writeOnly do not count.
	neutral bool
	// dropped are the names, joined by NUL, that required does not demand here:
	// properties that must not be sent in this direction. They are collected over
	// all schemas that speak about the same object.
	dropped string
	// scope is what the references mean that depend on the way here.
	scope *scope
}

// objectKey identifies an object.
type objectKey struct {
	node      *source.Node
	forbidden bool
	context
}

// demands tells whether required may insist on the property.
func (o *object) demands(name string) bool {
	return o.dropped == "" || !slices.Contains(strings.Split(o.dropped, "\x00"), name)
}

// root gives the object of a schema that nothing led to.
func (c *Compiler) root(n *source.Node, dir Direction, neutral bool) *object {
	return c.enter(n, context{dir: dir, neutral: neutral, scope: c.scopes.into(nil, n)})
}

// enter gives the object for a schema that begins to speak about a value: the
// root, or what a keyword says about a part. What ctx says to be dropped is replaced.
func (c *Compiler) enter(n *source.Node, ctx context) *object {
	ctx.dropped = ""
	if !ctx.neutral {
		ctx.dropped = c.droppedNames(n, ctx.dir, ctx.scope)
	}
	return c.object(n, ctx)
}

// object gives the object for a schema in a context; a new one is noted before
// its links are followed, so that schemas may refer to themselves.
func (c *Compiler) object(n *source.Node, ctx context) *object {
	return c.objectFor(objectKey{node: n, context: ctx})
}

func (c *Compiler) objectFor(key objectKey) *object {
	if o, ok := c.objects[key]; ok {
		return o
	}
	o := &object{reading: c.read(key.node), context: key.context, id: len(c.objects), forbidden: key.forbidden}
	if !c.scopes.counted(key.scope) {
		o.reading = tooManyWays(key.node)
	}
	c.objects[key] = o
	c.fresh = append(c.fresh, o)
	if o.forbidden {
		return o
	}
	o.links = make([][]*object, len(o.words))
	for i := range o.words {
		o.links[i] = c.link(o, &o.words[i])
	}
	return o
}

// link gives the objects of a keyword's schemas.
func (c *Compiler) link(o *object, w *word) []*object {
	links := make([]*object, len(w.subs))
	for i, s := range w.subs {
		n, scope := c.scopes.follow(o.scope, w, s)
		switch {
		case w.name == "not" || w.name == "if":
			links[i] = c.object(n, context{dir: o.dir, neutral: true, scope: scope})
		case keywords[w.name].inPlace:
			links[i] = c.object(n, c.within(o.context, n, scope))
		case w.name == "properties" && !o.neutral && c.isHidden(n, o.dir):
			links[i] = c.objectFor(objectKey{node: n, forbidden: true, context: context{dir: o.dir}})
		default:
			links[i] = c.enter(n, context{dir: o.dir, neutral: o.neutral, scope: scope})
		}
	}
	return links
}

// eachLink calls f for every link of o, telling whether it speaks about the same
// value as o does.
func (o *object) eachLink(f func(to *object, inPlace bool)) {
	for i, links := range o.links {
		inPlace := keywords[o.words[i].name].inPlace
		for _, to := range links {
			f(to, inPlace)
		}
	}
}

// finish looks at everything below the root, and gives the errors.
func (c *Compiler) finish(root *object) source.Diagnostics {
	var found source.Diagnostics
	order := []*object{root}
	seen := map[*object]bool{root: true}
	told := map[source.Span]bool{}
	for i := 0; i < len(order); i++ {
		for _, d := range order[i].found {
			if d.Severity == source.Error && !told[d.At] {
				told[d.At] = true
				found = append(found, d)
			}
		}
		order[i].eachLink(func(to *object, _ bool) {
			if !seen[to] && !to.complete {
				seen[to] = true
				order = append(order, to)
			}
		})
	}
	if len(found) == 0 {
		for _, o := range order {
			o.complete = true
		}
	}
	return found
}
