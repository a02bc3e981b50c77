package scenario

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// answerKeys are the keys of a response that say something about the answer: beside a
// fault there is none.
func answerKeys() []string {
	return append([]string{"status", "headers", "mediaType", "dribble", "offContract"}, bodyKeywords...)
}

// besideFault reports what cannot stand beside a fault.
func (d *decoder) besideFault(respond, fault *source.Node) {
	for key, n := range respond.Members() {
		if slices.Contains(answerKeys(), key) {
			d.fault(CodeMisplacedKey, n.KeyAt(), fmt.Sprintf("%q says nothing beside a fault: the connection is broken, and nothing is answered", key), "keep one of them",
				related(fault.KeyAt(), "the fault")...)
		}
	}
}

// faultSchema lets nothing of an answer stand beside a fault.
func faultSchema(s *jsonSchema) {
	rule := &jsonSchema{If: &jsonSchema{Required: []string{"fault"}}, Then: &jsonSchema{}}
	for _, key := range answerKeys() {
		rule.Then.Properties = append(rule.Then.Properties, namedSchema{key, nil})
	}
	s.AllOf = append(s.AllOf, rule)
}
