package contract

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxContentDepth bounds the schemas inside of each other in which the content of event
// data is looked for.
const maxContentDepth = 32

// eventContent finds what an itemSchema says about the text in the data of an event:
// that it is JSON (contentMediaType), and by which schemas (contentSchema), as OpenAPI 3.2
// section 4.14.3 describes events. Of alternatives those count that the event fits.
func (p *payload) eventContent(event any) (isJSON bool, schemas []*source.Node) {
	members, _ := event.(map[string]any)
	data, there := members["data"]
	if !there {
		return false, nil
	}
	p.applying(p.item, event, maxContentDepth, func(n *source.Node) {
		p.applying(n.Get("properties").Get("data"), data, maxContentDepth, func(n *source.Node) {
			t, ok := ParseMediaType(n.Get("contentMediaType").Str())
			if !ok || !t.IsJSON() || n.Has("contentEncoding") {
				return
			}
			isJSON = true
			if content := n.Get("contentSchema"); content != nil {
				schemas = append(schemas, content)
			}
		})
	})
	return isJSON, schemas
}

// applying visits a schema and those that it applies to the same value.
func (p *payload) applying(n *source.Node, value any, depth int, visit func(*source.Node)) {
	if n == nil || depth == 0 {
		return
	}
	visit(n)
	if n.Has("$ref") {
		if to := p.contract.follow(n); to != n {
			p.applying(to, value, depth-1, visit)
		}
	}
	for _, part := range n.Get("allOf").Items() {
		p.applying(part, value, depth-1, visit)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, branch := range n.Get(keyword).Items() {
			if p.fits(branch, value) {
				p.applying(branch, value, depth-1, visit)
			}
		}
	}
	if when := n.Get("if"); when != nil {
		branch := "else"
		if p.fits(when, value) {
			branch = "then"
			p.applying(when, value, depth-1, visit)
		}
		p.applying(n.Get(branch), value, depth-1, visit)
	}
}

func (p *payload) fits(n *source.Node, value any) bool {
	s, err := p.contract.schemas.Compile(n, p.dir)
	return err == nil && s.Valid(value)
}

// readEventData reads the data of events that is described as JSON, and gives its
// violations. Conditions see the value; text that is none stays.
func (p *payload) readEventData(items []any) []exchange.Violation {
	var found []exchange.Violation
	for i, item := range items {
		isJSON, schemas := p.eventContent(item)
		if !isJSON {
			continue
		}
		event := item.(map[string]any)
		text, _ := event["data"].(string)
		pointer := fmt.Sprintf("/%d/data", i)
		value, err := jsonvalue.Decode([]byte(text))
		if err != nil {
			v := badJSON(err)
			v.Pointer, v.Fix = pointer+v.Pointer, "send JSON as the data of the event"
			found = append(found, v)
			continue
		}
		event["data"] = value
		for _, n := range schemas {
			s, err := p.contract.schemas.Compile(n, p.dir)
			if err != nil || s.Valid(value) {
				continue // what cannot be compiled is told with the itemSchema
			}
			for _, v := range inBody(s.Validate(value)) {
				v.Pointer = pointer + v.Pointer
				found = append(found, v)
			}
		}
		if len(found) >= schema.MaxViolations {
			return found[:schema.MaxViolations]
		}
	}
	return found
}

// EventData gives the schemas of the data of an event that is described as JSON text;
// isJSON is false where it is not.
func (m *Media) EventData(event any) (isJSON bool, schemas []*schema.Schema) {
	return m.payload.eventData(event)
}

// EventData is that of Media.
func (m RequestMedia) EventData(event any) (isJSON bool, schemas []*schema.Schema) {
	return m.media.eventData(event)
}

func (p *payload) eventData(event any) (isJSON bool, schemas []*schema.Schema) {
	if p.item == nil {
		return false, nil
	}
	isJSON, nodes := p.eventContent(event)
	for _, n := range nodes {
		if s, err := p.contract.schemas.Compile(n, p.dir); err == nil {
			schemas = append(schemas, s)
		}
	}
	return isJSON, schemas
}
