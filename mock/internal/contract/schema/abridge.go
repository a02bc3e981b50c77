package schema

import (
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
)

// jsonschema tells everything that is wrong with a value, and each thing takes a kilobyte
// and more: a list of millions that are all wrong would take gigabytes. So what is large
// is abridged before jsonschema looks at it: of each long array and each large object a
// few items and members are left, those that seem to be wrong first. What it tells is
// then compared with the whole value, see explainer.whole.

// maxExplainedParts is how many values there may be in a value that is explained whole.
const maxExplainedParts = 10_000

// keptParts is how many items or members of one array or object are left, as few as make
// the value small enough. The first is as many as violations are told.
var keptParts = []int{MaxViolations, 10, 1}

// cut says what of a value is left. nil stands for all of it.
type cut struct {
	indexes []int           // of an array: where the items that are left are in the whole
	items   []*cut          // of these items
	members map[string]*cut // of an object
}

// whole translates a location in what is left into one in the whole value; here is the cut
// of what stands there.
func (c *cut) whole(tokens []string) (whole []string, here *cut) {
	whole = slices.Clone(tokens)
	for i, token := range tokens {
		switch {
		case c == nil:
			return whole, nil
		case c.indexes == nil:
			c = c.members[token]
		default:
			at, err := strconv.Atoi(token)
			if err != nil || at >= len(c.indexes) {
				return whole, nil
			}
			whole[i] = strconv.Itoa(c.indexes[at])
			c = c.items[at]
		}
	}
	return whole, c
}

// abridge leaves out what makes a value large, so that there are at most so many values in
// it. over are arrays and objects that have more items or members than they may, which is
// not seen in what is left. ok is false where nothing small enough is left.
func abridge(root *object, value any, most int, work *run) (left any, c *cut, over []excess, ok bool) {
	if !hasMore(value, most) {
		return value, nil, nil, true
	}
	for _, keep := range keptParts {
		a := abridger{keep: keep, room: most}
		left, c := a.value(value, nil, speaking{must: []*object{root}, may: []*object{root}, work: work})
		if a.room >= 0 {
			return left, c, a.excess, true
		}
	}
	return nil, nil, nil, false
}

// hasMore tells whether there are more than n values in a value.
func hasMore(value any, n int) bool {
	return !each(value, func(any) bool {
		n--
		return n >= 0
	})
}

// each visits a value and all values in it until visit gives false, which it gives too.
func each(value any, visit func(any) bool) bool {
	if !visit(value) {
		return false
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if !each(item, visit) {
				return false
			}
		}
	case map[string]any:
		for _, member := range v {
			if !each(member, visit) {
				return false
			}
		}
	}
	return true
}

// excess is an array or object with too many items or members.
type excess struct {
	tokens []string
	word   *word
	size   int
}

type abridger struct {
	keep   int
	room   int // for further values; negative when there are too many
	excess []excess
}

// speaking are the schemas that speak about a value: those that it must fit, and all.
type speaking struct {
	must, may []*object
	work      *run // of the quick checker
}

// about adds the schemas that these lead to without looking into the value.
func (s speaking) about() speaking {
	certain := func(name string) bool { return isReference(name) || name == "allOf" }
	return speaking{closure(s.must, certain), closure(s.may, func(name string) bool { return keywords[name].inPlace }), s.work}
}

func closure(objects []*object, follow func(name string) bool) []*object {
	all := slices.Clone(objects)
	seen := map[*object]bool{}
	for _, o := range objects {
		seen[o] = true
	}
	for i := 0; i < len(all); i++ {
		for k, links := range all[i].links {
			if !follow(all[i].words[k].name) {
				continue
			}
			for _, to := range links {
				if !seen[to] {
					seen[to] = true
					all = append(all, to)
				}
			}
		}
	}
	return all
}

// of gives the schemas that these have for a part of the value.
func (s speaking) of(of func(o *object) iter.Seq[*object]) speaking {
	part := speaking{work: s.work}
	for _, o := range s.must {
		part.must = slices.AppendSeq(part.must, of(o))
	}
	for _, o := range s.may {
		part.may = slices.AppendSeq(part.may, of(o))
	}
	return part
}

func (a *abridger) value(value any, tokens []string, s speaking) (any, *cut) {
	if a.room--; a.room < 0 {
		return nil, nil
	}
	switch v := value.(type) {
	case []any:
		return a.array(v, tokens, s.about())
	case map[string]any:
		return a.object(v, tokens, s.about())
	}
	return value, nil
}

func (a *abridger) array(v []any, tokens []string, s speaking) (any, *cut) {
	prefix := 0
	unique := false
	for _, o := range s.may {
		if w := o.word("prefixItems"); w != nil {
			prefix = max(prefix, len(w.subs))
		}
		w := o.word("uniqueItems")
		unique = unique || w != nil && w.arg.(bool)
	}
	indexes := a.choose(len(v), prefix, func() []uint8 {
		weights := weigh(len(v), func(i int) int { return s.faultsOfItem(v, i) })
		if unique {
			f := flattened(v)
			defer f.Release()
			if i, j, ok := duplicates(f, 0); ok {
				weights[i], weights[j] = math.MaxUint8, math.MaxUint8
			}
		}
		return weights
	})
	left := make([]any, len(indexes))
	c := &cut{indexes: indexes, items: make([]*cut, len(indexes))}
	isCut := len(indexes) < len(v)
	for k, i := range indexes {
		of := s.of(func(o *object) iter.Seq[*object] { return o.ofItem(i) })
		left[k], c.items[k] = a.value(v[i], append(slices.Clip(tokens), strconv.Itoa(i)), of)
		isCut = isCut || c.items[k] != nil
	}
	if !isCut {
		return v, nil
	}
	a.tooMany(s.must, TypeArray, "maxItems", tokens, len(v), len(indexes))
	return left, c
}

func (a *abridger) object(v map[string]any, tokens []string, s speaking) (any, *cut) {
	names := slices.Sorted(maps.Keys(v))
	chosen := a.choose(len(names), 0, func() []uint8 {
		return weigh(len(names), func(i int) int { return s.faultsOfMember(names[i], v[names[i]]) })
	})
	left := make(map[string]any, len(chosen))
	c := &cut{members: make(map[string]*cut, len(chosen))}
	isCut := len(chosen) < len(names)
	for _, i := range chosen {
		name := names[i]
		of := s.of(func(o *object) iter.Seq[*object] { return o.ofMember(name) })
		left[name], c.members[name] = a.value(v[name], append(slices.Clip(tokens), name), of)
		isCut = isCut || c.members[name] != nil
	}
	if !isCut {
		return v, nil
	}
	a.tooMany(s.must, TypeObject, "maxProperties", tokens, len(v), len(chosen))
	return left, c
}

// tooMany notes that there are more items or members than there may be, where that is not
// seen in what is left. Of a schema that is for values of other types nothing else is told.
func (a *abridger) tooMany(must []*object, t Types, name string, tokens []string, size, left int) {
	for _, o := range must {
		if w := o.word(name); w != nil && o.checker.admits(t) && size > w.limit() && left <= w.limit() {
			a.excess = append(a.excess, excess{slices.Clone(tokens), w, size})
		}
	}
}

// choose gives the indexes of those that are left of n: the first ones, as many as
// demanded, and else those with the greatest weight.
func (a *abridger) choose(n, demanded int, weights func() []uint8) []int {
	if n <= a.keep || a.room < 0 {
		return indexesBelow(min(n, a.keep))
	}
	chosen := indexesBelow(min(demanded, n))
	rest := weights()[len(chosen):]
	var count [math.MaxUint8 + 1]int
	for _, w := range rest {
		count[w]++
	}
	// All above the level, and some of it.
	level, some := uint8(math.MaxUint8), max(1, a.keep-len(chosen))
	for ; level > 0 && count[level] < some; level-- {
		some -= count[level]
	}
	for i, w := range rest {
		if w == level {
			some--
		}
		if w > level || w == level && some >= 0 {
			chosen = append(chosen, demanded+i)
		}
	}
	return chosen
}

func indexesBelow(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func weigh(n int, of func(i int) int) []uint8 {
	weights := make([]uint8, n)
	for i := range weights {
		weights[i] = uint8(min(of(i), math.MaxUint8-1))
	}
	return weights
}
