package sample

import "github.com/understudy-mock/understudy/mock/internal/contract/schema"

// weights are how many schemas the engine looks at to check one value, without its
// parts. Combined schemas may share parts and be looked at again and again, so that a
// check of a small schema takes long.
type weights map[schema.View]int

// viewsPerStep is how many schemas count as a step.
const viewsPerStep = 64

// maxWeight is more than any attempt can pay for.
const maxWeight = viewsPerStep * MaxSteps

// of gives the weight of a schema. One that leads back to itself ends there.
func (w weights) of(v schema.View) int {
	if known, ok := w[v]; ok {
		return known
	}
	w[v] = 1
	total := 1
	for word := range v.Words() {
		switch word.Name() {
		case "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "discriminator", "not", "if", "then", "else", "dependentSchemas":
			for _, sub := range word.Subs() {
				total = min(total+w.of(sub), maxWeight)
			}
		}
	}
	w[v] = total
	return total
}
