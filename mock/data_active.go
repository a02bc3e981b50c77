package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// keptActive is the file below Options.Data that says which of the kept scenarios are
// active for everybody.
const keptActive = "active.json"

// maxKeptActive bounds that file, in bytes: more than MaxAdded activations take.
const maxKeptActive = 16 << 20

// keptActivation is an activation in the file. The oldest is the first.
type keptActivation struct {
	Scenario string     `json:"scenario"`
	By       string     `json:"by,omitempty"`
	Since    time.Time  `json:"since"`
	Until    *time.Time `json:"until,omitempty"`
}

// keepActive writes which of the kept scenarios are active for everybody, so that they are
// after the next start. Those that do not fit at present count as they were. order is held.
func (m *Mock) keepActive(ctx context.Context, session string) {
	if m.settings.Data == "" || session != "" {
		return
	}
	list := []keptActivation{}
	add := func(act *state.Activation) {
		kept := keptActivation{Scenario: act.Scenario, By: act.By, Since: act.Since}
		if !act.Until.IsZero() {
			kept.Until = &act.Until
		}
		list = append(list, kept)
	}
	unfit := m.added.unfit()
	for _, one := range unfit {
		if one.active != nil {
			add(one.active)
		}
	}
	slices.SortFunc(list, func(a, b keptActivation) int { return a.Since.Compare(b.Since) })
	active, err := m.store.Activations(ctx, "")
	for _, act := range slices.Backward(active) {
		if m.added.find("", act.Scenario) != nil && unfit[act.Scenario] == nil {
			add(&act)
		}
	}
	if err == nil {
		err = m.writeActive(list)
	}
	if err != nil {
		m.settings.Logger.Error("which scenarios are active cannot be kept", "folder", m.settings.Data, "error", err)
	}
}

// writeActive writes the file where it is another than before; order is held.
func (m *Mock) writeActive(list []keptActivation) error {
	data, err := json.MarshalIndent(list, "", "  ")
	if err != nil || bytes.Equal(data, m.activations.kept) || len(list) == 0 && m.activations.kept == nil {
		return err
	}
	root, err := os.OpenRoot(m.settings.Data)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := m.settings.writeWhole(root, keptActive, data); err != nil {
		return err
	}
	m.activations.kept = data
	return nil
}

// readActive gives what was active of the kept scenarios, the oldest first, without those
// whose time is over. To those that do not fit it is left for the time when they do.
func (m *Mock) readActive() []state.Activation {
	var list []keptActivation
	data, err := m.readActiveFile()
	if err == nil && data != nil {
		err = json.Unmarshal(data, &list)
		m.activations.kept = data
	}
	if err != nil {
		m.settings.Logger.Warn("which scenarios were active cannot be read, and none of the kept ones is", "folder", m.settings.Data, "error", err)
		return nil
	}
	var active []state.Activation
	for _, kept := range list {
		act := state.Activation{Scenario: kept.Scenario, By: kept.By, Since: kept.Since}
		if kept.Until != nil {
			act.Until = *kept.Until
			// Where the clock was set back in between, the time is not longer than it was.
			if latest := time.Now().Add(act.Until.Sub(act.Since)); act.Until.After(latest) {
				act.Until = latest
			}
		}
		one := m.added.find("", act.Scenario)
		switch {
		case one == nil || over(&act):
		case one.unfit != nil:
			one.active = &act
		default:
			active = append(active, act)
		}
	}
	return active
}

// over tells whether the time of an activation has ended.
func over(act *state.Activation) bool {
	return !act.Until.IsZero() && !time.Now().Before(act.Until)
}

// readActiveFile reads the file, nil where there is none.
func (m *Mock) readActiveFile() ([]byte, error) {
	if m.settings.Data == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(m.settings.Data, keptActive))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxKeptActive))
}
