package mock

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// problemOf turns an error into the problem that it is to those who use the control
// plane.
func problemOf(err error, session string) error {
	var unknown *unknownScenario
	var unfit *unfitScenario
	var wrongTime *timeError
	var wrongName *nameError
	var unconfirmed *shared.UnconfirmedError
	var unflushed *shared.UnflushedError
	switch {
	case errors.As(err, &unknown):
		return &exchange.Problem{Code: exchange.ProblemScenarioUnknown, Status: http.StatusNotFound, Detail: sentence(err), Known: unknown.known}
	case errors.As(err, &unfit):
		found, _ := diagnosticsIn(unfit.why)
		return &exchange.Problem{
			Code: exchange.ProblemUnfit, Status: http.StatusConflict, Findings: findings(found), Text: unfit.why.Error(),
			Detail: fmt.Sprintf("The scenario %q was added and does not fit what is served: why stands under text. Add it anew, or remove it.", unfit.name),
		}
	case errors.As(err, &wrongTime), errors.As(err, &wrongName):
		return &exchange.Problem{Code: exchange.ProblemControlRequest, Status: http.StatusBadRequest, Detail: sentence(err)}
	case errors.Is(err, state.ErrNoSession), errors.Is(err, ErrNoSession):
		return &exchange.Problem{Code: exchange.ProblemSessionUnknown, Status: http.StatusNotFound, Detail: fmt.Sprintf("There is no session %q. Make it with PUT /__admin/sessions/%s, or by a request that names it.", session, session)}
	case errors.Is(err, state.ErrTooManySessions):
		return &exchange.Problem{Code: exchange.ProblemTooManySessions, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("There are %d sessions already. Delete those that are done with.", state.MaxSessions)}
	case errors.As(err, &unconfirmed), errors.As(err, &unflushed):
		return &exchange.Problem{Code: exchange.ProblemUnconfirmed, Status: http.StatusServiceUnavailable, Detail: sentence(err)}
	case errors.Is(err, state.ErrFull), errors.Is(err, shared.ErrUnavailable):
		return &exchange.Problem{Code: exchange.ProblemStateUnavailable, Status: http.StatusServiceUnavailable, Detail: sentence(err)}
	case errors.Is(err, ErrScenarioFromFile):
		return &exchange.Problem{Code: exchange.ProblemFromFile, Status: http.StatusConflict, Detail: sentence(err)}
	case errors.Is(err, ErrTooManyScenarios):
		return &exchange.Problem{Code: exchange.ProblemTooMany, Status: http.StatusServiceUnavailable, Detail: sentence(err)}
	case errors.Is(err, ErrNotKept):
		return &exchange.Problem{Code: exchange.ProblemNotKept, Status: http.StatusServiceUnavailable, Detail: sentence(err)}
	}
	return err
}

// refusalOf is problemOf for a scenario that was to be added.
func refusalOf(err error, name, session string) error {
	found, rest := diagnosticsIn(err)
	if rest != nil || len(found) == 0 {
		return problemOf(err, session)
	}
	return &exchange.Problem{
		Code: exchange.ProblemRefused, Status: http.StatusUnprocessableEntity, Findings: findings(found), Text: found.Error(),
		Detail: fmt.Sprintf("The scenario %q was not added: %s, each with its place under findings.", name, source.Count(found.Errors(), "error")),
	}
}

// sentence writes an error as a sentence.
func sentence(err error) string {
	text := err.Error()
	text = strings.ToUpper(text[:1]) + text[1:]
	if strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
