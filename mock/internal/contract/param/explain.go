package param

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// explain gives all violations of a value that was not accepted: what could not
// be decoded is told once and not again by the schema. There are no more of them
// than a schema would tell.
func (r *reader) explain(value any) []exchange.Violation {
	var judged []exchange.Violation
	if r.d.schema != nil {
		faults := r.faultsByPointer()
		for _, v := range r.d.schema.Validate(value) {
			if !r.covered(v, faults) {
				judged = append(judged, r.d.complete(v))
			}
		}
	}
	all := make([]exchange.Violation, 0, len(r.faults)+len(r.repeats)+len(judged))
	for _, f := range r.faults {
		all = append(all, r.d.complete(f))
	}
	all = append(append(all, r.repeats...), judged...)
	return all[:min(len(all), schema.MaxViolations)]
}

// faultsByPointer keeps the search short where every item of a long list is wrong.
func (r *reader) faultsByPointer() map[string]*exchange.Violation {
	if len(r.faults) == 0 {
		return nil
	}
	faults := make(map[string]*exchange.Violation, len(r.faults))
	for i := range r.faults {
		faults[r.faults[i].Pointer] = &r.faults[i]
	}
	return faults
}

// covered tells whether a fault already speaks of what v complains of: the same
// part, something in it, or a combination of schemas around it. A violation of the
// same part lends its place in the contract to the fault.
func (r *reader) covered(v exchange.Violation, faults map[string]*exchange.Violation) bool {
	if len(faults) == 0 {
		return false
	}
	if f := faults[v.Pointer]; f != nil {
		if f.Rule == "type" && (v.Rule == "type" || f.Contract == nil) {
			f.Contract = v.Contract
		}
		return true
	}
	for at := strings.LastIndexByte(v.Pointer, '/'); at >= 0; at = strings.LastIndexByte(v.Pointer[:at], '/') {
		if faults[v.Pointer[:at]] != nil {
			return true
		}
	}
	if combines(v.Rule) {
		for pointer := range faults {
			if strings.HasPrefix(pointer, v.Pointer+"/") {
				return true
			}
		}
	}
	return false
}

// combines tells whether a keyword judges by other schemas, so that a part that
// could not be decoded may be all it complains of.
func combines(rule string) bool {
	switch rule {
	case "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contains":
		return true
	}
	return false
}
