package engine

import (
	"fmt"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// chance gives the seed of what chance decides for this request, by name. It depends
// on the seed, on the request and on how many came before: requests that are sent
// again in the same order to a mock that was started anew meet the same luck.
func (h *handling) chance(name string) uint64 {
	r := &h.ex.Request
	return hash(h.opts.Seed, strconv.FormatUint(h.ex.Number, 10), h.ex.Session, r.Method, r.Path, r.RawQuery, name)
}

// draw gives the length of a wait, and notes a drawn one in the decision.
func (h *handling) draw(name string, d *scenario.Delay) time.Duration {
	if !d.Drawn() {
		return d.Draw(0)
	}
	wait := d.Draw(h.chance(name))
	h.ex.Decision.Drawn = append(h.ex.Decision.Drawn, fmt.Sprintf("%s %s, %s", name, wait, d))
	return wait
}

// lucky tells whether a stub that matches is to answer this very request, and notes
// what chance has decided. A lost race does not change it.
func (h *handling) lucky(stub *scenario.Stub) bool {
	if stub.Probability >= 1 {
		return true
	}
	// 53 bits are what a float64 holds exactly.
	drawn := float64(dice.New(h.chance("probability of "+stub.Scenario.Name+" "+stub.Name)).Uint64()>>11) / (1 << 53)
	lucky := drawn < stub.Probability
	outcome := "passes"
	if lucky {
		outcome = "answers"
	}
	h.ex.Decision.Drawn = append(h.ex.Decision.Drawn, fmt.Sprintf("probability %v, stub %s %s", stub.Probability, stub.Name, outcome))
	return lucky
}
