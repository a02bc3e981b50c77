package schema

// arrayRules are the rules for arrays.
type arrayRules struct {
	min, max int
	unique   bool
	prefix   []*checker
	items    *checker
	contains *checker
	atLeast  int // minContains
	atMost   int // maxContains
}

func (a *arrayRules) valid(at int, r *run) bool {
	if n := r.flat.Nodes[at].Count; n < a.min || n > a.max {
		return false
	}
	if a.unique {
		if _, _, ok := duplicates(r.flat, at); ok {
			return false
		}
	}
	if !r.down() {
		return false
	}
	defer r.up()
	return a.validItems(at, r) && (a.contains == nil || a.validContains(at, r))
}

func (a *arrayRules) validItems(at int, r *run) bool {
	position := 0
	for i := range r.flat.Parts(at) {
		c := a.items
		if position < len(a.prefix) {
			c = a.prefix[position]
		}
		if c == nil && position >= len(a.prefix) {
			return true
		}
		if !c.valid(i, r) {
			return false
		}
		position++
	}
	return true
}

func (a *arrayRules) validContains(at int, r *run) bool {
	found := 0
	for i := range r.flat.Parts(at) {
		if a.contains.valid(i, r) {
			if found++; found > a.atMost {
				return false
			}
		}
	}
	return found >= a.atLeast
}
