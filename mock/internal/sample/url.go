package sample

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// URL is the path, with a base path, and the required query parameters with which an
// operation can be asked for: the description's own examples where they will do, else
// values of the schemas. A parameter for which no value is found gets "1".
func URL(op *contract.Operation) string {
	c := &caller{Call: &Call{Method: op.Method, Header: http.Header{}}, op: op, path: map[string]string{}}
	for _, d := range op.Parameters() {
		if !d.Required || d.In != exchange.Path && d.In != exchange.Query {
			continue
		}
		if err := c.parameter(d); err == nil {
			continue
		}
		if d.In == exchange.Path {
			c.path[d.Name] = "1"
		} else {
			c.query = append(c.query, queryName(d.Name)+"=1")
		}
	}
	c.finish()
	if c.RawQuery == "" {
		return c.Path
	}
	return c.Path + "?" + c.RawQuery
}
