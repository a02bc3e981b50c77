package coverage

import (
	"slices"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Version is the version of the form in which reports are written.
const Version = 1

// Report is what was covered, at one moment or in several runs.
type Report struct {
	// Version is that of the form.
	Version int `json:"understudyCoverage"`
	// Runs counts the mocks whose counts are added up.
	Runs int `json:"runs"`
	// Requests counts the answered ones, also those that were for no operation.
	Requests uint64 `json:"requests"`
	// WithoutOperation counts those that were for no operation.
	WithoutOperation uint64 `json:"withoutOperation"`
	// Unchecked tells that requests were not checked, so that none is known to conform.
	Unchecked bool `json:"unchecked,omitempty"`
	// Incomplete tells that some counts may be missing: a session's that were given up for
	// lack of room, or those of other replicas, where Missing says why.
	Incomplete bool       `json:"incomplete,omitempty"`
	Missing    string     `json:"missing,omitempty"`
	Totals     Totals     `json:"totals"`
	APIs       []API      `json:"apis"`
	Scenarios  []Scenario `json:"scenarios"`
}

// API is one description.
type API struct {
	// Name is by which scenario files call it; Title and Version are its own.
	Name    string `json:"name"`
	Title   string `json:"title"`
	Version string `json:"version"`
	// Bases are the base paths under which it is served.
	Bases      []string    `json:"bases"`
	Operations []Operation `json:"operations"`
}

// Operation is one method of one path.
type Operation struct {
	// Name is the operationId, else METHOD /path/{template}.
	Name   string `json:"name"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Requests counts the answered ones, whatever the answer.
	Requests uint64 `json:"requests"`
	// Rows are in the order of the contract.
	Rows       []Row         `json:"rows"`
	Parameters []Parameter   `json:"parameters,omitempty"`
	Security   []Alternative `json:"security,omitempty"`
	// OffContract are answers for which offContract gave a reason.
	OffContract []Departure `json:"offContract,omitempty"`
	// OtherOffContract counts those that are not listed, because there were too many.
	OtherOffContract uint64 `json:"otherOffContract,omitempty"`
	// Problems counts the requests that Understudy answered for itself, with a problem.
	Problems uint64 `json:"problems,omitempty"`
	// Faults counts those whose connection was broken by a fault.
	Faults uint64 `json:"faults,omitempty"`
}

// Row is one way to ask for an operation with one way to answer.
type Row struct {
	// Request and Response are the described media types; "" is no body.
	Request  string `json:"request"`
	Status   string `json:"status"`
	Response string `json:"response"`
	// Undescribed marks a row that the contract does not describe, such as a request
	// without its required body. It is listed because it was reached.
	Undescribed bool `json:"undescribed,omitempty"`
	// Reached counts the exchanges, Conforming those that kept to the contract.
	Reached    uint64 `json:"reached"`
	Conforming uint64 `json:"conforming"`
	// Sessions names some of those that have reached it; MoreSessions tells that there
	// are others.
	Sessions     []string `json:"sessions,omitempty"`
	MoreSessions bool     `json:"moreSessions,omitempty"`
}

// Parameter is a declared parameter.
type Parameter struct {
	In       exchange.Location `json:"in"`
	Name     string            `json:"name"`
	Required bool              `json:"required,omitempty"`
	// Valid and Invalid count the values that were sent, LeftOut the requests without.
	Valid   uint64 `json:"valid"`
	Invalid uint64 `json:"invalid"`
	LeftOut uint64 `json:"leftOut"`
}

// Alternative is one of the security requirements of which a request must meet one.
type Alternative struct {
	// Schemes are the names of all that it needs; none means that nothing is needed.
	Schemes []string `json:"schemes"`
	Used    uint64   `json:"used"`
}

// Departure counts answers off the contract with one status and one reason.
type Departure struct {
	Status int `json:"status"`
	// Undescribed tells that the contract has no such status for the operation.
	Undescribed bool   `json:"undescribed,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Count       uint64 `json:"count"`
}

// Scenario counts a scenario's answers.
type Scenario struct {
	Name     string `json:"name"`
	Answered uint64 `json:"answered"`
}

// Report tells what everybody has covered. Requests that are answered meanwhile may be
// in some of its counts and not yet in others.
func (r *Recorder) Report() *Report {
	report := r.report(r.outside.Load(),
		func(p *plan) *counters { return &p.everybody },
		func(sc *scenarioCount) *atomic.Uint64 { return &sc.answered })
	return report
}

// SessionReport tells what a session has covered.
func (r *Recorder) SessionReport(id string) *Report {
	s := r.sessions.find(id)
	if s == nil {
		s = &session{}
	}
	report := r.report(s.outside.Load(),
		func(p *plan) *counters {
			if known, ok := s.counts.Load(p); ok {
				return known.(*counters)
			}
			none := &counters{}
			none.begin(&p.shape, false)
			return none
		},
		func(sc *scenarioCount) *atomic.Uint64 {
			if known, ok := s.counts.Load(sc); ok {
				return known.(*atomic.Uint64)
			}
			return new(atomic.Uint64)
		})
	report.Incomplete = r.sessions.gaveUp.Load()
	return report
}

func (r *Recorder) report(outside uint64, of func(*plan) *counters, answered func(*scenarioCount) *atomic.Uint64) *Report {
	g := r.current.Load()
	report := &Report{Version: Version, Runs: 1, WithoutOperation: outside, Unchecked: r.unchecked, APIs: []API{}, Scenarios: []Scenario{}}
	for _, c := range g.apis {
		api := API{Name: c.Name, Title: c.Title, Version: c.Version, Bases: c.Bases, Operations: []Operation{}}
		for _, op := range c.Operations {
			p := r.plan(op)
			if p == nil {
				continue // a reload has taken the operation away meanwhile
			}
			api.Operations = append(api.Operations, of(p).operation(&p.shape, op.Name(), op.Method, op.Template))
		}
		report.APIs = append(report.APIs, api)
	}
	for _, sc := range g.scenarios {
		report.Scenarios = append(report.Scenarios, Scenario{sc.name, answered(sc).Load()})
	}
	report.add()
	return report
}

func (c *counters) operation(s *shape, name, method, path string) Operation {
	op := Operation{Name: name, Method: method, Path: path, Requests: c.requests.Load(), Rows: c.rows(s), Problems: c.spoke.Load(), Faults: c.failed.Load(), OtherOffContract: c.otherDepartures.Load()}
	for i, p := range s.Parameters {
		count := &c.parameters[i]
		op.Parameters = append(op.Parameters, Parameter{p.In, p.Name, p.Required, count.valid.Load(), count.invalid.Load(), count.absent.Load()})
	}
	for i, names := range s.Security {
		op.Security = append(op.Security, Alternative{append([]string{}, names...), c.security[i].Load()})
	}
	for _, d := range c.departures.all() {
		op.OffContract = append(op.OffContract, Departure{d.status, s.respond(d.status) == nil, d.reason, d.count.Load()})
	}
	return op
}

// rows lists the described rows, and behind them those that were reached and are not
// described.
func (c *counters) rows(s *shape) []Row {
	rows, undescribed := []Row{}, []Row{}
	for q, request := range s.Requests {
		for i := range s.responses {
			r := &s.responses[i]
			for l := range len(r.names) + 1 {
				at := q*s.leaves + r.first + l
				conforming := c.cells[at].conforming.Load()
				row := Row{Request: request, Status: s.Statuses[i], Reached: conforming + c.cells[at].broken.Load(), Conforming: conforming}
				if l < len(r.names) {
					row.Response = r.names[l]
				}
				if c.reachedBy != nil {
					by := &c.reachedBy[at]
					row.Sessions, row.MoreSessions = slices.Clone(by.sessions.all()), by.more.Load()
				}
				row.Undescribed = l == len(r.names) && l > 0 || request == "" && s.BodyRequired
				switch {
				case !row.Undescribed:
					rows = append(rows, row)
				case row.Reached > 0:
					undescribed = append(undescribed, row)
				}
			}
		}
	}
	return append(rows, undescribed...)
}
