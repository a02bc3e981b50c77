package coverage

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// Part is what was counted for a session, "" for everybody, since it was last taken: names
// with numbers that are added up where several recorders count together.
type Part struct {
	Session string
	Counts  map[string]int64
}

// Names of counts. Those of an operation follow its key and a colon, and have the index of
// a row, a parameter or an alternative of the security requirements behind them.
const (
	nameOutside  = "outside"
	nameAnswered = "scenario:"

	nameRequests    = "requests"
	nameProblems    = "problems"
	nameFaults      = "faults"
	nameOther       = "other"
	nameConforming  = "conforming "
	nameBroken      = "broken "
	nameValid       = "valid "
	nameInvalid     = "invalid "
	nameLeftOut     = "left-out "
	nameAlternative = "security "
	nameDeparture   = "off " // with the status and the reason
	nameSession     = "by "  // with the row and the session that has reached it
	nameMore        = "more "
)

// keyOf names an operation with its rows, the same in every process. Where the rows are
// others, the key is another one.
func keyOf(op *contract.Operation, l *layout) string {
	text, _ := json.Marshal([]any{op.Contract().Name, op.Method, op.Template, l}) // never fails for texts
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12]) + ":"
}

// Take takes what was counted since it was last called out of the recorder, which then does
// not have it any more. Reports are made of it by Sum.
func (r *Recorder) Take() []Part {
	r.taking.Lock()
	defer r.taking.Unlock()
	everybody := Part{Counts: map[string]int64{}}
	take(&r.outside, everybody.Counts, nameOutside)
	g := r.current.Load()
	for _, known := range g.plans.All() {
		if p := known.Load(); p != nil {
			p.everybody.take(p.key, everybody.Counts)
		}
	}
	for _, sc := range g.scenarios {
		take(&sc.answered, everybody.Counts, nameAnswered+sc.name)
	}
	parts := r.sessions.collect()
	if len(everybody.Counts) > 0 {
		parts = append(parts, everybody)
	}
	return parts
}

// take moves a count.
func take(from *atomic.Uint64, to map[string]int64, name string) {
	if from.Load() > 0 {
		to[name] += int64(from.Swap(0))
	}
}

// collect takes what was counted for all sessions.
func (s *sessions) collect() []Part {
	s.collected.Store(true)
	s.pruning.Lock()
	parts := s.left
	s.left = nil
	s.pruning.Unlock()
	for i := range s.parts {
		p := &s.parts[i]
		changed := map[string]*session{}
		p.mu.RLock()
		for id, known := range p.byID {
			if known.changed.Swap(false) {
				changed[id] = known
			}
		}
		p.mu.RUnlock()
		for id, known := range changed {
			if counts := known.take(); len(counts) > 0 {
				parts = append(parts, Part{id, counts})
			}
		}
	}
	return parts
}

func (s *session) take() map[string]int64 {
	counts := map[string]int64{}
	take(&s.outside, counts, nameOutside)
	for key, known := range s.counts.Range {
		switch of := key.(type) {
		case *plan:
			known.(*counters).take(of.key, counts)
		case *scenarioCount:
			take(known.(*atomic.Uint64), counts, nameAnswered+of.name)
		}
	}
	return counts
}

// take moves the counts of an operation with a key.
func (c *counters) take(key string, to map[string]int64) {
	if !c.changed.Swap(false) {
		return
	}
	take(&c.requests, to, key+nameRequests)
	take(&c.spoke, to, key+nameProblems)
	take(&c.failed, to, key+nameFaults)
	take(&c.otherDepartures, to, key+nameOther)
	for i := range c.cells {
		take(&c.cells[i].conforming, to, key+nameConforming+strconv.Itoa(i))
		take(&c.cells[i].broken, to, key+nameBroken+strconv.Itoa(i))
	}
	for i := range c.parameters {
		p := &c.parameters[i]
		take(&p.valid, to, key+nameValid+strconv.Itoa(i))
		take(&p.invalid, to, key+nameInvalid+strconv.Itoa(i))
		take(&p.absent, to, key+nameLeftOut+strconv.Itoa(i))
	}
	for i := range c.security {
		take(&c.security[i], to, key+nameAlternative+strconv.Itoa(i))
	}
	for _, d := range c.departures.all() {
		take(&d.count, to, key+nameDeparture+strconv.Itoa(d.status)+" "+d.reason)
	}
	for i := range c.reachedBy {
		by, cell := &c.reachedBy[i], strconv.Itoa(i)
		list := by.sessions.all()
		for _, id := range list[by.taken:] {
			to[key+nameSession+cell+" "+id] = 1
		}
		by.taken = len(list)
		if by.more.Load() {
			to[key+nameMore+cell] = 1
		}
	}
}

// Sum makes a report of what Take has given for a session, "" for everybody, here or
// elsewhere, added up. What does not belong to what is served now is left out.
func (r *Recorder) Sum(session string, counts map[string]int64) *Report {
	byKey := map[string]map[string]int64{}
	for name, n := range counts {
		if key, rest, ok := strings.Cut(name, ":"); ok && n > 0 {
			if byKey[key] == nil {
				byKey[key] = map[string]int64{}
			}
			byKey[key][rest] = n
		}
	}
	answered := byKey[strings.TrimSuffix(nameAnswered, ":")]
	return r.report(positive(counts[nameOutside]),
		func(p *plan) *counters {
			c := &counters{}
			c.begin(&p.shape, session == "")
			c.fill(byKey[strings.TrimSuffix(p.key, ":")])
			return c
		},
		func(sc *scenarioCount) *atomic.Uint64 {
			n := new(atomic.Uint64)
			n.Store(positive(answered[sc.name]))
			return n
		})
}

func positive(n int64) uint64 { return uint64(max(0, n)) }

// fill sets the counts that take has given. What is not of the operation is left out.
func (c *counters) fill(counts map[string]int64) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		n := positive(counts[name])
		switch name {
		case nameRequests:
			c.requests.Store(n)
			continue
		case nameProblems:
			c.spoke.Store(n)
			continue
		case nameFaults:
			c.failed.Store(n)
			continue
		case nameOther:
			c.otherDepartures.Add(n)
			continue
		}
		kind, rest, _ := strings.Cut(name, " ")
		number, rest, _ := strings.Cut(rest, " ")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 {
			continue
		}
		c.fillAt(kind+" ", i, rest, n)
	}
}

func (c *counters) fillAt(kind string, i int, text string, n uint64) {
	if kind == nameDeparture {
		if d, ok := c.departures.add(&departure{status: i, reason: text}, maxDepartures, func(*departure) bool { return false }); ok {
			d.count.Store(n)
		} else {
			c.otherDepartures.Add(n)
		}
		return
	}
	var to *atomic.Uint64
	switch isCell, isParameter := i < len(c.cells), i < len(c.parameters); {
	case kind == nameConforming && isCell:
		to = &c.cells[i].conforming
	case kind == nameBroken && isCell:
		to = &c.cells[i].broken
	case kind == nameValid && isParameter:
		to = &c.parameters[i].valid
	case kind == nameInvalid && isParameter:
		to = &c.parameters[i].invalid
	case kind == nameLeftOut && isParameter:
		to = &c.parameters[i].absent
	case kind == nameAlternative && i < len(c.security):
		to = &c.security[i]
	case kind == nameSession && i < len(c.reachedBy):
		c.note(i, text)
		return
	case kind == nameMore && i < len(c.reachedBy):
		c.reachedBy[i].more.Store(true)
		return
	default:
		return
	}
	to.Store(n)
}
