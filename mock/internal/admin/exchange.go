package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// exchanges gives a page of the journal, the newest first.
func (h *Handler) exchanges(c *call) (any, error) {
	q, err := c.page()
	if err != nil {
		return nil, err
	}
	page, err := h.mock.Journal().List(c.Context(), q)
	return page, journalProblem(err)
}

// summaries gives a page of the journal as a list shows it, the newest first.
func (h *Handler) summaries(c *call) (any, error) {
	q, err := c.page()
	if err != nil {
		return nil, err
	}
	page, err := h.mock.Journal().Summaries(c.Context(), q)
	return page, journalProblem(err)
}

// exchange gives one exchange by its id, with what came close to it.
func (h *Handler) exchange(c *call) (any, error) {
	if !h.mock.Journal().Kept() {
		return nil, journalProblem(journal.ErrOff)
	}
	r, ok, err := h.mock.Journal().Get(c.Context(), c.vars["id"])
	if err != nil {
		return nil, journalProblem(err)
	}
	if !ok || c.session() != "" && r.Session != c.session() {
		return nil, noExchange(c)
	}
	return r, nil
}

func noExchange(c *call) error {
	return &exchange.Problem{Code: exchange.ProblemExchange, Status: http.StatusNotFound, Detail: fmt.Sprintf("The journal does not have the exchange %q, or not any more.", c.vars["id"])}
}

func (h *Handler) countExchanges(c *call) (any, error) {
	before, err := c.number("before")
	if err != nil {
		return nil, err
	}
	return h.tally(c, "count", func(ctx context.Context, f journal.Filter) (int, error) {
		return h.mock.Journal().Count(ctx, f, before)
	})
}

func (h *Handler) deleteExchanges(c *call) (any, error) {
	return h.tally(c, "deleted", h.mock.DeleteExchanges)
}

// tally tells, under a name, to how many exchanges something was done.
func (h *Handler) tally(c *call, name string, do func(context.Context, journal.Filter) (int, error)) (any, error) {
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	n, err := do(c.Context(), f)
	return map[string]int{name: n}, journalProblem(err)
}

// ofKnown wraps a handler of exchanges so that it answers for sessions and operations that
// there are: of a misspelt one nothing would be found, and that passes for what did not happen.
func (h *Handler) ofKnown(handle func(*call) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if id := c.only(); id != nil && *id != "" {
			if _, err := h.mock.Session(c.Context(), *id); err != nil {
				return nil, err
			}
		}
		if err := h.nameOperation(c); err != nil {
			return nil, err
		}
		return handle(c)
	}
}

// nameOperation refuses an operation in the query that there is not, and has others by the
// name that the journal has.
func (h *Handler) nameOperation(c *call) error {
	name := c.query["operation"]
	of := func(api *contract.Contract) bool {
		op := api.Operation(name)
		return op != nil && op.Name() == name
	}
	if name == "" || slices.ContainsFunc(h.mock.Snapshot().APIs, of) {
		return nil // of several descriptions perhaps
	}
	op, err := h.operationNamed(name)
	if err != nil {
		return err
	}
	c.query["operation"] = op.Contract().Name + "." + op.Name()
	return nil
}

// unmatched gives the exchanges that were not answered as they were meant, with what
// came close.
func (h *Handler) unmatched(c *call) (any, error) {
	q, err := c.page()
	if err != nil {
		return nil, err
	}
	passedOver, err := c.boolean("passedOver")
	if err != nil {
		return nil, err
	}
	page, err := h.mock.Journal().Unmatched(c.Context(), journal.UnmatchedQuery{Query: q, PassedOver: passedOver != nil && *passedOver})
	return page, journalProblem(err)
}

// findExchanges gives the exchanges that the pattern of the body chooses.
func (h *Handler) findExchanges(c *call) (any, error) {
	text, err := c.readBody(maxBody)
	if err != nil {
		return nil, err
	}
	scope, err := c.scope()
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = journal.DefaultLimit
	}
	pattern, err := scenario.ReadPattern("pattern"+extension(c.Request), text, h.mock.Snapshot().APIs)
	if err != nil {
		return nil, h.patternProblem(err)
	}
	found, err := h.mock.Journal().Find(c.Context(), pattern, scope, limit)
	return found, journalProblem(err)
}

// verify holds the journal against the expectations of the body.
func (h *Handler) verify(c *call) (any, error) {
	text, err := c.readBody(maxBody)
	if err != nil {
		return nil, err
	}
	scope, err := c.scope()
	if err != nil {
		return nil, err
	}
	list, err := scenario.ReadExpectations("expectations"+extension(c.Request), text, h.mock.Snapshot().APIs)
	if err != nil {
		return nil, h.patternProblem(err)
	}
	v, err := h.mock.Journal().Verify(c.Context(), list, scope)
	return v, journalProblem(err)
}

// verdict tells whether a session went as its scenarios and the contract want it.
func (h *Handler) verdict(c *call) (any, error) {
	allow, err := c.boolean("allowNoRequests")
	if err != nil {
		return nil, err
	}
	return h.mock.Verdict(c.Context(), c.session(), journal.VerdictOptions{AllowNoRequests: allow != nil && *allow})
}

// coverage tells what was used of the contract.
func (h *Handler) coverage(c *call) (any, error) {
	return h.mock.Coverage(c.Context(), c.session())
}

// har gives the exchanges as an HTTP Archive, the oldest first.
func (h *Handler) har(c *call) (any, error) {
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	records, err := h.mock.Journal().All(c.Context(), f)
	if err != nil {
		return nil, journalProblem(err)
	}
	var b bytes.Buffer
	if err := report.HAR(&b, records, h.mock.Version()); err != nil {
		return nil, err
	}
	return &reply{status: http.StatusOK, text: b.Bytes(), header: http.Header{
		"Content-Type":        {"application/json"},
		"Content-Disposition": {`attachment; filename="exchanges.har"`},
	}}, nil
}

// journalProblem turns an error of the journal into the problem that it is; what it
// says else is about the query.
func journalProblem(err error) error {
	var incomplete *journal.IncompleteError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &incomplete):
		return &exchange.Problem{Code: exchange.ProblemJournalIncomplete, Status: http.StatusServiceUnavailable, Detail: "Not all requests can be had now: " + incomplete.Why + "."}
	case errors.Is(err, journal.ErrOff):
		return &exchange.Problem{Code: exchange.ProblemJournalOff, Status: http.StatusConflict, Detail: "The mock was started with --journal-entries 0 and keeps no exchanges."}
	}
	return invalid("The query cannot be used: %v.", err)
}

// patternProblem tells what is wrong with a pattern or with expectations.
func (h *Handler) patternProblem(err error) error {
	problem := &exchange.Problem{Code: exchange.ProblemPattern, Status: http.StatusUnprocessableEntity, Detail: err.Error()}
	var found source.Diagnostics
	if errors.As(err, &found) {
		problem.Detail = "The body cannot be used; each thing that is wrong is under findings, with its place."
		problem.Findings, problem.Text = h.mock.Findings(found), found.Error()
	}
	return problem
}
