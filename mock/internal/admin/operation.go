package admin

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// operation is one method of one path of a description, as it is told.
type operation struct {
	// ID is the name that stands for this operation alone: Name, with API before it
	// where several descriptions have one of that name.
	ID     string `json:"id"`
	Name   string `json:"name"`
	API    string `json:"api"`
	Method string `json:"method"`
	// Path is the template, below one of the bases.
	Path       string   `json:"path"`
	Bases      []string `json:"bases"`
	Summary    string   `json:"summary,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Deprecated bool     `json:"deprecated,omitempty"`
	// Statuses are those that the contract describes, as it writes them, without 1xx.
	Statuses []string `json:"statuses"`
	// Example is a path that asks for the operation with parameters of the contract's.
	Example string `json:"example"`
	// Answer is what the operation was made to answer, nil for nothing.
	Answer *answer `json:"answer,omitempty"`
}

// operations lists the operations with what they were made to answer.
func (h *Handler) operations(c *call) (any, error) {
	layers, err := h.layers(c)
	if err != nil {
		return nil, err
	}
	list := []operation{}
	apis := layers.snapshot.APIs
	paths := h.examplePaths(apis)
	for _, api := range apis {
		for _, op := range api.Operations {
			told := describe(apis, op)
			told.Example = paths[op]
			told.Answer = layers.answer(op, told.ID)
			list = append(list, told)
		}
	}
	return struct {
		Operations []operation `json:"operations"`
	}{list}, nil
}

func describe(apis []*contract.Contract, op *contract.Operation) operation {
	return operation{
		ID: operationID(apis, op), Name: op.Name(), API: op.Contract().Name, Method: op.Method, Path: op.Template, Bases: op.Contract().Bases,
		Summary: op.Summary, Tags: op.Tags, Deprecated: op.Deprecated, Statuses: op.Statuses(),
	}
}

// examplePaths are the example paths of all operations, which cost more than all else
// that is told of them. Those of the contracts that were asked for last are kept.
type examplePaths struct {
	apis  []*contract.Contract
	paths map[*contract.Operation]string
}

func (h *Handler) examplePaths(apis []*contract.Contract) map[*contract.Operation]string {
	if known := h.examples.Load(); known != nil && slices.Equal(known.apis, apis) {
		return known.paths
	}
	made := &examplePaths{apis, map[*contract.Operation]string{}}
	for _, api := range apis {
		for _, op := range api.Operations {
			made.paths[op] = sample.URL(op)
		}
	}
	h.examples.Store(made)
	return made.paths
}

func operationID(apis []*contract.Contract, op *contract.Operation) string {
	for _, api := range apis {
		if other := api.Operation(op.Name()); other != nil && other != op {
			return op.Contract().Name + "." + op.Name()
		}
	}
	return op.Name()
}

// findOperation gives the operation that the path names.
func (h *Handler) findOperation(c *call) (*contract.Operation, error) {
	return h.operationNamed(c.vars["operation"])
}

func (h *Handler) operationNamed(name string) (*contract.Operation, error) {
	apis := h.mock.Snapshot().APIs
	found := scenario.OperationsNamed(apis, name)
	if len(found) == 1 {
		return found[0], nil
	}
	var known []string
	for _, api := range apis {
		for _, op := range api.Operations {
			known = append(known, operationID(apis, op))
		}
	}
	slices.Sort(known)
	problem := &exchange.Problem{Code: exchange.ProblemOperation, Status: http.StatusNotFound, Known: known, Detail: fmt.Sprintf("There is no operation %q.", name)}
	if len(found) > 1 {
		problem.Detail = fmt.Sprintf("%d descriptions have an operation %q: write %s.", len(found), name, found[0].Contract().Name+"."+name)
	} else if best := source.Closest(name, known); best != "" {
		problem.Detail = fmt.Sprintf("There is no operation %q: did you mean %q?", name, best)
	}
	return nil, problem
}

// response is one described response of an operation.
type response struct {
	Status      string `json:"status"`
	Description string `json:"description,omitempty"`
	// Sends is the number that is sent for it.
	Sends      int             `json:"sends"`
	MediaTypes []responseMedia `json:"mediaTypes"`
}

type responseMedia struct {
	MediaType string    `json:"mediaType"`
	Examples  []example `json:"examples"`
}

// example is a named example.
type example struct {
	Name    string `json:"name"`
	Summary string `json:"summary,omitempty"`
}

// parameter is one that the operation has.
type parameter struct {
	In       exchange.Location `json:"in"`
	Name     string            `json:"name"`
	Required bool              `json:"required"`
}

// operation tells what it takes to force an answer on an operation and to try it.
func (h *Handler) operation(c *call) (any, error) {
	op, err := h.findOperation(c)
	if err != nil {
		return nil, err
	}
	told := struct {
		operation
		Responses  []response  `json:"responses"`
		Parameters []parameter `json:"parameters"`
		// RequestMediaTypes are those that the request body may have.
		RequestMediaTypes []string `json:"requestMediaTypes"`
		Request           *trial   `json:"request,omitempty"`
		// NoRequest says why there is no request that keeps to the contract.
		NoRequest string `json:"noRequest,omitempty"`
	}{operation: describe(h.mock.Snapshot().APIs, op), Responses: []response{}, Parameters: []parameter{}, RequestMediaTypes: []string{}}
	told.Example = sample.URL(op)
	for _, r := range op.Responses {
		told.Responses = append(told.Responses, describeResponse(op, r))
	}
	for _, d := range op.Parameters() {
		told.Parameters = append(told.Parameters, parameter{d.In, d.Name, d.Required})
	}
	for _, m := range op.RequestBody() {
		told.RequestMediaTypes = append(told.RequestMediaTypes, m.Name)
	}
	if told.Request, err = newTrial(op, c.query["mediaType"]); err != nil {
		told.NoRequest = err.Error()
	}
	return told, nil
}

func describeResponse(op *contract.Operation, r *contract.Response) response {
	_, number, _ := op.Respond(r.Status)
	told := response{Status: r.Status, Description: r.Description(), Sends: number, MediaTypes: []responseMedia{}}
	for _, m := range r.Content() {
		media := responseMedia{MediaType: m.Name, Examples: []example{}}
		for _, e := range m.Examples {
			if e.Name != "" {
				media.Examples = append(media.Examples, example{e.Name, e.Summary})
			}
		}
		told.MediaTypes = append(told.MediaTypes, media)
	}
	return told
}
