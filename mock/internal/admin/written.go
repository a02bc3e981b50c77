package admin

import (
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

// writeScenario gives a scenario file that answers as an exchange was answered.
func (h *Handler) writeScenario(c *call) (any, error) {
	if !h.mock.Journal().Kept() {
		return nil, journalProblem(journal.ErrOff)
	}
	ex, size, ok, err := h.mock.Journal().Exchange(c.Context(), c.vars["id"])
	if err != nil {
		return nil, journalProblem(err)
	}
	if !ok || c.session() != "" && ex.Session != c.session() {
		return nil, noExchange(c)
	}
	apis := h.mock.Snapshot().APIs
	op := operationOf(ex, apis)
	if op == nil {
		return nil, notWritten(ex)
	}
	s := author.Seen{Operation: op, Exchange: ex}
	if size > journal.MaxBody {
		s.Unknown = fmt.Sprintf("of its %d bytes the journal keeps %d", size, journal.MaxBody)
	}
	made := author.Write(author.Scenario{
		Name: writtenName(c, op, ex), Description: fmt.Sprintf("%s answers as it did to %s %s.", op.Name(), ex.Request.Method, ex.Request.Path), Tags: []string{"journal"},
		Comment: []string{fmt.Sprintf("Written of the request %s of %s.", ex.ID, ex.Time.UTC().Format(time.RFC3339))},
		Stubs:   author.Stubs([]author.Seen{s}, exchange.Query),
	}, apis, author.Options{})
	if made.Files == nil {
		return nil, &exchange.Problem{Code: exchange.ProblemNotWritten, Status: http.StatusUnprocessableEntity, Detail: "The answer cannot be written as a stub: " + made.LeftOut[0].Reason + "."}
	}
	return &reply{status: http.StatusOK, text: made.Files[0].Data, header: http.Header{
		"Content-Type":        {"application/yaml"},
		"Content-Disposition": {fmt.Sprintf("attachment; filename=%q", path.Base(made.Files[0].Path))},
	}}, nil
}

// operationOf finds the operation of an exchange among those that are served now, nil
// where there is none.
func operationOf(ex *exchange.Exchange, apis []*contract.Contract) *contract.Operation {
	for _, api := range apis {
		if api.Name == ex.API && ex.Operation != "" {
			return api.Operation(ex.Operation)
		}
	}
	return nil
}

func notWritten(ex *exchange.Exchange) error {
	detail := fmt.Sprintf("The contract has no operation for %s %s, and a scenario says what operations answer.", ex.Request.Method, ex.Request.Path)
	if ex.Operation != "" {
		detail = fmt.Sprintf("The contract that is served now has no operation %s.", ex.Operation)
	}
	return &exchange.Problem{Code: exchange.ProblemNotWritten, Status: http.StatusUnprocessableEntity, Detail: detail}
}

// unnamed are characters that names of scenarios do not have.
var unnamed = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// writtenName is the name that is asked for, or one that says what answers how.
func writtenName(c *call, op *contract.Operation, ex *exchange.Exchange) string {
	if name, ok := c.query["name"]; ok {
		return name
	}
	what := fmt.Sprint(ex.Answer.Status)
	if ex.Answer.Fault != "" {
		what = strings.ToLower(string(ex.Answer.Fault))
	}
	return "saved/" + strings.Trim(unnamed.ReplaceAllString(op.Name(), "-"), "-") + "-" + what
}
