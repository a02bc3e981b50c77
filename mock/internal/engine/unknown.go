package engine

import (
	"fmt"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// UnknownScenario is the problem of a name that none of the known scenarios has.
func UnknownScenario(name string, known []string) *exchange.Problem {
	p := &exchange.Problem{Code: exchange.ProblemScenarioUnknown, Status: http.StatusNotFound, Known: known}
	best := source.Closest(name, known)
	switch {
	case best != "":
		p.Detail = fmt.Sprintf("There is no scenario %q: did you mean %q?", name, best)
	case len(known) > 0:
		p.Detail = fmt.Sprintf("There is no scenario %q. Those that there are, are listed under known.", name)
	default:
		p.Detail = fmt.Sprintf("There is no scenario %q: none is loaded.", name)
	}
	return p
}
