package coverage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// MaxFile bounds a report that is read, in bytes.
const MaxFile = 256 << 20

// Read reads a report that was written as JSON. Totals are reckoned anew.
func Read(from io.Reader) (*Report, error) {
	data, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return nil, fmt.Errorf("it is larger than %d bytes", MaxFile)
	}
	r := &Report{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("it is no coverage report: %w; write one with serve --coverage FILE or coverage --format json", err)
	}
	switch {
	case r.Version == 0:
		return nil, errors.New("it is no coverage report: understudyCoverage is missing; write one with serve --coverage FILE or coverage --format json")
	case r.Version != Version:
		return nil, fmt.Errorf("it is a coverage report of version %d, and version %d is read", r.Version, Version)
	}
	r.add()
	return r, nil
}

// Merge adds another report, which stays as it is, to r. APIs are the same where name,
// title and base paths are, and then must describe the same rows: the error says where they do not, and r is then not to
// be used any more.
func (r *Report) Merge(other *Report) error {
	r.Runs += other.Runs
	r.WithoutOperation += other.WithoutOperation
	r.Unchecked = r.Unchecked || other.Unchecked
	r.Incomplete, r.Missing = r.Incomplete || other.Incomplete, cmp.Or(r.Missing, other.Missing)
	apis := indexed(r.APIs, API.key)
	for i := range other.APIs {
		api := &other.APIs[i]
		key := api.key()
		at, known := apis[key]
		if !known {
			apis[key] = len(r.APIs)
			r.APIs = append(r.APIs, api.clone())
			continue
		}
		if err := r.APIs[at].merge(api); err != nil {
			return fmt.Errorf("two versions of the API %s cannot be added up: %w; merge runs with one version of the description", api.Title, err)
		}
	}
	r.Scenarios = addUp(r.Scenarios, other.Scenarios, func(s Scenario) string { return s.Name }, func(s *Scenario, o Scenario) { s.Answered += o.Answered })
	r.add()
	return nil
}

// clone copies an API, so that counts can be added to one of the two.
func (a *API) clone() API {
	c := *a
	c.Operations = slices.Clone(a.Operations)
	for i := range c.Operations {
		op := &c.Operations[i]
		op.Rows, op.Parameters, op.Security, op.OffContract = slices.Clone(op.Rows), slices.Clone(op.Parameters), slices.Clone(op.Security), slices.Clone(op.OffContract)
		for j := range op.Rows {
			op.Rows[j].Sessions = slices.Clone(op.Rows[j].Sessions)
		}
	}
	return c
}

func (a *API) merge(other *API) error {
	if err := same("operation", a.Operations, other.Operations, Operation.key); err != nil {
		return err
	}
	others := indexed(other.Operations, Operation.key)
	for i := range a.Operations {
		op := &a.Operations[i]
		if err := op.merge(&other.Operations[others[op.key()]]); err != nil {
			return fmt.Errorf("%s %s: %w", op.Method, op.Path, err)
		}
	}
	return nil
}

func (op *Operation) merge(other *Operation) error {
	described := func(op *Operation) []Row {
		return slices.DeleteFunc(slices.Clone(op.Rows), func(r Row) bool { return r.Undescribed })
	}
	if err := errors.Join(
		same("row", described(op), described(other), Row.key),
		same("parameter", op.Parameters, other.Parameters, Parameter.key),
		same("security", op.Security, other.Security, Alternative.key),
	); err != nil {
		return err
	}
	op.Requests += other.Requests
	op.Problems += other.Problems
	op.Faults += other.Faults
	op.OtherOffContract += other.OtherOffContract
	op.Rows = addUp(op.Rows, other.Rows, Row.key, (*Row).add)
	op.Parameters = addUp(op.Parameters, other.Parameters, Parameter.key, (*Parameter).add)
	op.Security = addUp(op.Security, other.Security, Alternative.key, func(a *Alternative, b Alternative) { a.Used += b.Used })
	op.OffContract = addUp(op.OffContract, other.OffContract, Departure.key, func(a *Departure, b Departure) { a.Count += b.Count })
	return nil
}

func (a API) key() string        { return fmt.Sprintf("%q %q %q", a.Name, a.Title, a.Bases) }
func (op Operation) key() string { return op.Method + " " + op.Path }
func (r Row) key() string {
	return fmt.Sprintf("request %q, status %s, response %q", r.Request, r.Status, r.Response)
}
func (p Parameter) key() string   { return fmt.Sprintf("%s %q", p.In, p.Name) }
func (a Alternative) key() string { return fmt.Sprintf("%q", a.Schemes) }
func (d Departure) key() string   { return fmt.Sprintf("%d %s", d.Status, d.Reason) }

func (r *Row) add(other Row) {
	r.Reached += other.Reached
	r.Conforming += other.Conforming
	r.MoreSessions = r.MoreSessions || other.MoreSessions
	if len(r.Sessions) > MaxReachedBy { // as no mock writes them
		r.Sessions, r.MoreSessions = r.Sessions[:MaxReachedBy], true
	}
	for _, id := range other.Sessions {
		switch {
		case slices.Contains(r.Sessions, id):
		case len(r.Sessions) < MaxReachedBy:
			r.Sessions = append(r.Sessions, id)
		default:
			r.MoreSessions = true
		}
	}
}

func (p *Parameter) add(other Parameter) {
	p.Valid += other.Valid
	p.Invalid += other.Invalid
	p.LeftOut += other.LeftOut
}

// same gives an error that names what one of two lists has and the other has not.
func same[T any](kind string, a, b []T, key func(T) string) error {
	have := map[string]int{}
	for _, x := range a {
		have[key(x)]++
	}
	for _, x := range b {
		have[key(x)]--
	}
	for _, x := range slices.Concat(a, b) {
		if have[key(x)] != 0 {
			return fmt.Errorf("one has the %s %s and the other has not", kind, key(x))
		}
	}
	return nil
}

// indexed tells where each key of a list stands first.
func indexed[T any](list []T, key func(T) string) map[string]int {
	at := make(map[string]int, len(list))
	for i := range list {
		k := key(list[i])
		if _, known := at[k]; !known {
			at[k] = i
		}
	}
	return at
}

// addUp adds what has the same key in both lists, and puts the rest of b behind.
func addUp[T any](a, b []T, key func(T) string, add func(*T, T)) []T {
	at := indexed(a, key)
	for _, x := range b {
		k := key(x)
		if i, ok := at[k]; ok {
			add(&a[i], x)
			continue
		}
		at[k] = len(a)
		a = append(a, x)
	}
	return a
}
