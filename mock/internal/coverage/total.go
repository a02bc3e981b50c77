package coverage

import (
	"fmt"
	"math"
	"slices"
)

// Totals says how much was covered of each kind of thing that the contracts describe.
type Totals struct {
	// Operations is reached by any request.
	Operations Share `json:"operations"`
	// Statuses counts each described status of each operation.
	Statuses Share `json:"statuses"`
	// MediaTypes counts those of each request body and those of each status.
	MediaTypes Share `json:"mediaTypes"`
	// Parameters is reached by a value and conforming by a valid one.
	Parameters Share `json:"parameters"`
	// Security counts the alternatives of security requirements.
	Security Share `json:"security"`
	// Rows counts the combinations.
	Rows Share `json:"rows"`
}

// Share is how much of one kind was covered.
type Share struct {
	Total      int `json:"total"`
	Reached    int `json:"reached"`
	Conforming int `json:"conforming"`
	// Percent is what share of the total conforms, cut to one decimal; 100 where the
	// total is 0.
	Percent float64 `json:"percent"`
}

func (s *Share) add(reached, conforming bool) {
	s.Total++
	if reached {
		s.Reached++
	}
	if conforming {
		s.Conforming++
	}
}

func (s *Share) finish() {
	s.Percent = 100
	if s.Total > 0 {
		s.Percent = math.Floor(float64(s.Conforming)*1000/float64(s.Total)) / 10
	}
}

// Kinds names the totals in the order in which they are told.
func (t *Totals) Kinds() []Kind {
	return []Kind{{"operations", t.Operations}, {"statuses", t.Statuses}, {"media types", t.MediaTypes}, {"parameters", t.Parameters}, {"security", t.Security}, {"rows", t.Rows}}
}

// Kind is a total with its name in the plural.
type Kind struct {
	Name string
	Share
}

// add reckons the totals and the number of requests.
func (r *Report) add() {
	r.Totals, r.Requests = Totals{}, r.WithoutOperation
	t := &r.Totals
	for i := range r.APIs {
		for j := range r.APIs[i].Operations {
			op := &r.APIs[i].Operations[j]
			r.Requests += op.Requests
			t.operation(op)
		}
	}
	for _, s := range []*Share{&t.Operations, &t.Statuses, &t.MediaTypes, &t.Parameters, &t.Security, &t.Rows} {
		s.finish()
	}
}

func (t *Totals) operation(op *Operation) {
	conforming := false
	for _, s := range op.Statuses() {
		t.Statuses.add(s.Reached > 0, s.Conforming > 0)
		conforming = conforming || s.Conforming > 0
	}
	t.Operations.add(op.Requests > 0, conforming) // a fault reaches an operation, and no status
	requests, responses := op.MediaTypes()
	for _, m := range append(requests, responses...) {
		t.MediaTypes.add(m.Reached > 0, m.Conforming > 0)
	}
	for _, p := range op.Parameters {
		t.Parameters.add(p.Valid+p.Invalid > 0, p.Valid > 0)
	}
	for _, a := range op.Security {
		t.Security.add(a.Used > 0, a.Used > 0)
	}
	for i := range op.Rows {
		if !op.Rows[i].Undescribed {
			t.Rows.add(op.Rows[i].Reached > 0, op.Rows[i].Conforming > 0)
		}
	}
}

// Sum adds up the rows of a status or a media type.
type Sum struct {
	// Status is "" for the media type of a request.
	Status string
	// MediaType is "" for a status.
	MediaType           string
	Reached, Conforming uint64
}

// Statuses adds the rows of each status up, in the order of the contract.
func (op *Operation) Statuses() []Sum {
	var all sums
	for i := range op.Rows {
		all.add(Sum{Status: op.Rows[i].Status}, &op.Rows[i])
	}
	return all.list
}

// MediaTypes adds the rows of each described media type up: those of the request body,
// and those of each status.
func (op *Operation) MediaTypes() (requests, responses []Sum) {
	var in, out sums
	for i := range op.Rows {
		row := &op.Rows[i]
		if row.Request != "" && row.Request != anyRequest {
			in.add(Sum{MediaType: row.Request}, row)
		}
		if row.Response != "" {
			out.add(Sum{Status: row.Status, MediaType: row.Response}, row)
		}
	}
	return in.list, out.list
}

// sums adds rows up, in the order in which their keys first occur.
type sums struct {
	list []Sum
	at   map[Sum]int
}

// add adds a row to the sum of a key, which has no counts.
func (s *sums) add(key Sum, row *Row) {
	i, known := s.at[key]
	if !known {
		if s.at == nil {
			s.at = map[Sum]int{}
		}
		i = len(s.list)
		s.at[key], s.list = i, append(s.list, key)
	}
	s.list[i].Reached += row.Reached
	s.list[i].Conforming += row.Conforming
}

// Minimums are the percentages that must conform. Of each kind the zero value asks for
// nothing.
type Minimums struct{ Operations, Statuses, MediaTypes, Parameters float64 }

// Shortfall is a kind of which a share is wanted, and perhaps not covered.
type Shortfall struct {
	Kind
	Want float64
}

// String says it in a line.
func (s Shortfall) String() string {
	return fmt.Sprintf("%s: %d of %d conform, %.1f %%, and %g %% are wanted", s.Name, s.Conforming, s.Total, s.Percent, s.Want)
}

// Wanted lists the kinds of which a share is wanted.
func (t *Totals) Wanted(min Minimums) []Shortfall {
	var list []Shortfall
	for i, want := range []float64{min.Operations, min.Statuses, min.MediaTypes, min.Parameters} {
		if want > 0 {
			list = append(list, Shortfall{t.Kinds()[i], want})
		}
	}
	return list
}

// Below lists the kinds that fall short.
func (t *Totals) Below(min Minimums) []Shortfall {
	return slices.DeleteFunc(t.Wanted(min), func(s Shortfall) bool {
		return float64(s.Conforming)*100 >= s.Want*float64(s.Total)
	})
}
