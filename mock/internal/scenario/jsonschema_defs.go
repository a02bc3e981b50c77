package scenario

import (
	"slices"
	"strings"
)

// operationSchema is one entry under operations.
func operationSchema() *jsonSchema {
	return &jsonSchema{
		Description: "A status, which is the shortest form of a stub; a stub; or a list of stubs, of which the first whose conditions hold answers.",
		AnyOf:       []*jsonSchema{refTo("status"), refTo("stub"), {Type: "array", MinItems: 1, Items: refTo("stub")}},
	}
}

// statusSchema is a status as contract.ParseStatus reads it.
func statusSchema() *jsonSchema {
	return &jsonSchema{
		Description: "A number from 200 to 599, a range such as 4XX, or default.",
		AnyOf: []*jsonSchema{
			{Type: "integer", Minimum: new(200), Maximum: new(599)},
			{Type: "string", Pattern: "^([2-5][0-9][0-9]|[2-5][xX][xX]|[dD][eE][fF][aA][uU][lL][tT])$"},
		},
		Examples: []any{404, "4XX", "default"},
	}
}

// conditionSchema is a plain value or a matcher, at any depth of a body. What is
// a matcher is told by its keys, as isMatcher does; the words stand among the
// properties for editors to complete.
func conditionSchema() *jsonSchema {
	s := &jsonSchema{
		Description: "A plain value, which means equalTo; a matcher; or in mappings and lists a condition for each member.",
		If:          &jsonSchema{Type: "object", MinProperties: 1, PropertyNames: &jsonSchema{Enum: wordValues(matcherNames(), isText)}},
		Then:        refTo("matcher"),
		Else:        &jsonSchema{AdditionalProperties: refTo("condition"), Items: refTo("condition")},
	}
	for i := range matcherWords {
		s.Properties = append(s.Properties, namedSchema{matcherWords[i].name, &jsonSchema{Description: matcherWords[i].doc}})
	}
	return s
}

func matcherSchema() *jsonSchema {
	s := &jsonSchema{Description: "All of its words must hold.", Type: "object", AdditionalProperties: false, MinProperties: 1}
	var folding []string
	for i := range matcherWords {
		word := &matcherWords[i]
		value := &jsonSchema{Description: word.doc, Type: typesOf(word.kinds)}
		if word.schema != nil {
			word.schema(value)
		}
		s.Properties = append(s.Properties, namedSchema{word.name, value})
		if word.folds {
			folding = append(folding, word.name)
		}
	}
	s.Properties = append(s.Properties, namedSchema{caseInsensitive, &jsonSchema{
		Description: "Whether upper and lower case are the same, beside " + strings.Join(folding, ", ") + ".", Type: "boolean", Default: false,
	}})
	s.If, s.Then = &jsonSchema{Required: []string{caseInsensitive}}, &jsonSchema{MinProperties: 2}
	return s
}

// onlyResponseSchema is an answer that stands in no list of answers.
func onlyResponseSchema() *jsonSchema {
	return &jsonSchema{AllOf: []*jsonSchema{refTo("response"), {Properties: members{{"times", nil}}}}}
}

// oneBodySchema lets a response state one body, as oneBody does.
func oneBodySchema(s *jsonSchema) {
	known := func(keyword string) bool {
		return slices.ContainsFunc(s.Properties, func(m namedSchema) bool { return m.name == keyword })
	}
	for _, keyword := range slices.DeleteFunc(slices.Clone(bodyKeywords), func(keyword string) bool { return !known(keyword) }) {
		rule := &jsonSchema{If: &jsonSchema{Required: []string{keyword}}, Then: &jsonSchema{}}
		for _, other := range bodyKeywords {
			beside := keyword == "merge" && other == "example" || keyword == "example" && other == "merge"
			if other != keyword && !beside && known(other) {
				rule.Then.Properties = append(rule.Then.Properties, namedSchema{other, nil})
			}
		}
		s.AllOf = append(s.AllOf, rule)
	}
}
