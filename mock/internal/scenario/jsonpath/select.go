package jsonpath

// segment is one step of a query: to the children of a node, or to those of the
// node and all its descendants.
type segment struct {
	descendant bool
	selectors  []selector
}

// selector picks children of a node. It stops and gives true as soon as visit does.
type selector interface {
	pick(e *evaluation, node any, visit func(any) bool) bool
}

type (
	nameSelector struct {
		name           string
		offset, length int
	}
	wildcardSelector struct{}
	indexSelector    struct{ index int64 }
	// sliceSelector is start:end:step; nil stands for what is left out.
	sliceSelector  struct{ start, end, step *int64 }
	filterSelector struct{ expr logical }
)

// evaluation is one run of a query.
type evaluation struct {
	root any
	left int // steps; negative when there were too many
}

// step counts n steps, and tells whether there were some left.
func (e *evaluation) step(n int) bool {
	e.left -= n
	return e.left >= 0
}

// walk visits the nodes that the segments select, starting from one.
func (e *evaluation) walk(segments []segment, node any, visit func(any) bool) bool {
	if !e.step(1) {
		return true // stops everything; Any tells why
	}
	if len(segments) == 0 {
		return visit(node)
	}
	next := func(child any) bool { return e.walk(segments[1:], child, visit) }
	if segments[0].descendant {
		return e.descend(segments[0].selectors, node, next)
	}
	return e.pick(segments[0].selectors, node, next)
}

func (e *evaluation) pick(selectors []selector, node any, visit func(any) bool) bool {
	for _, s := range selectors {
		if s.pick(e, node, visit) {
			return true
		}
	}
	return false
}

// descend picks children of a node and of all its descendants (section 2.5.2).
func (e *evaluation) descend(selectors []selector, node any, visit func(any) bool) bool {
	if !e.step(1) || e.pick(selectors, node, visit) {
		return true
	}
	return wildcardSelector{}.pick(e, node, func(child any) bool { return e.descend(selectors, child, visit) })
}

func (s nameSelector) pick(_ *evaluation, node any, visit func(any) bool) bool {
	if object, ok := node.(map[string]any); ok {
		if child, ok := object[s.name]; ok {
			return visit(child)
		}
	}
	return false
}

func (wildcardSelector) pick(_ *evaluation, node any, visit func(any) bool) bool {
	switch v := node.(type) {
	case []any:
		for _, child := range v {
			if visit(child) {
				return true
			}
		}
	case map[string]any:
		for _, child := range v {
			if visit(child) {
				return true
			}
		}
	}
	return false
}

func (s indexSelector) pick(_ *evaluation, node any, visit func(any) bool) bool {
	items, _ := node.([]any)
	i := s.index
	if i < 0 {
		i += int64(len(items))
	}
	return i >= 0 && i < int64(len(items)) && visit(items[i])
}

// pick follows the algorithm of section 2.3.4.2.2.
func (s sliceSelector) pick(_ *evaluation, node any, visit func(any) bool) bool {
	items, _ := node.([]any)
	length, step := int64(len(items)), int64(1)
	if s.step != nil {
		step = *s.step
	}
	if step == 0 {
		return false
	}
	start, end := int64(0), length
	if step < 0 {
		start, end = length-1, -length-1
	}
	if s.start != nil {
		start = *s.start
	}
	if s.end != nil {
		end = *s.end
	}
	if start < 0 {
		start += length
	}
	if end < 0 {
		end += length
	}
	if step > 0 {
		start, end = min(max(start, 0), length), min(max(end, 0), length)
		for i := start; i < end; i += step {
			if visit(items[i]) {
				return true
			}
		}
		return false
	}
	start, end = min(max(start, -1), length-1), min(max(end, -1), length-1)
	for i := start; i > end; i += step {
		if visit(items[i]) {
			return true
		}
	}
	return false
}

func (s filterSelector) pick(e *evaluation, node any, visit func(any) bool) bool {
	return wildcardSelector{}.pick(e, node, func(child any) bool {
		if !e.step(1) {
			return true
		}
		return s.expr.holds(e, child) && visit(child)
	})
}
