package mock

import (
	"context"
	"net/http"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// Description is what a mock serves, for start-up output and lists.
type Description struct {
	APIs      []API
	Scenarios []Scenario
	// Warnings are what the descriptions and scenario files have that is used, but
	// perhaps not as meant.
	Warnings []Finding
}

// API is one served description.
type API struct {
	Name, Title, Version, Location string
	// Bases are the base paths, longest first; "" is the root.
	Bases      []string
	Operations []Operation
	// Upstream is the URL of the real API that answers what no stub does, "" for none.
	Upstream string
}

// Operation is one method of one path.
type Operation struct {
	// Name is what scenario files call it.
	Name, Method, Path, Summary string
	// Statuses are the described ones as written, in file order, without those of 1xx,
	// which are no answers.
	Statuses []string

	op *contract.Operation
}

// Example is a path with query that asks for the operation with the contract's
// example parameters, base path included.
func (o Operation) Example() string { return sample.URL(o.op) }

// Credentials are what a request must bring to be let in. The zero value is nothing.
type Credentials struct {
	// Header and Query are what to send; of the values only the form is checked.
	Header http.Header
	Query  string
	// ClientCertificate tells that TLS must bring a certificate.
	ClientCertificate bool
}

// Credentials are those of the first alternative of the operation's security, none
// where everybody is let in or where security is left unchecked.
func (o Operation) Credentials() Credentials {
	c := sample.Credentials(o.op)
	return Credentials{c.Header, c.RawQuery, c.ClientCertificate}
}

// Scenario is one loaded scenario.
type Scenario struct {
	Name, Description string
	Tags              []string
	// Default scenarios are always active.
	Default bool
	// Active scenarios are active for everybody at the moment, above the default ones.
	Active bool
}

// Describe tells what is served at the moment.
func (m *Mock) Describe() Description {
	snapshot := m.engine.Snapshot()
	var d Description
	for _, c := range snapshot.APIs {
		api := describeAPI(c)
		if p := m.proxies[c.Name]; p != nil {
			api.Upstream = p.Target().String()
		}
		d.APIs = append(d.APIs, api)
		d.Warnings = append(d.Warnings, findings(c.Warnings)...)
	}
	// The store fails only where a session is asked for.
	active, _ := m.active(context.Background(), "")
	for _, sc := range snapshot.Scenarios.Scenarios {
		d.Scenarios = append(d.Scenarios, Scenario{Name: sc.Name, Description: sc.Description, Tags: sc.Tags, Default: sc.Default, Active: slices.Contains(active, sc.Name)})
	}
	d.Warnings = append(d.Warnings, findings(snapshot.Scenarios.Warnings)...)
	return d
}

func describeAPI(c *contract.Contract) API {
	api := API{Name: c.Name, Title: c.Title, Version: c.Version, Location: c.Location, Bases: c.Bases}
	for _, op := range c.Operations {
		api.Operations = append(api.Operations, Operation{
			Name: op.Name(), Method: op.Method, Path: op.Template, Summary: op.Summary,
			Statuses: op.Statuses(), op: op,
		})
	}
	return api
}
