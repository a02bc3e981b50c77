package schema

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// choice is a discriminator beside oneOf or anyOf. It selects the branch that an
// object must fit; the other branches are then not looked at. The plain meaning
// of oneOf or anyOf holds for values that are no objects, and for objects whose
// tag is no string.
type choice struct {
	keyword  string // "oneOf" or "anyOf"
	property string
	// branches is how many of the word's schemas stand in the list. Schemas that
	// only the mapping names come behind them.
	branches int
	// cases gives for each tag the schemas that it selects, mostly one.
	cases map[string][]int
	// tags are the keys of cases in the order of the contract; known are those of
	// them that are told to people.
	tags, known []string
	// open tells that some branch has no tag: then an unknown tag, or none, leaves
	// the plain meaning.
	open bool
}

// discriminator reads a discriminator. Without oneOf or anyOf beside it, it is an
// annotation: the schemas below it refer to this one with allOf.
func (r *reader) discriminator(at *source.Node) {
	property := at.Get("propertyName")
	if !property.Is(source.String) {
		if at.Kind != source.String {
			r.ignore(at, "must name the propertyName", "")
			return
		}
		r.inherited(at.Text) // as in Swagger 2.0
		return
	}
	c := &choice{property: property.Text, cases: map[string][]int{}}
	var branches *source.Node
	for _, c.keyword = range []string{"oneOf", "anyOf"} {
		if branches = r.node.Get(c.keyword); branches.Is(source.Array) && len(branches.Kids) > 0 {
			break
		}
		branches = nil
	}
	if branches == nil {
		r.inherited(property.Text)
		return
	}
	w := word{name: "discriminator", at: at, arg: c}
	for _, branch := range branches.Items() {
		w.subs = append(w.subs, sub{node: branch})
	}
	c.branches = len(w.subs)
	r.tag(c, &w)
	r.add(w)
}

// tag works out which tags select which branch: what the mapping says, then the
// names of the schemas, then what the branches demand of the property.
func (r *reader) tag(c *choice, w *word) {
	targets := make([]*source.Node, c.branches)
	for i := range targets {
		targets[i] = r.refTarget(w.subs[i].node)
	}
	mapped := r.mapTags(c, w, targets)
	implied := make([]string, c.branches)
	for i := range targets {
		implied[i] = schemaName(w.subs[i].node.Get("$ref").Str())
		if !mapped[implied[i]] {
			c.claim(implied[i], i)
		}
	}
	for i, target := range targets {
		left := maxParts
		demanded := r.demandedTags(target, c.property, 0, &left)
		for _, tag := range demanded {
			if !slices.Contains(implied, tag) && !mapped[tag] {
				c.claim(tag, i)
			}
		}
		c.tell(i, mapped, demanded, implied[i])
		if implied[i] == "" && len(demanded) == 0 && !c.isClaimed(i) && admitsObjects(target) {
			c.open = true
		}
	}
}

// mapTags reads the mapping and gives its tags. What it names beside the branches
// is added to the schemas of w; what leads nowhere is told.
func (r *reader) mapTags(c *choice, w *word, targets []*source.Node) map[string]bool {
	mapped := map[string]bool{}
	for tag, to := range w.at.Get("mapping").Members() {
		target := r.mappingTarget(to.Str())
		if target == nil {
			r.warn(CodeKeywordIgnored, to, "the mapping of "+quote(tag)+" is not enforced: there is no such schema", "")
			continue
		}
		i := slices.Index(targets, target)
		if i < 0 {
			i = slices.IndexFunc(w.subs[c.branches:], func(s sub) bool { return s.node == target })
			if i += c.branches; i < c.branches {
				i = len(w.subs)
				w.subs = append(w.subs, sub{node: target})
			}
		}
		mapped[tag] = true
		c.claim(tag, i)
		c.known = append(c.known, tag)
	}
	return mapped
}

func (c *choice) claim(tag string, branch int) {
	if tag == "" || slices.Contains(c.cases[tag], branch) {
		return
	}
	if c.cases[tag] == nil {
		c.tags = append(c.tags, tag)
	}
	c.cases[tag] = append(c.cases[tag], branch)
}

func (c *choice) isClaimed(branch int) bool {
	for _, branches := range c.cases {
		if slices.Contains(branches, branch) {
			return true
		}
	}
	return false
}

// tell picks the tags of a branch that messages list: those of the mapping, else
// those that the branch demands, else its name.
func (c *choice) tell(branch int, mapped map[string]bool, demanded []string, implied string) {
	for tag := range mapped {
		if slices.Contains(c.cases[tag], branch) {
			return
		}
	}
	if len(demanded) == 0 && implied != "" {
		demanded = []string{implied}
	}
	for _, tag := range demanded {
		if !slices.Contains(c.known, tag) {
			c.known = append(c.known, tag)
		}
	}
}

var componentName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

// mappingTarget finds the schema of a mapping: by its name, else by reference
// (OpenAPI 3.1.1 section 4.8.25.3); nil where there is none.
func (r *reader) mappingTarget(to string) *source.Node {
	if to == "" {
		return nil
	}
	if componentName.MatchString(to) {
		for _, folder := range []string{"#/components/schemas/", "#/definitions/"} {
			if target, err := r.c.docs.Resolve(r.node, folder+to); err == nil {
				return r.refTarget(target)
			}
		}
	}
	target, err := r.c.docs.Resolve(r.node, to)
	if err != nil {
		return nil
	}
	return r.refTarget(target)
}

// refTarget follows $ref to the end.
func (r *reader) refTarget(n *source.Node) *source.Node {
	for range maxHops {
		ref := n.Get("$ref").Str()
		if ref == "" {
			break
		}
		next, err := r.c.docs.Resolve(n, ref)
		if err != nil {
			break
		}
		n = next
	}
	return n
}

// maxHops bounds what is followed by hand, references and allOf, and maxParts the schemas
// that are looked at on the way.
const (
	maxHops  = 16
	maxParts = 1_000
)

// schemaName is the name that a reference implies: the last token of its pointer,
// or the name of the file.
func schemaName(ref string) string {
	file, pointer, ok := strings.Cut(ref, "#")
	if ok && pointer != "" {
		return strings.NewReplacer("~1", "/", "~0", "~").Replace(path.Base(pointer))
	}
	if file == "" {
		return ""
	}
	name := path.Base(file)
	return strings.TrimSuffix(name, path.Ext(name))
}

// demandedTags gives the values that the schema demands of its tag, and the tags
// of a discriminator of its own by the same property.
func (r *reader) demandedTags(n *source.Node, property string, depth int, left *int) []string {
	if *left--; depth > maxHops || *left < 0 || !n.Is(source.Object) {
		return nil
	}
	n = r.refTarget(n)
	var tags []string
	at := r.refTarget(n.Get("properties").Get(property))
	if value := at.Get("const"); value.Is(source.String) {
		tags = append(tags, value.Text)
	}
	for _, value := range at.Get("enum").Items() {
		if value.Is(source.String) {
			tags = append(tags, value.Text)
		}
	}
	if d := n.Get("discriminator"); d.Get("propertyName").Str() == property {
		for tag := range d.Get("mapping").Members() {
			tags = append(tags, tag)
		}
		for _, keyword := range []string{"oneOf", "anyOf"} {
			for _, branch := range n.Get(keyword).Items() {
				if name := schemaName(branch.Get("$ref").Str()); name != "" {
					tags = append(tags, name)
				}
			}
		}
	}
	if tags == nil {
		for _, part := range n.Get("allOf").Items() {
			tags = append(tags, r.demandedTags(part, property, depth+1, left)...)
		}
	}
	return tags
}

// admitsObjects is false for a branch such as {type: "null"}, which no tag needs
// to select.
func admitsObjects(n *source.Node) bool {
	switch t := n.Get("type"); {
	case t.Is(source.String):
		return t.Text == "object"
	case t.Is(source.Null):
		return false
	case t.Is(source.Array):
		for _, name := range t.Items() {
			if name.Str() == "object" {
				return true
			}
		}
		return false
	}
	return true
}
