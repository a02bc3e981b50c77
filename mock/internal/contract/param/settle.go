package param

// choice is a part with several readings.
type choice struct {
	at     place
	values []any // in order of preference
	now    int
}

func (c *choice) take(i int) {
	c.now = i
	c.at.set(c.values[i])
}

// Limits of the search for readings that the schema accepts.
const (
	maxReadings     = 4   // of one part
	maxChoices      = 256 // parts with several readings
	maxCombinations = 256 // of all their readings
)

// settle tells whether the schema accepts the value. Where parts have several
// readings it looks for ones that it accepts, and else goes back to the first.
func (r *reader) settle(value any) bool {
	if len(r.faults) > 0 {
		return false
	}
	if r.d.valid(value) {
		return true
	}
	if len(r.choices) == 0 || len(r.choices) > maxChoices {
		return false
	}
	if r.settleBlamed(value) || r.settleCombined(value) {
		return true
	}
	r.takeFirst()
	return false
}

func (r *reader) takeFirst() {
	for i := range r.choices {
		r.choices[i].take(0)
	}
}

// settleBlamed moves the parts that the schema complains of to their next
// reading, until it is content or nothing moves.
func (r *reader) settleBlamed(value any) bool {
	for range maxReadings {
		blamed := make(map[string]bool)
		for _, v := range r.d.schema.Validate(value) {
			blamed[v.Pointer] = true
		}
		moved := false
		for i := range r.choices {
			c := &r.choices[i]
			if c.now+1 < len(c.values) && blamed[c.at.pointer()] {
				c.take(c.now + 1)
				moved = true
			}
		}
		if !moved {
			return false
		}
		if r.d.valid(value) {
			return true
		}
	}
	return false
}

// settleCombined tries all combinations of readings, unless there are too many: of
// alternatives such as oneOf over objects the schema may blame a part that has one
// reading only. Where it compares items nothing is tried: [1, "1"] is no way to
// make the items of 1,1 unique.
func (r *reader) settleCombined(value any) bool {
	r.takeFirst()
	for _, v := range r.d.schema.Validate(value) {
		if compares(v.Rule) {
			return false
		}
	}
	combinations := 1
	for i := range r.choices {
		if combinations *= len(r.choices[i].values); combinations > maxCombinations {
			return false
		}
	}
	for range combinations {
		if r.d.valid(value) {
			return true
		}
		for i := len(r.choices) - 1; i >= 0; i-- {
			c := &r.choices[i]
			if c.now+1 < len(c.values) {
				c.take(c.now + 1)
				break
			}
			c.take(0)
		}
	}
	return false
}

// compares tells whether a keyword looks at the items of an array together.
func compares(rule string) bool {
	switch rule {
	case "uniqueItems", "contains", "minContains", "maxContains":
		return true
	}
	return false
}
