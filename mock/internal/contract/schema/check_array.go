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

func (a *arrayRules) valid(v []any, r *run) bool {
	if len(v) < a.min || len(v) > a.max {
		return false
	}
	if a.unique {
		if _, _, ok := duplicates(v); ok {
			return false
		}
	}
	if !r.down() {
		return false
	}
	defer r.up()
	return a.validItems(v, r) && (a.contains == nil || a.validContains(v, r))
}

func (a *arrayRules) validItems(v []any, r *run) bool {
	first := min(len(a.prefix), len(v))
	for i, c := range a.prefix[:first] {
		if !c.valid(v[i], r) {
			return false
		}
	}
	if a.items == nil {
		return true
	}
	for _, item := range v[first:] {
		if !a.items.valid(item, r) {
			return false
		}
	}
	return true
}

func (a *arrayRules) validContains(v []any, r *run) bool {
	found := 0
	for _, item := range v {
		if a.contains.valid(item, r) {
			if found++; found > a.atMost {
				return false
			}
		}
	}
	return found >= a.atLeast
}
