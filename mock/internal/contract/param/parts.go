package param

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// maxParts bounds the schemas that are compiled for the parts of one parameter.
const maxParts = 200

// compileParts compiles the schemas of items and members whose text has several
// readings, so that each is read for itself. Parts of which several schemas speak
// are left out: their readings are settled on the whole value.
func compileParts(root *schema.Shape, c *schema.Compiler, dir schema.Direction) map[*schema.Shape]*schema.Schema {
	var parts map[*schema.Shape]*schema.Schema
	seen := make(map[*schema.Shape]bool)
	var walk func(s *schema.Shape)
	walk = func(s *schema.Shape) {
		if s == nil || seen[s] || len(parts) >= maxParts {
			return
		}
		seen[s] = true
		if types, likely := meant(s); s != root && s.Source != nil && len(orders[types|likely]) > 1 {
			if compiled, err := c.Compile(s.Source, dir); err == nil {
				if parts == nil {
					parts = make(map[*schema.Shape]*schema.Schema)
				}
				parts[s] = compiled
			}
		}
		for _, item := range s.Prefix {
			walk(item)
		}
		walk(s.Items)
		for _, p := range s.Properties {
			walk(p)
		}
		walk(s.Additional)
	}
	walk(root)
	return parts
}
