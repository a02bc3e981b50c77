package scenario

import (
	"strings"
	"time"

	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/types"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// rootNames are the names that an expression sees.
var rootNames = []string{"request", "path", "query", "headers", "body", "state", "session", "violations", "now"}

// environment is what expressions see of one operation's requests, with the types
// that the contract gives.
type environment struct{ config *conf.Config }

// environments gives the operation's environments, which are made once: one for
// each shape that the body may have.
func (c *compiler) environments() []*environment {
	known := c.loader.environments[c.op]
	if known == nil {
		for _, shape := range c.bodyShapes(false) {
			known = append(known, c.environment(typeOf(shape)))
		}
		c.loader.environments[c.op] = known
	}
	return known
}

func (c *compiler) environment(body types.Type) *environment {
	path, query, headers, cookies := c.parameterTypes(exchange.Path), c.parameterTypes(exchange.Query), c.headerTypes(), c.parameterTypes(exchange.Cookie)
	cfg := conf.CreateNew()
	cfg.MaxNodes = maxCodeNodes
	cfg.Functions = functions
	cfg.WithEnv(types.Map{
		"request": types.Map{
			"method": types.String, "url": types.String, "id": types.String,
			"path": path, "query": query, "headers": headers, "cookies": cookies, "body": body,
		},
		"path": path, "query": query, "headers": headers, "body": body,
		"state":      types.TypeOf(map[string]string{}),
		"session":    types.String,
		"now":        types.TypeOf(time.Time{}),
		"violations": types.Array(violationType),
	})
	return &environment{cfg}
}

// violationType is what an expression sees of a violation.
var violationType = types.Map{
	"in": types.String, "name": types.String, "pointer": types.String, "rule": types.String,
	"expected": types.String, "got": types.String, "fix": types.String, "message": types.String, "contract": types.String,
}

func (c *compiler) parameterTypes(in exchange.Location) types.Map {
	known := types.Map{}
	for _, p := range c.op.Parameters() {
		if p.In == in {
			known[p.Name] = typeOf(c.shapeOf(p.Schema))
		}
	}
	for _, name := range c.op.Contract().KeyNames(in) {
		known[name] = types.String
	}
	return known
}

// headerTypes are the declared headers and those that every request may have.
func (c *compiler) headerTypes() types.Map {
	known := types.Map{}
	for _, name := range commonHeaders {
		known[strings.ToLower(name)] = types.String
	}
	for name, t := range c.parameterTypes(exchange.Header) {
		known[strings.ToLower(name)] = t
	}
	return known
}

// typeOf gives the type that expressions are checked with. Numbers that are
// declared whole are int64, others may be either and are taken for float64.
func typeOf(s *schema.Shape) types.Type {
	if s == nil {
		return types.Any
	}
	switch s.Types &^ schema.TypeNull {
	case schema.TypeBoolean:
		return types.Bool
	case schema.TypeString:
		return types.String
	case schema.TypeInteger:
		return types.Int64
	case schema.TypeNumber, schema.TypeNumber | schema.TypeInteger:
		return types.Float64
	case schema.TypeArray:
		if len(s.Prefix) > 0 || s.Items == nil {
			return types.TypeOf([]any{})
		}
		return types.Array(typeOf(s.Items))
	case schema.TypeObject:
		return objectType(s)
	}
	return types.Any
}

// objectType knows the declared members. Other members are taken for mistakes,
// unless the schema speaks of them.
func objectType(s *schema.Shape) types.Type {
	if len(s.Properties) == 0 {
		return types.TypeOf(map[string]any{})
	}
	known := make(types.Map, len(s.Properties)+1)
	for name, p := range s.Properties {
		known[name] = typeOf(p)
	}
	if s.Additional != nil {
		known[types.Extra] = types.Any
	}
	return known
}
