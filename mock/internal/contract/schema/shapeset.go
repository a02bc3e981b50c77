package schema

// and gives the shape of values that have both shapes.
func (s *Shape) and(t *Shape) *Shape {
	switch {
	case t == anything:
		return s
	case s == anything:
		return t
	}
	both := &Shape{
		Types:      s.Types & t.Types,
		Items:      meet(s.Items, t.Items),
		Additional: meet(s.Additional, t.Additional),
		Closed:     s.Closed || t.Closed,
	}
	for i := range max(len(s.Prefix), len(t.Prefix)) {
		both.Prefix = append(both.Prefix, meet(s.Item(i), t.Item(i)))
	}
	both.Properties = merged(s, t, meet)
	return both
}

// meet is and where nil stands for anything.
func meet(a, b *Shape) *Shape {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return a.and(b)
}

// or gives the shape of values that have one of the shapes. What only one of them
// says about items and members is kept: the other does not contradict it, and it
// is the best hint at what a text means.
func (s *Shape) or(t *Shape) *Shape {
	either := &Shape{Types: s.Types | t.Types, Closed: s.Closed && t.Closed}
	if s.Types&TypeArray == 0 || s.Prefix == nil && s.Items == nil {
		either.Prefix, either.Items = t.Prefix, t.Items
	} else {
		either.Prefix, either.Items = s.Prefix, s.Items
		if t.Types&TypeArray != 0 {
			either.items(s, t)
		}
	}
	switch {
	case s.Types&TypeObject == 0:
		either.Properties, either.Additional, either.Closed = t.Properties, t.Additional, t.Closed
	case t.Types&TypeObject == 0:
		either.Properties, either.Additional, either.Closed = s.Properties, s.Additional, s.Closed
	default:
		either.Properties = merged(s, t, alternative)
		either.Additional = alternative(s.Additional, t.Additional)
	}
	return either
}

// items sets the item shapes of a union of two shapes of arrays.
func (s *Shape) items(a, b *Shape) {
	s.Prefix, s.Items = nil, alternative(a.Items, b.Items)
	for i := range max(len(a.Prefix), len(b.Prefix)) {
		s.Prefix = append(s.Prefix, alternative(a.Item(i), b.Item(i)))
	}
}

// alternative is or where nil stands for a shape that says nothing.
func alternative(a, b *Shape) *Shape {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return a.or(b)
}

// merged joins the declared members of two shapes; one that only the first
// declares is joined with what the second says about other members.
func merged(s, t *Shape, join func(a, b *Shape) *Shape) map[string]*Shape {
	if len(s.Properties) == 0 && len(t.Properties) == 0 {
		return nil
	}
	all := make(map[string]*Shape, len(s.Properties)+len(t.Properties))
	for name, p := range s.Properties {
		all[name] = join(p, t.Member(name))
	}
	for name, p := range t.Properties {
		if _, done := all[name]; !done {
			all[name] = join(s.Member(name), p)
		}
	}
	return all
}
