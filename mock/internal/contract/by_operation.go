package contract

import "iter"

// ByOperation holds a value for each operation of some descriptions. They lie side by side
// and are found without hashing, which a request would feel where there are many. Of is
// safe for concurrent use; what the values are for is theirs to guard.
type ByOperation[V any] struct{ apis []byPosition[V] }

// byPosition are the values for the operations of one description, in file order.
type byPosition[V any] struct {
	api    *Contract
	values []V
}

// NewByOperation makes zero values for all operations of the descriptions.
func NewByOperation[V any](apis []*Contract) *ByOperation[V] {
	b := &ByOperation[V]{}
	for _, c := range apis {
		b.apis = append(b.apis, byPosition[V]{c, make([]V, len(c.Operations))})
	}
	return b
}

// Of gives an operation's value, nil for nil and for an operation of another description.
func (b *ByOperation[V]) Of(op *Operation) *V {
	if op == nil || op.number == 0 {
		return nil
	}
	for i := range b.apis {
		if b.apis[i].api == op.contract {
			return &b.apis[i].values[op.number-1]
		}
	}
	return nil
}

// All gives the operations with their values, in order.
func (b *ByOperation[V]) All() iter.Seq2[*Operation, *V] {
	return func(yield func(*Operation, *V) bool) {
		for i := range b.apis {
			for j, op := range b.apis[i].api.Operations {
				if !yield(op, &b.apis[i].values[j]) {
					return
				}
			}
		}
	}
}
