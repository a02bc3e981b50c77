package mock

import (
	"github.com/understudy-mock/understudy/mock/internal/coverage"
)

// Coverage is what was used of the contract. An exchange reaches what it uses; it
// conforms where neither the request nor the answer broke the contract. A request that
// breaks it and says so (Prefer: expect=invalid) conforms where the contract's error or
// a stub answers it.
type Coverage struct {
	// Version is that of the form in JSON.
	Version int `json:"understudyCoverage"`
	// Runs counts the mocks whose counts are added up.
	Runs int `json:"runs"`
	// Requests counts the answered ones, WithoutOperation those among them for which the
	// contract has no operation.
	Requests         uint64 `json:"requests"`
	WithoutOperation uint64 `json:"withoutOperation"`
	// Unchecked tells that requests were not checked (Options.Validate is "off"), so that
	// none is known to conform.
	Unchecked bool `json:"unchecked,omitempty"`
	// Incomplete tells that counts of a session may have been given up, because there
	// were too many.
	Incomplete bool              `json:"incomplete,omitempty"`
	Totals     CoverageTotals    `json:"totals"`
	APIs       []CoveredAPI      `json:"apis"`
	Scenarios  []CoveredScenario `json:"scenarios"`

	report *coverage.Report
}

// CoverageTotals says how much was covered of each kind of thing that the contract
// describes.
type CoverageTotals struct {
	Operations CoverageShare `json:"operations"`
	// Statuses counts each described status of each operation.
	Statuses CoverageShare `json:"statuses"`
	// MediaTypes counts those of each request body and those of each status.
	MediaTypes CoverageShare `json:"mediaTypes"`
	// Parameters are reached by a value, and conforming by a valid one.
	Parameters CoverageShare `json:"parameters"`
	// Security counts the alternatives of security requirements.
	Security CoverageShare `json:"security"`
	// Rows counts the combinations, see CoveredRow.
	Rows CoverageShare `json:"rows"`
}

// CoverageShare is how much of one kind was covered.
type CoverageShare struct {
	Total      int `json:"total"`
	Reached    int `json:"reached"`
	Conforming int `json:"conforming"`
	// Percent is what share of the total conforms, cut to one decimal; 100 where the
	// total is 0.
	Percent float64 `json:"percent"`
}

// CoveredAPI is one description.
type CoveredAPI struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Version string `json:"version"`
	// Bases are the base paths under which it is served; "" is the root.
	Bases      []string           `json:"bases"`
	Operations []CoveredOperation `json:"operations"`
}

// CoveredOperation is one method of one path.
type CoveredOperation struct {
	// Name is the operationId, else METHOD /path/{template}.
	Name   string `json:"name"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Requests counts the answered ones, whatever the answer.
	Requests   uint64             `json:"requests"`
	Rows       []CoveredRow       `json:"rows"`
	Parameters []CoveredParameter `json:"parameters,omitempty"`
	Security   []CoveredSecurity  `json:"security,omitempty"`
	// OffContract are the answers that give a reason for leaving the contract, and
	// OtherOffContract counts those that are not listed, because there were too many.
	OffContract      []OffContractAnswers `json:"offContract,omitempty"`
	OtherOffContract uint64               `json:"otherOffContract,omitempty"`
	// Problems counts the requests that Understudy answered for itself, Faults those
	// whose connection was broken.
	Problems uint64 `json:"problems,omitempty"`
	Faults   uint64 `json:"faults,omitempty"`
}

// CoveredRow is one way to ask for an operation with one way to answer: media type of
// the request body, status and media type of the response body as the contract
// describes them, "" for no body.
type CoveredRow struct {
	Request  string `json:"request"`
	Status   string `json:"status"`
	Response string `json:"response"`
	// Undescribed marks a row that the contract does not describe, such as a request
	// without its required body. It is listed because it was reached.
	Undescribed bool `json:"undescribed,omitempty"`
	// Reached counts the exchanges, Conforming those that kept to the contract.
	Reached    uint64 `json:"reached"`
	Conforming uint64 `json:"conforming"`
	// Sessions names some of those that have reached it, MoreSessions tells that there
	// are others; a session's own coverage names none.
	Sessions     []string `json:"sessions,omitempty"`
	MoreSessions bool     `json:"moreSessions,omitempty"`
}

// CoveredParameter is a declared parameter.
type CoveredParameter struct {
	// In is "path", "query", "header" or "cookie".
	In       string `json:"in"`
	Name     string `json:"name"`
	Required bool   `json:"required,omitempty"`
	// Valid and Invalid count the values that were sent, LeftOut the requests without.
	Valid   uint64 `json:"valid"`
	Invalid uint64 `json:"invalid"`
	LeftOut uint64 `json:"leftOut"`
}

// CoveredSecurity is one of the security requirements of which a request must meet one.
type CoveredSecurity struct {
	// Schemes are the names of all that it needs; none means that nothing is needed.
	Schemes []string `json:"schemes"`
	// Used counts the requests that met it and none that needs more schemes.
	Used uint64 `json:"used"`
}

// OffContractAnswers counts answers off the contract with one status and one reason.
type OffContractAnswers struct {
	Status int `json:"status"`
	// Undescribed tells that the contract has no such status for the operation.
	Undescribed bool   `json:"undescribed,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Count       uint64 `json:"count"`
}

// CoveredScenario counts a loaded scenario's answers.
type CoveredScenario struct {
	Name     string `json:"name"`
	Answered uint64 `json:"answered"`
}

func coverageOf(r *coverage.Report) *Coverage {
	return &Coverage{
		Version: r.Version, Runs: r.Runs, Requests: r.Requests, WithoutOperation: r.Outside, Unchecked: r.Unchecked, Incomplete: r.Incomplete,
		Totals: CoverageTotals{
			Operations: CoverageShare(r.Totals.Operations), Statuses: CoverageShare(r.Totals.Statuses), MediaTypes: CoverageShare(r.Totals.MediaTypes),
			Parameters: CoverageShare(r.Totals.Parameters), Security: CoverageShare(r.Totals.Security), Rows: CoverageShare(r.Totals.Rows),
		},
		APIs: each(r.APIs, func(a coverage.API) CoveredAPI {
			return CoveredAPI{a.Name, a.Title, a.Version, a.Bases, each(a.Operations, coveredOperation)}
		}),
		Scenarios: each(r.Scenarios, func(s coverage.Scenario) CoveredScenario { return CoveredScenario(s) }),
		report:    r,
	}
}

func coveredOperation(op coverage.Operation) CoveredOperation {
	return CoveredOperation{
		Name: op.Name, Method: op.Method, Path: op.Path, Requests: op.Requests,
		Rows:             each(op.Rows, func(r coverage.Row) CoveredRow { return CoveredRow(r) }),
		Parameters:       each(op.Parameters, coveredParameter),
		Security:         each(op.Security, func(a coverage.Alternative) CoveredSecurity { return CoveredSecurity(a) }),
		OffContract:      each(op.Departures, func(d coverage.Departure) OffContractAnswers { return OffContractAnswers(d) }),
		OtherOffContract: op.OtherDepartures, Problems: op.Spoke, Faults: op.Failed,
	}
}

func coveredParameter(p coverage.Parameter) CoveredParameter {
	return CoveredParameter{string(p.In), p.Name, p.Required, p.Valid, p.Invalid, p.Absent}
}

// each converts a list; nil stays nil.
func each[A, B any](list []A, convert func(A) B) []B {
	if list == nil {
		return nil
	}
	converted := make([]B, len(list))
	for i := range list {
		converted[i] = convert(list[i])
	}
	return converted
}
