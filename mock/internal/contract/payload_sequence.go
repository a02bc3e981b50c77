package contract

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/sequence"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// sequenceNames call the syntaxes of sequences.
var sequenceNames = map[Syntax]string{JSONLines: "JSON lines", JSONRecords: "a JSON text sequence", EventStream: "an event stream"}

// decodeSequence reads a body of values one after the other. Each is judged by the
// itemSchema, all of them as an array by the schema (OpenAPI 3.2 section 4.14.2).
func (p *payload) decodeSequence(s Syntax, body []byte) (value any, decoded bool, found []exchange.Violation) {
	read := sequence.Lines
	switch s {
	case JSONRecords:
		read = sequence.Records
	case EventStream:
		read = sequence.Events
	}
	items, err := read(body)
	if err != nil {
		v := exchange.Violation{In: exchange.Body, Rule: exchange.RuleDecode, Expected: sequenceNames[s], Got: err.Error(), Fix: "send " + sequenceNames[s]}
		var bad *sequence.ItemError
		if errors.As(err, &bad) {
			reason, pointer, _ := jsonvalue.Reason(bad.Err)
			v.Pointer, v.Got = fmt.Sprintf("/%d%s", bad.Index, pointer), reason
		}
		return nil, false, []exchange.Violation{v}
	}
	found = p.checkItems(items)
	if s == EventStream && p.item != nil {
		found = append(found, p.readEventData(items)...)
	}
	return items, true, found
}

// checkItems gives the violations of a sequence.
func (p *payload) checkItems(items []any) []exchange.Violation {
	var found []exchange.Violation
	if item, err := p.compiledItem(); err == nil && item != nil {
		for i, value := range items {
			if item.Valid(value) {
				continue
			}
			for _, v := range inBody(item.Validate(value)) {
				v.Pointer = fmt.Sprintf("/%d%s", i, v.Pointer)
				if found = append(found, v); len(found) == schema.MaxViolations {
					return found
				}
			}
		}
	}
	if p.itemNode() != p.node {
		found = append(found, p.check(items)...)
	}
	return found
}

// encodeSequence writes the items of an array, or one value that is none.
func encodeSequence(s Syntax, n *source.Node) []byte {
	write := sequence.AppendLine
	switch s {
	case JSONRecords:
		write = sequence.AppendRecord
	case EventStream:
		write = sequence.AppendEvent
	}
	if !n.Is(source.Array) {
		return write(nil, n)
	}
	body := []byte{}
	for _, item := range n.Items() {
		body = write(body, item)
	}
	return body
}
