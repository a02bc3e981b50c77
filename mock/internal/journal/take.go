package journal

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Part is what was counted for the verdict of a session, "" for requests without one, since
// it was last taken: names with numbers that are added up where several journals count
// together.
type Part struct {
	Session string
	Counts  map[string]int64
	// Examples are the requests that are noted for each flaw, as JSON; of each name the
	// first MaxExamples count.
	Examples map[string][]string
}

// Names of counts.
const (
	nameRequests  = "requests"
	nameFlaw      = "flaw:"      // with the flaw's name
	nameActivated = "activated:" // with a scenario
	nameUsed      = "used:"      // with the stub, as JSON
)

// flawNames are those of Part; they outlive the process.
var flawNames = [...]string{broke: "broke", keptTo: "kept-to", unmatched: "unmatched", failed: "failed"}

// Take takes what was counted for verdicts since it was last called out of the journal,
// which then does not have it any more: verdicts are given by Sum.
func (j *Journal) Take() []Part {
	t := &j.tallies
	t.collected.Store(true)
	t.mu.Lock()
	parts := t.left
	t.left = nil
	t.mu.Unlock()
	if known := t.shared.Load(); known != nil {
		parts = known.take(parts, sharedSession)
	}
	for id, known := range t.sessions.Range {
		parts = known.(*tally).take(parts, id.(string))
	}
	return parts
}

// take adds what was counted to parts.
func (t *tally) take(parts []Part, session string) []Part {
	if !t.changed.Swap(false) {
		return parts
	}
	p := Part{Session: session, Counts: map[string]int64{}, Examples: map[string][]string{}}
	if n := t.requests.Swap(0); n > 0 {
		p.Counts[nameRequests] = int64(n)
	}
	for key := range t.used.Range {
		t.used.Delete(key)
		text, _ := json.Marshal(key) // a cell, whose parts are texts
		p.Counts[nameUsed+string(text)] = 1
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for f, name := range flawNames {
		if n := t.flaws[f].Swap(0); n > 0 {
			p.Counts[nameFlaw+name] = int64(n)
		}
		for i := range t.examples[f] {
			text, _ := json.Marshal(&t.examples[f][i])
			p.Examples[name] = append(p.Examples[name], string(text))
		}
	}
	t.dropExamplesLocked()
	for _, name := range t.activated {
		p.Counts[nameActivated+name] = 1
	}
	t.activated = nil
	return append(parts, p)
}

// leaveLocked keeps what a session had that is given up where it can be collected.
func (t *tallies) leaveLocked(id string, given *tally) {
	if !t.collected.Load() || len(t.left) >= MaxSessions {
		t.givenUp = true
		return
	}
	t.left = given.take(t.left, id)
}

// Sum gives the verdict over what Take has given of a session, here or elsewhere, added up.
// missing says why that is not all, "" where it is.
func (j *Journal) Sum(all Part, missing string, find func(name string) *scenario.Scenario, opts VerdictOptions) Verdict {
	t := newTally(&j.tallies)
	t.requests.Store(uint64(max(0, all.Counts[nameRequests])))
	for _, name := range slices.Sorted(maps.Keys(all.Counts)) {
		if activated, ok := strings.CutPrefix(name, nameActivated); ok {
			t.activated = append(t.activated, activated)
		}
		if used, ok := strings.CutPrefix(name, nameUsed); ok {
			var key scenario.Cell
			if json.Unmarshal([]byte(used), &key) == nil {
				t.used.Store(key, struct{}{})
			}
		}
	}
	for f, name := range flawNames {
		t.flaws[f].Store(uint64(max(0, all.Counts[nameFlaw+name])))
		for _, text := range all.Examples[name] {
			var e Example
			if json.Unmarshal([]byte(text), &e) == nil && len(t.examples[f]) < MaxExamples {
				t.examples[f] = append(t.examples[f], e)
			}
		}
	}
	if missing == "" && len(all.Counts) == 0 {
		missing = j.tallies.lacks()
	}
	return j.judge(all.Session, t, missing, find, opts)
}
