package engine

import (
	"fmt"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// calls makes the callbacks and webhooks that follow the answer, which must be
// complete: where they go may depend on it. One that cannot be sent, or would break
// the contract, says so. A look at an answer brings nothing about.
func (h *handling) calls(list []scenario.Call) {
	if len(list) == 0 || h.ex.Request.Method == http.MethodHead {
		return
	}
	h.ex.KeepInSession() // where a call goes may depend on the Location
	calls := make([]exchange.Call, len(list))
	for i := range list {
		calls[i] = h.call(&list[i])
	}
	h.ex.Answer.Calls = calls
}

func (h *handling) call(c *scenario.Call) exchange.Call {
	call := exchange.Call{Kind: c.Kind, Name: c.Name, Method: c.Request.Method, URL: c.URL, Header: c.Header, Body: c.Body, After: h.draw("delay of "+c.Kind+" "+c.Name, c.After)}
	if !c.Static {
		call.Held = sizeOfCall(c)
	}
	if c.Request.Expression != "" {
		var err error
		if call.URL, err = c.Request.URL(h.ex); err != nil {
			call.Refused = err.Error()
			return call
		}
	}
	if c.Static || c.OffContract != "" {
		return call
	}
	if found := c.Request.Check(c.Header, c.Body); len(found) > 0 {
		call.Refused = "it would break the contract: " + found[0].String()
		if len(found) > 1 {
			call.Refused += fmt.Sprintf(", and %d more", len(found)-1)
		}
	}
	return call
}
