package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// everyOperation is the name that stands for all operations that a stub fits.
const everyOperation = "*"

// names finds operations by the names that scenario files call them.
type names struct {
	apis []*contract.Contract
	// aliases are further names, for operations that the contracts call otherwise.
	aliases map[string]*contract.Operation
	// known are the names for did-you-mean; they are listed when first needed.
	known []string
}

func newNames(apis []*contract.Contract) *names { return &names{apis: apis} }

// find gives the operations with the name: one, none, or several where the name
// is ambiguous.
func (n *names) find(name string) []*contract.Operation {
	var found []*contract.Operation
	for _, api := range n.apis {
		if op := api.Operation(name); op != nil {
			found = append(found, op)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, api := range n.apis {
		if rest, ok := strings.CutPrefix(name, api.Name+"."); ok {
			if op := api.Operation(rest); op != nil {
				found = append(found, op)
			}
		}
	}
	if op := n.aliases[name]; op != nil && len(found) == 0 {
		return []*contract.Operation{op}
	}
	return found
}

// OperationsNamed gives the operations that a name stands for in scenario files: one,
// none, or several where the name is ambiguous. "*" is none.
func OperationsNamed(apis []*contract.Contract, name string) []*contract.Operation {
	return newNames(apis).find(name)
}

// all lists every operation of every contract.
func (n *names) all() []*contract.Operation {
	var all []*contract.Operation
	for _, api := range n.apis {
		all = append(all, api.Operations...)
	}
	return all
}

func (n *names) candidates() []string {
	if n.known == nil {
		for _, api := range n.apis {
			n.known = append(n.known, n.plain(api)...)
			for _, op := range api.Operations {
				if op.ID != "" {
					n.known = append(n.known, op.Method+" "+op.Template)
				}
				if len(n.apis) > 1 {
					n.known = append(n.known, api.Name+"."+op.Name())
				}
			}
		}
	}
	return n.known
}

// plain are the names of an API's operations, as they must be written: with that of the
// API before those that another one has too.
func (n *names) plain(api *contract.Contract) []string {
	list := slices.Clone(api.OperationNames())
	for i, name := range list {
		if len(n.apis) > 1 && len(n.find(name)) > 1 {
			list[i] = api.Name + "." + name
		}
	}
	return list
}

// resolve finds the operation that a name at a place stands for, and reports a name
// that is unknown or ambiguous. For "*" it gives all.
func (l *loader) resolve(name string, at source.Span) []*contract.Operation {
	if name == everyOperation {
		return l.names.all()
	}
	found := l.names.find(name)
	switch len(found) {
	case 1:
		return found
	case 0:
		l.fault(CodeUnknownOperation, at, fmt.Sprintf("there is no operation %q", name), l.names.hint(name))
		return nil
	}
	var qualified []string
	var places []source.Related
	for _, op := range found {
		qualified = append(qualified, fmt.Sprintf("%q", op.Contract().Name+"."+name))
		places = append(places, related(op.At(), "one of them")...)
	}
	l.fault(CodeAmbiguousOperation, at, fmt.Sprintf("%d APIs have an operation %q", len(found), name), "write "+orList(qualified), places...)
	return nil
}

// hint says what an unknown operation was probably meant to be.
func (n *names) hint(name string) string {
	candidates := n.candidates()
	if best := source.Closest(name, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	var ids []string
	for _, api := range n.apis {
		ids = append(ids, n.plain(api)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if hint := source.DidYouMean(name, ids); hint != "" {
		return hint
	}
	return `write an operationId or "METHOD /path/{template}"`
}
