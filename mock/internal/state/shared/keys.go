package shared

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// tag begins all keys of a session. What is in braces puts them in one slot of a cluster.
// The values of requests without a session stand beside what is active for everybody, so
// that one script changes both.
func (r *Store) tag(id string) string {
	if id == "" {
		return r.shared("")
	}
	return "{" + r.address.prefix + ":" + id + "}:"
}

// sessionKeys are the keys of a session, in the order in which scripts take them.
func (r *Store) sessionKeys(id string) []string {
	tag := r.tag(id)
	return []string{tag + "session", tag + "cells", tag + "added"}
}

// cellsKey is where a session's values are.
func (r *Store) cellsKey(id string) string { return r.sessionKeys(id)[1] }

// shared is a key that belongs to no session.
func (r *Store) shared(name string) string { return "{" + r.address.prefix + "}:" + name }

// globalKeys are what is active for everybody, in the place of a session's keys, with the
// values of requests without a session.
func (r *Store) globalKeys() []string {
	return []string{r.shared("global"), r.cellsKey(""), r.shared("added")}
}

// countKeys are a session, "" for everybody, and where its counts are.
func (r *Store) countKeys(id string, kind Kind) []string {
	if id == "" {
		return []string{r.shared("global"), r.shared(string(kind))}
	}
	return []string{r.tag(id) + "session", r.tag(id) + string(kind)}
}

// mustExist is what scripts are told of whether what is changed must exist: a session must.
func mustExist(id string) string {
	if id == "" {
		return "0"
	}
	return "1"
}

// replicaKeys are what the replicas tell of themselves, and what is known of those that
// were lost.
func (r *Store) replicaKeys() []string { return []string{r.shared("replicas"), r.shared("lost")} }

func (r *Store) channel() string { return r.shared("changes") }

// encodeCell writes a cell as the name of a field. It begins with the scenario, by which
// scripts find all cells of one.
func encodeCell(c state.Cell) string {
	b := make([]byte, 0, 16+len(c.Scenario)+len(c.State)+len(c.Revision)+len(c.Key))
	for _, part := range []string{c.Scenario, c.State, c.Revision} {
		b = strconv.AppendInt(b, int64(len(part)), 10)
		b = append(append(append(b, ':'), part...), ',')
	}
	return string(append(b, c.Key...))
}

// decodeCell gives false for a field that encodeCell has not written.
func decodeCell(field string) (c state.Cell, ok bool) {
	for _, part := range []*string{&c.Scenario, &c.State, &c.Revision} {
		length, rest, found := strings.Cut(field, ":")
		n, err := strconv.Atoi(length)
		if !found || err != nil || n < 0 || n >= len(rest) || rest[n] != ',' {
			return c, false
		}
		*part, field = rest[:n], rest[n+1:]
	}
	c.Key = field
	return c, true
}

func encodeValue(v state.Value) string { return strconv.Itoa(v.Count) + ":" + v.Text }

// decodeValue gives the zero Value for a text that encodeValue has not written.
func decodeValue(text string) state.Value {
	count, rest, _ := strings.Cut(text, ":")
	n, _ := strconv.Atoi(count)
	return state.Value{Count: n, Text: rest}
}

// stored is an Activation as it is kept, with times in milliseconds.
type stored struct {
	Name  string `json:"n"`
	By    string `json:"b"`
	Since int64  `json:"s"`
	Until int64  `json:"u,omitempty"`
}

func encodeActivations(list []state.Activation) string {
	kept := make([]stored, len(list))
	for i, a := range list {
		kept[i] = stored{Name: a.Scenario, By: a.By, Since: a.Since.UnixMilli()}
		if !a.Until.IsZero() {
			kept[i].Until = a.Until.UnixMilli()
		}
	}
	return encode(kept)
}

// decodeActives reads what is active with its version.
func decodeActives(version, text string) (*state.Actives, error) {
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return nil, err
	}
	var kept []stored
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, err
	}
	list := make([]state.Activation, len(kept))
	for i, k := range kept {
		list[i] = state.Activation{Scenario: k.Name, By: k.By, Since: time.UnixMilli(k.Since)}
		if k.Until != 0 {
			list[i].Until = time.UnixMilli(k.Until)
		}
	}
	return state.NewActives(list, v), nil
}

func encode(v any) string {
	text, _ := json.Marshal(v) // never fails for lists of texts
	return string(text)
}

// names are encoded as a list also where there are none.
func encodeNames(names []string) string { return encode(append([]string{}, names...)) }

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
