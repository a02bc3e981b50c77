package admin

import (
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// operation is one method of one path of a description, as it is told.
type operation struct {
	Name   string `json:"name"`
	API    string `json:"api"`
	Method string `json:"method"`
	// Path is the template, below one of the bases.
	Path    string   `json:"path"`
	Bases   []string `json:"bases"`
	Summary string   `json:"summary,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	// Statuses are those that the contract describes, as it writes them.
	Statuses []string `json:"statuses"`
	// Example is a path that asks for the operation with parameters of the contract's.
	Example string `json:"example"`
}

func (h *Handler) operations(*call) (any, error) {
	list := []operation{}
	for _, api := range h.mock.Snapshot().APIs {
		for _, op := range api.Operations {
			list = append(list, describe(api, op))
		}
	}
	return struct {
		Operations []operation `json:"operations"`
	}{list}, nil
}

func describe(api *contract.Contract, op *contract.Operation) operation {
	return operation{
		Name: op.Name(), API: api.Name, Method: op.Method, Path: op.Template, Bases: api.Bases,
		Summary: op.Summary, Tags: op.Tags, Statuses: op.Statuses(), Example: sample.URL(op),
	}
}
