package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// formatPart is an object of the format as the reference shows it.
type formatPart struct {
	name, title, anchor string // of its definition in the JSON Schema, for people, in the page
	keys                []keyRow
}

// keyRow is a line of the reference.
type keyRow struct {
	name, doc string
	value     *jsonSchema
	// absent says what holds without the key.
	absent, page string
}

// formatParts are all objects of a scenario file.
func formatParts() []formatPart {
	return []formatPart{
		{"scenario", "a scenario", "the-file", rowsOf(scenarioObject)},
		{"state", "a state", "states", rowsOf(stateObject)},
		{"stub", "a stub", "stubs", rowsOf(stubObject)},
		{"when", "when", "when", rowsOf(whenObject)},
		{"matcher", "a matcher", "conditions", matcherRows()},
		{"response", "a response", "responses", rowsOf(respondObject)},
		{"event", "an event", "events", rowsOf(eventObject)},
		{"distribution", "a distribution", "waits", rowsOf(delayObject)},
		{"lognormal", "lognormal", "waits", rowsOf(lognormalObject)},
		{"dribble", "dribble", "waits", rowsOf(dribbleObject)},
		{"callback", "a callback", "callbacks", rowsOf(callbackObject)},
		{"webhook", "a webhook", "webhooks", rowsOf(webhookObject)},
		{"provider", "provider", "provider-tests", rowsOf(providerObject)},
		{"providerCall", "a call", "provider-tests", rowsOf(providerCallObject)},
	}
}

// otherAnchors are where the page tells of definitions that are no objects.
var otherAnchors = map[string][2]string{
	"operation": {"an operation", "operations"}, "status": {"a status", "statuses"}, "condition": {"a condition", "conditions"},
	"delay": {"a wait", "waits"}, "duration": {"a duration", "waits"},
}

func rowsOf[T any](o *object[T]) []keyRow {
	shape := &jsonSchema{}
	if o.schema != nil {
		o.schema(shape)
	}
	var rows []keyRow
	for i := range o.fields {
		f := &o.fields[i]
		row := keyRow{name: f.name, doc: f.doc, value: f.valueSchema(), absent: f.without, page: f.page}
		switch {
		case slices.Contains(shape.Required, f.name):
			row.absent = "an error"
		case f.preset != nil:
			row.absent = fmt.Sprintf("`%v`", f.preset)
		}
		rows = append(rows, row)
	}
	return rows
}

func matcherRows() []keyRow {
	var rows []keyRow
	for _, word := range matcherSchema().Properties {
		row := keyRow{name: word.name, doc: word.schema.Description, value: word.schema}
		if word.schema.Default != nil {
			row.absent = fmt.Sprintf("`%v`", word.schema.Default)
		}
		rows = append(rows, row)
	}
	return rows
}

// table is what the page shows of a part.
func (p *formatPart) table() string {
	var b strings.Builder
	b.WriteString("\n")
	if places := p.places(); len(places) > 0 {
		fmt.Fprintf(&b, "Where: %s.\n\n", strings.Join(places, "; "))
	}
	hasDefaults := slices.ContainsFunc(p.keys, func(row keyRow) bool { return row.absent != "" })
	b.WriteString("| key | value | " + ifElse(hasDefaults, "without it | ", "") + "meaning |\n| --- | --- | " + ifElse(hasDefaults, "--- | ", "") + "--- |\n")
	for _, row := range p.keys {
		meaning := strings.NewReplacer("*", `\*`, "|", `\|`, "<", `\<`).Replace(row.doc)
		if row.page != "" {
			name, _, _ := strings.Cut(row.page, ".")
			meaning += fmt.Sprintf(" See [%s](%s).", name, row.page)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s%s |\n", row.name, valueText(row.value), ifElse(hasDefaults, row.absent+" | ", ""), meaning)
	}
	b.WriteString("\n")
	return strings.ReplaceAll(b.String(), "|  |", "| |")
}

func ifElse(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// places are the keys under which a part stands, by the parts that have them.
func (p *formatPart) places() []string {
	var list []string
	for _, other := range formatParts() {
		var paths []string
		for _, row := range other.keys {
			row.value.leads(p.name, row.name, &paths)
		}
		if len(paths) > 0 {
			list = append(list, fmt.Sprintf("`%s` of [%s](#%s)", strings.Join(paths, "`, `"), other.title, other.anchor))
		}
	}
	return list
}

// leads notes the paths below path at which a schema has the named definition: .* stands
// for a name and [] for an element.
func (s *jsonSchema) leads(to, path string, paths *[]string) {
	switch name := s.refers(); {
	case name == to || name == "condition" && to == "matcher":
		*paths = append(*paths, path)
	case name != "" && name != "condition" && !isPart(name):
		definition(name).leads(to, path, paths)
	}
	for _, other := range append(s.AnyOf, s.AllOf...) {
		other.leads(to, path, paths)
	}
	if each, ok := s.AdditionalProperties.(*jsonSchema); ok {
		each.leads(to, path+".*", paths)
	}
	if s.Items != nil {
		s.Items.leads(to, path+"[]", paths)
	}
}

// valueText says for people what a schema admits.
func valueText(s *jsonSchema) string {
	switch name := s.refers(); {
	case name == "onlyResponse":
		return valueText(refTo("response"))
	case name != "":
		return linkTo(name)
	case s.Const != nil:
		return fmt.Sprintf("`%v`", s.Const)
	case s.Enum != nil:
		var words []string
		for _, word := range s.Enum {
			if text := fmt.Sprintf("`%v`", word); !slices.Contains(words, text) {
				words = append(words, text)
			}
		}
		return orList(words)
	case s.AnyOf != nil:
		var kinds []string
		for _, other := range s.AnyOf {
			kinds = append(kinds, valueText(other))
		}
		return orListOf(kinds)
	}
	return typeText(s)
}

func linkTo(name string) string {
	if about, ok := otherAnchors[name]; ok {
		return fmt.Sprintf("[%s](#%s)", about[0], about[1])
	}
	for _, p := range formatParts() {
		if p.name == name {
			return fmt.Sprintf("[%s](#%s)", p.title, p.anchor)
		}
	}
	panic(fmt.Sprintf("the reference has no part %q", name))
}

func typeText(s *jsonSchema) string {
	types, ok := s.Type.([]string)
	switch {
	case s.Type == nil && s.Enum == nil:
		return "anything"
	case !ok:
		types = []string{s.Type.(string)}
	}
	var names []string
	if text := strings.Join(types, " "); strings.HasPrefix(text, "boolean number string") {
		names, types = append(names, "a plain value"), types[3:]
	}
	for _, name := range types {
		switch name {
		case "boolean":
			names = append(names, "`true` or `false`")
		case "integer":
			names = append(names, "a whole number"+bounds(s))
		case "number":
			names = append(names, "a number"+bounds(s))
		case "string":
			names = append(names, "text")
		case "array":
			names = append(names, "a list"+listOf(s))
		case "object":
			text := "a mapping"
			if each, ok := s.AdditionalProperties.(*jsonSchema); ok {
				text += "; each value: " + valueText(each)
			}
			names = append(names, text)
		}
	}
	return orListOf(names)
}

// orListOf joins what a value may be, of which the last is often a list of the first.
func orListOf(kinds []string) string {
	if last := len(kinds) - 1; last == 1 && kinds[last] == "a list; each element: "+kinds[0] {
		kinds[last] = "a list of them"
	}
	return strings.Join(kinds, ", or ")
}

func listOf(s *jsonSchema) string {
	if s.Items == nil {
		return ""
	}
	if s.MinItems == s.MaxItems && s.MinItems > 1 {
		return fmt.Sprintf(" of %d; each element: %s", s.MinItems, valueText(s.Items))
	}
	return "; each element: " + valueText(s.Items)
}

func bounds(s *jsonSchema) string {
	switch {
	case s.ExclusiveMinimum != nil && s.Maximum != nil:
		return fmt.Sprintf(" above %d and up to %d", *s.ExclusiveMinimum, *s.Maximum)
	case s.Minimum != nil && s.Maximum != nil:
		return fmt.Sprintf(" from %d to %d", *s.Minimum, *s.Maximum)
	}
	return ""
}
