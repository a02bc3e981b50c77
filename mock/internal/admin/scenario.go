package admin

import (
	"slices"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// scenarioSummary is a scenario as lists tell it.
type scenarioSummary struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Default     bool     `json:"default"`
	StubCount   int      `json:"stubCount"`
	// Origin is "file", "added" for everybody, or "session" for one that the session
	// alone has.
	Origin string `json:"origin"`
	File   string `json:"file"`
	// Active tells whether it is active here: for everybody, or in the session.
	Active bool       `json:"active"`
	By     string     `json:"by,omitempty"`
	Since  *time.Time `json:"since,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
	// Unfit is why an added scenario does not fit what is served, "" where it does. One
	// that does not can be read, replaced and removed, and nothing else.
	Unfit string `json:"unfit,omitempty"`
}

// scenarios lists the scenarios in name order, and the active ones, newest first.
func (h *Handler) scenarios(c *call) (any, error) {
	active, err := h.mock.Active(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	list := []scenarioSummary{}
	for _, sc := range h.mock.Snapshot().Visible(c.session()) {
		list = append(list, h.summarize(c, sc, active))
	}
	for _, u := range h.unfit(c) {
		list = append(list, summarizeUnfit(&u))
	}
	slices.SortStableFunc(list, func(a, b scenarioSummary) int { return strings.Compare(a.Name, b.Name) })
	return struct {
		Scenarios []scenarioSummary `json:"scenarios"`
		Active    []Activation      `json:"active"`
	}{list, some(active)}, nil
}

func (h *Handler) summarize(c *call, sc *scenario.Scenario, active []Activation) scenarioSummary {
	s := scenarioSummary{Name: sc.Name, Description: sc.Description, Tags: sc.Tags, Default: sc.Default, StubCount: sc.Len(), Origin: h.origin(c, sc.Name), File: sc.File.Name}
	if i := slices.IndexFunc(active, func(a Activation) bool { return a.Scenario == sc.Name }); i >= 0 {
		s.Active, s.By, s.Since, s.Until = true, active[i].By, active[i].Since, active[i].Until
	}
	return s
}

// unfit lists the added scenarios that do not fit what is served, where they are to be
// told: no session has them.
func (h *Handler) unfit(c *call) []Unfit {
	if c.session() != "" {
		return nil
	}
	return h.mock.Unfit()
}

func summarizeUnfit(u *Unfit) scenarioSummary {
	return scenarioSummary{Name: u.Scenario, Origin: "added", File: u.File.Name, Unfit: u.Text}
}

func (h *Handler) origin(c *call, name string) string {
	switch {
	case c.session() != "" && h.mock.Added(c.session(), name):
		return "session"
	case h.mock.Added("", name):
		return "added"
	}
	return "file"
}

// stub is one stub of a scenario as it is told.
type stub struct {
	Name      string   `json:"name"`
	Operation string   `json:"operation"`
	Statuses  []string `json:"statuses"`
	Line      int      `json:"line"`
	Priority  int      `json:"priority,omitempty"`
	Steps     int      `json:"steps,omitempty"`
	AtEnd     string   `json:"atEnd,omitempty"`
}

// machine is a state machine of a scenario as it is told.
type machine struct {
	Name        string       `json:"name"`
	Values      []string     `json:"values"`
	Keyed       bool         `json:"keyed"`
	Transitions []transition `json:"transitions"`
}

// transition is a change of a state machine that a stub makes.
type transition struct {
	// From is absent where the stub answers at any value.
	From      string `json:"from,omitempty"`
	To        string `json:"to"`
	Operation string `json:"operation"`
	Stub      string `json:"stub"`
}

// toldScenario is everything about one scenario.
type toldScenario struct {
	scenarioSummary
	Text     string    `json:"text"`
	Stubs    []stub    `json:"stubs"`
	Machines []machine `json:"states"`
}

// scenario tells everything about one scenario.
func (h *Handler) scenario(c *call) (any, error) {
	active, err := h.mock.Active(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	told := toldScenario{Stubs: []stub{}, Machines: []machine{}}
	sc, err := h.find(c)
	if err != nil {
		for _, u := range h.unfit(c) {
			if u.Scenario == c.vars["name"] {
				told.scenarioSummary, told.Text = summarizeUnfit(&u), string(u.File.Data)
				return told, nil
			}
		}
		return nil, err
	}
	told.scenarioSummary, told.Text = h.summarize(c, sc, active), string(sc.File.Data)
	for _, e := range sc.Entries() {
		told.Stubs = append(told.Stubs, stub{e.Name, e.Operation, e.Statuses, e.At.Position().Line, e.Priority, e.Steps, e.AtEnd})
	}
	for _, m := range sc.Machines() {
		moves := []transition{}
		for _, t := range sc.Transitions(m.Name) {
			moves = append(moves, transition(t))
		}
		told.Machines = append(told.Machines, machine{m.Name, m.Values, m.Keyed, moves})
	}
	return told, nil
}

// find gives the scenario that the path names.
func (h *Handler) find(c *call) (*scenario.Scenario, error) {
	snapshot := h.mock.Snapshot()
	name := c.vars["name"]
	if sc := snapshot.Find(c.session(), name); sc != nil {
		return sc, nil
	}
	return nil, engine.UnknownScenario(name, snapshot.Names(c.session()))
}

// activate puts the scenario of the path on top.
func (h *Handler) activate(c *call) (any, error) {
	var how struct {
		For *duration `json:"for"`
	}
	if err := c.read(&how); err != nil {
		return nil, err
	}
	return h.activateAll(c, []string{c.vars["name"]}, how.For)
}

// activateSeveral puts the scenarios of the body on top, the last on top of all.
func (h *Handler) activateSeveral(c *call) (any, error) {
	var which struct {
		Scenarios []string  `json:"scenarios"`
		For       *duration `json:"for"`
	}
	if err := c.read(&which); err != nil {
		return nil, err
	}
	if len(which.Scenarios) == 0 {
		return nil, invalid("Name at least one scenario under scenarios.")
	}
	return h.activateAll(c, which.Scenarios, which.For)
}

func (h *Handler) activateAll(c *call, names []string, d *duration) (any, error) {
	if d != nil && *d <= 0 {
		return nil, invalid("A scenario cannot be active for %s.", time.Duration(*d))
	}
	var limit time.Duration
	if d != nil {
		limit = time.Duration(*d)
	}
	if err := h.mock.Activate(c.Context(), c.session(), names, limit); err != nil {
		return nil, err
	}
	return h.active(c)
}

// deactivate takes out the scenario of the path.
func (h *Handler) deactivate(c *call) (any, error) {
	return h.deactivateAll(c, []string{c.vars["name"]})
}

// deactivateSeveral takes out the scenarios of the body.
func (h *Handler) deactivateSeveral(c *call) (any, error) {
	var which struct {
		Scenarios []string `json:"scenarios"`
	}
	if err := c.read(&which); err != nil {
		return nil, err
	}
	if len(which.Scenarios) == 0 {
		return nil, invalid("Name at least one scenario under scenarios.")
	}
	return h.deactivateAll(c, which.Scenarios)
}

func (h *Handler) deactivateAll(c *call, names []string) (any, error) {
	if err := h.mock.Deactivate(c.Context(), c.session(), names); err != nil {
		return nil, err
	}
	return h.active(c)
}

// active lists the active scenarios, newest first.
func (h *Handler) active(c *call) (any, error) {
	active, err := h.mock.Active(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	return struct {
		Active []Activation `json:"active"`
	}{some(active)}, nil
}

func (h *Handler) reset(c *call) (any, error) {
	if err := h.mock.Reset(c.Context(), c.session()); err != nil {
		return nil, err
	}
	return struct{}{}, nil // as WireMock answers
}
